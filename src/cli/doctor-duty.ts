import { join } from 'node:path';
import type { DutyFiles } from '../config/config.js';
import type { LiveOverride } from '../client.js';
import type { CalendarReading } from '../duty/calendar/calendar-layers.js';
import { problemsOfLive, usesHolidays } from '../duty/check-schedule.js';
import { gapsOf } from '../duty/gaps.js';
import { onDuty } from '../duty/on-duty.js';
import { countingNow } from '../duty/overrides.js';
import { DAY, dayOf, type Override, type Schedule } from '../duty/schedule.js';
import { describeMoment, describeSpan } from '../duty/show/describe-turn.js';
import { schedulesOf } from '../people/directory.js';
import type { People } from '../people/read-people.js';
import { suggestion } from '../yaml-file/did-you-mean.js';
import { type Check, type Finding, note, right } from './doctor-finding.js';
import { ExitCode } from './exit-code.js';
import { readPeopleFile, readPolicyFile } from './file-problems.js';
import { overridesNow } from './schedule-override-actions.js';
import { type NamedScheduleReading, readSchedulesIn, yamlFilesIn } from './schedule-files.js';

const GAP_WITHIN_MS = 7 * DAY;
const HOLIDAYS_WITHIN_MS = 60 * DAY;

/**
 * Who is on duty now, and what will keep somebody from being called: files that cannot be read, gaps, holidays that end.
 *
 * @param now Milliseconds since 1970.
 * @param overridesOf Those that are not in the files, by the names of their schedules.
 */
export async function lookAtDuty(
  { policies, people: peopleFile, schedules: folder }: DutyFiles,
  now: number,
  overridesOf = overridesNow,
): Promise<Finding[]> {
  const { people, findings } = lookAtPeople(peopleFile);
  const schedules = await readSchedulesIn(folder, peopleFile === null ? undefined : people);
  if (schedules === null) findings.push(note('duty', `There are no schedules: there is no folder ${folder}.`));
  const known = (schedules ?? []).map(({ name }) => name);
  const taken = known.length === 0 ? null : await overridesOf(known);
  const lookAt = (one: NamedScheduleReading) => lookAtSchedule(one, taken?.get(one.name) ?? [], people, now);
  findings.push(...(schedules ?? []).flatMap(lookAt));
  return [...findings, ...lookForUnknownSchedules(policies, known, folder)];
}

function lookAtPeople(file: string | null): { readonly people: People; readonly findings: Finding[] } {
  if (file === null) return { people: new Map(), findings: [] };
  const { people, described } = readPeopleFile(file);
  const findings =
    people === undefined
      ? [wrong('people', [`The file of people ${file} cannot be used:`, ...described].join('\n'))]
      : [right('people', people.size === 1 ? `1 person is in ${file}.` : `${people.size} people are in ${file}.`)];
  return { people: people ?? new Map(), findings };
}

function lookAtSchedule(
  { name, file, reading, described }: NamedScheduleReading,
  live: readonly LiveOverride[],
  people: People,
  now: number,
): Finding[] {
  if (reading === undefined) {
    return [wrong('duty', [`The schedule ${file} cannot be used:`, ...described].join('\n'))];
  }
  const { schedule, unread } = reading;
  const overrides = countingNow(live);
  const findings = [whoIsOnDuty(name, schedule, overrides, people, now)];
  const [gap] = gapsOf(schedule, overrides, now, now + GAP_WITHIN_MS);
  if (gap !== undefined) {
    const span = describeSpan(gap.from, gap.to, schedule.timeZone);
    const message = `${name}: nobody is on duty ${span} (${schedule.timeZone}). Fill the gap, or say when somebody is required: ${file}`;
    findings.push(wrong('duty', message));
  }
  const known = people.size === 0 ? {} : { people: new Set(people.keys()) };
  for (const { message } of problemsOfLive(schedule, live, { now, ...known })) {
    findings.push(wrong('duty', `${name}: ${message}`));
  }
  for (const { calendar, why } of unread) {
    const message = `${name}: the calendar ${calendar} cannot be read, and no day of it counts as a holiday: ${why}`;
    findings.push(wrong('duty', message));
  }
  findings.push(...reading.calendars.flatMap((calendar) => lookAtCalendar(name, calendar)));
  const { holidaysKnownUntil: until } = schedule;
  if (
    until !== null &&
    unread.length === 0 &&
    usesHolidays(schedule) &&
    (dayOf(until) + 1) * DAY < now + HOLIDAYS_WITHIN_MS
  ) {
    // prettier-ignore
    findings.push(note('duty', `${name}: holidays are known until ${until}; after it no day is one.`));
  }
  return findings;
}

/** Each process fetches a calendar of an address for itself, and keeps what it fetched last. */
function lookAtCalendar(name: string, { layer, source, why, problems, unknown }: CalendarReading): Finding[] {
  const calendar = `${name}: the calendar of the layer ${layer}`;
  if (why !== null) {
    const copy =
      source.kind === 'address'
        ? 'Workers and gateways that have fetched it before use that copy (its age: the metric pigeonflow_schedule_calendar_age_seconds); those that start now have none.'
        : 'Workers and gateways that have read it before use what they read then; those that start now have nothing.';
    return [wrong('duty', `${calendar} cannot be used: ${why}. ${copy}`)];
  }
  const bad = problems.length + unknown.length;
  const events = `${bad === 1 ? '1 event of it calls' : `${bad} events of it call`} nobody: pigeonflow schedule check ${name}`;
  const found = source.kind === 'address' ? `${calendar} was fetched now` : `${calendar} was read`;
  if (bad > 0) return [note('duty', `${found}; ${events}`)];
  return [right('duty', `${found}.`)];
}

function whoIsOnDuty(
  name: string,
  schedule: Schedule,
  overrides: readonly Override[],
  people: People,
  now: number,
): Finding {
  const { timeZone } = schedule;
  const { people: handles, layer, override, to } = onDuty(schedule, overrides, now);
  const until = `until ${describeMoment(to, timeZone)} (${timeZone})`;
  // Where somebody is required then it is a gap, which has a line of its own.
  if (handles.length === 0) return note('duty', `${name}: nobody is on duty now, ${until}.`);
  const who = handles.map((handle) => people.get(handle)?.name ?? handle).join(', ');
  const by = override === null ? `the layer ${layer}` : override.note === null ? 'an override' : `the override ${override.note}`; // prettier-ignore
  return right('duty', `${name}: ${who} on duty ${until}, by ${by}.`);
}

/** Of policies that cannot be read `policy check` says why. */
function lookForUnknownSchedules(folder: string, schedules: readonly string[], schedulesFolder: string): Finding[] {
  const namedBy = new Map<string, string[]>();
  for (const file of yamlFilesIn(folder) ?? []) {
    const { policy } = readPolicyFile(join(folder, `${file}.yaml`), { people: 'unknown' });
    for (const schedule of policy === undefined ? [] : schedulesOf(policy)) {
      namedBy.set(schedule, [...(namedBy.get(schedule) ?? []), file]);
    }
  }
  return [...namedBy].flatMap(([schedule, by]) => {
    if (schedules.includes(schedule)) return [];
    const who = by.length === 1 ? `The policy ${by.join()} names` : `The policies ${by.join(', ')} name`;
    const instead = suggestion(schedule, schedules, 'schedules');
    return [wrong('duty', `${who} the schedule "${schedule}", which is not in ${schedulesFolder}${instead}`)];
  });
}

const wrong = (check: Check, message: string): Finding => ({ check, ok: false, message, exitCode: ExitCode.usage });

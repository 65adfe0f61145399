import { Command, InvalidArgumentError, Option } from 'commander';
import type { LiveOverride } from '../client.js';
import { readPeoplePath, readReading } from '../config/config.js';
import { type Duty, onDuty, stretches, whoFollows, type Stretch } from '../duty/on-duty.js';
import { countingNow } from '../duty/overrides.js';
import { DAY, type Override, type Schedule } from '../duty/schedule.js';
import { differences } from '../duty/show/differences.js';
import { icsOf } from '../duty/show/ics.js';
import { monthPage } from '../duty/show/month.js';
import {
  momentInWords,
  type Names,
  reasonInWords,
  spanInWords,
  turnAndReason,
  turnInWords,
} from '../duty/show/describe-turn.js';
import { toInstant, toLocal } from '../duty/zone.js';
import { speak, words } from '../words/words.js';
import { inColumns } from '../yaml-file/display-width.js';
import { duration } from './call-flags.js';
import { ExitCode } from './exit-code.js';
import { countProblems, peopleOf, printProblems } from './file-problems.js';
import { drillCommand } from './schedule-drill.js';
import {
  checkScheduleFiles,
  fetchCalendars,
  isName,
  usableSchedule,
  type ScheduleFileReading,
} from './schedule-files.js';
import type { ShiftsFlags } from './schedule-shifts.js';
import { overrideCommands } from './schedule-override.js';

const NAMED = 'a file (YAML), or the name of a schedule in the folder PIGEONFLOW_SCHEDULES (schedules)';
const JSON_FLAG = ['--json', 'print the result as JSON'] as const;

export function scheduleCommand(): Command {
  const schedule = new Command('schedule')
    .hook('preAction', async (_, { args }) => {
      speak(readReading(process.env));
      await fetchCalendars(args);
    })
    .addCommand(checkCommand())
    .addCommand(showCommand())
    .addCommand(whoCommand())
    .addCommand(nextCommand())
    .addCommand(shiftsCommand())
    .addCommand(diffCommand())
    .addCommand(drillCommand());
  for (const command of overrideCommands()) schedule.addCommand(command);
  return schedule;
}

const PLANNED_FLAG = ['--planned', 'as the file has it: Temporal is not asked who has taken over'] as const;

/** A schedule that is named, and not a file that may be a draft, with the overrides that are made while it is in use. */
async function schedulesNow(
  named: readonly string[],
  planned: true | undefined,
  around: number,
): Promise<readonly { readonly schedule: Schedule; readonly overrides: readonly Override[] }[]> {
  const schedules = named.map((one) => usableSchedule(one, around));
  const live = await liveOverrides(named, planned);
  return schedules.map((schedule, index) => ({
    schedule,
    overrides: countingNow(live.get(named[index] ?? '') ?? []),
  }));
}

async function liveOverrides(
  named: readonly string[],
  planned: true | undefined,
): Promise<ReadonlyMap<string, readonly LiveOverride[]>> {
  const names = planned ? [] : named.filter(isName);
  return names.length === 0 ? new Map() : await (await import('./schedule-override-actions.js')).overridesNow(names);
}

/** Of the file of people, where one is set. */
function namesHere(): Names {
  const file = readPeoplePath(process.env);
  return new Map([...peopleOf(file ?? undefined)].map(([handle, { name }]) => [handle, name]));
}

const atOption = (): Option =>
  new Option('--at <time>', 'as at this time, such as 2026-12-01T22:00:00+09:00 (now)').argParser(readMoment);

function readMoment(written: string): number {
  if (/T.*(?:Z|[+-]\d\d:\d\d)$/i.test(written) && !Number.isNaN(Date.parse(written))) return Date.parse(written);
  throw new InvalidArgumentError('Write it with its zone: 2026-12-01T22:00:00+09:00.');
}

function readWhole(written: string): number {
  if (/^[1-9]\d{0,3}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('It is a whole number from 1 on.');
}

function checkCommand(): Command {
  return new Command('check')
    .description('say what is wrong with schedules in the next 13 months, where, and what to do about it')
    .argument('<schedule...>', NAMED)
    .option('--people <file>', 'check too that everybody is in this file of people')
    .addOption(atOption())
    .option('--planned', 'the file alone: Temporal is not asked who has taken over')
    .option(...JSON_FLAG)
    .addHelpText('after', '\nEnds with 0 when there are no errors (warnings may stay), else with 2.')
    .action(async (named: readonly string[], { people, at = Date.now(), planned, json }: CheckFlags) => {
      const live = await liveOverrides(named, planned);
      const readings = checkScheduleFiles(named, people === undefined ? undefined : peopleOf(people), at, live);
      const counts = countProblems(readings);
      if (json) console.log(JSON.stringify({ ...counts, files: readings.map(asJson) }, null, 2));
      else printProblems(readings);
      if (counts.errors > 0) process.exitCode = ExitCode.usage;
    });
}

type NowFlags = Omit<CheckFlags, 'people'>;

interface CheckFlags {
  readonly people?: string;
  readonly planned?: true;
  readonly at?: number;
  readonly json?: true;
}

function asJson({ file, reading, problems }: ScheduleFileReading): object {
  return {
    file,
    ok: !problems.some(({ severity }) => severity === 'error'),
    ...(reading !== undefined && { name: reading.schedule.name }),
    problems,
  };
}

function showCommand(): Command {
  return new Command('show')
    .description('show a month of a schedule: each shift as text, a calendar, or a file for other calendars')
    .argument('<schedule>', NAMED)
    .addOption(
      new Option('--month <month>', 'such as 2026-12 (this month)').argParser((written: string) => {
        if (/^20\d\d-(?:0[1-9]|1[0-2])$/.test(written)) return written;
        throw new InvalidArgumentError('Write year and month: 2026-12.');
      }),
    )
    .option('--html', 'a page with the calendar, one row a layer, for the browser and for printing')
    .addOption(new Option('--ics', 'iCalendar, 12 months from the month on').conflicts(['html', 'json']))
    .option('--person <handle>', 'with --ics: only the shifts of this person')
    .option(...PLANNED_FLAG)
    .addOption(new Option(...JSON_FLAG).conflicts('html'))
    .action(async (named: string, { month, html, ics, person, planned, json }: ShowFlags) => {
      const [now] = await schedulesNow(
        [named],
        planned,
        month === undefined ? Date.now() : Date.parse(`${month}-01T00:00Z`),
      );
      if (now === undefined) return;
      const { schedule, overrides } = now;
      const { timeZone } = schedule;
      const shown = month ?? new Date(toLocal(Date.now(), timeZone)).toISOString().slice(0, 7);
      const from = toInstant(Date.parse(`${shown}-01T00:00Z`), timeZone);
      const names = namesHere();
      if (html) return console.log(monthPage(schedule, overrides, shown, names));
      if (ics) {
        const span = { from, to: from + 366 * DAY, person: person ?? null, now: Date.now(), names };
        // Its last line ends as the others.
        return console.log(icsOf(schedule, overrides, span).replace(/\n$/, ''));
      }
      const next = new Date(Date.parse(`${shown}-01T00:00Z`) + 32 * DAY).toISOString().slice(0, 7);
      const found = [...stretches(schedule, overrides, from, toInstant(Date.parse(`${next}-01T00:00Z`), timeZone))];
      console.log(json ? JSON.stringify(found.map(plain), null, 2) : tableOf(found, timeZone, names));
    });
}

interface ShowFlags {
  readonly month?: string;
  readonly html?: true;
  readonly ics?: true;
  readonly person?: string;
  readonly planned?: true;
  readonly json?: true;
}

function whoCommand(): Command {
  return new Command('who')
    .description('say who is on duty, by which layer, until when, and who is next')
    .argument('<schedule...>', NAMED)
    .addOption(atOption())
    .option(...PLANNED_FLAG)
    .option(...JSON_FLAG)
    .action(async (named: readonly string[], { at = Date.now(), planned, json }: NowFlags) => {
      const found = (await schedulesNow(named, planned, at)).map(({ schedule, overrides }) => ({
        schedule,
        duty: onDuty(schedule, overrides, at),
      }));
      if (json) {
        const all = found.map(({ schedule, duty }) => ({
          schedule: schedule.name,
          ...plain(duty),
          next: duty.next === null ? null : { people: duty.next.people, from: moment(duty.next.from) },
        }));
        return console.log(JSON.stringify(all, null, 2));
      }
      const { schedule: said } = words();
      const names = namesHere();
      for (const { schedule, duty } of found) {
        const { timeZone, name } = schedule;
        const who = turnAndReason(turnInWords(duty.people, names), reasonInWords(duty));
        console.log(said.line(name, who));
        console.log(`  ${said.when(spanInWords(duty.from, duty.to, timeZone), timeZone)}`);
        if (duty.next === null) continue;
        const { people, from } = duty.next;
        console.log(`  ${said.next(turnInWords(people, names), momentInWords(from, timeZone))}`);
      }
    });
}

function nextCommand(): Command {
  return new Command('next')
    .description('say who follows, one after the other: each time those who were not on duty before')
    .argument('<schedule>', NAMED)
    .addOption(new Option('--count <n>', 'how many').argParser(readWhole).default(5))
    .addOption(atOption())
    .option(...PLANNED_FLAG)
    .option(...JSON_FLAG)
    .action(async (named: string, { count, at = Date.now(), planned, json }: NowFlags & { readonly count: number }) => {
      const [now] = await schedulesNow([named], planned, at);
      if (now === undefined) return;
      const { schedule, overrides } = now;
      const found: NonNullable<Duty['next']>[] = [];
      for (const next of whoFollows(schedule, overrides, at)) if (found.push(next) === count) break;
      if (json)
        return console.log(
          JSON.stringify(
            found.map(({ people, from }) => ({ people, from: moment(from) })),
            null,
            2,
          ),
        );
      const names = namesHere();
      const rows = found.map(({ people, from }) => [
        momentInWords(from, schedule.timeZone),
        turnInWords(people, names),
      ]);
      console.log(rows.length === 0 ? words().schedule.nobodyElse : inColumns(rows).join('\n'));
    });
}

function shiftsCommand(): Command {
  return new Command('shifts')
    .description('say whose shift starts soon, and what was asked of those whose shift has just ended')
    .argument('<schedule>', NAMED)
    .option('--person <handle>', 'only the shifts of this person')
    .option('--within <duration>', 'those that start within 1h, 2d', duration, '24h')
    .option('--since <duration>', 'those that have ended within the last 1h, 7d', duration, '24h')
    .addOption(atOption())
    .option('--query <filter>', 'count only incidents that match this list filter of Temporal')
    .option('--json', 'print events as JSON, for what carries them to people')
    .addHelpText('after', SHIFTS_HELP)
    .action(async (named: string, flags: ShiftsFlags) => {
      process.exitCode = await (await import('./schedule-shifts.js')).shifts(named, flags, namesHere());
    });
}

const SHIFTS_HELP = `
Run it each hour with --at of the full hour, --within 1h and --since 1h: each shift is said once before and once after it. It asks Temporal and its workers for
overrides and incidents.

Exit codes: 0 done, 2 usage or configuration, 10 Temporal or the workers out of reach.
`;

function diffCommand(): Command {
  return new Command('diff')
    .description('say whose duty changes between two versions of a schedule')
    .argument('<old>', NAMED)
    .argument('<new>', NAMED)
    .addOption(new Option('--days <n>', 'so many days from now on').argParser(readWhole).default(90))
    .addOption(atOption())
    .option(...JSON_FLAG)
    .action(
      (old: string, other: string, { days, at = Date.now(), json }: { days: number; at?: number; json?: true }) => {
        const [before, after] = [usableSchedule(old, at), usableSchedule(other, at)];
        const found = differences(before, after, at, at + days * DAY);
        if (json) {
          const all = found.map(({ from, to, before, after }) => ({
            from: moment(from),
            to: moment(to),
            before,
            after,
          }));
          return console.log(JSON.stringify(all, null, 2));
        }
        if (found.length === 0) return console.log(words().schedule.nobodyMoved(days));
        const names = namesHere();
        const rows = found.map(({ from, to, before: was, after: is }) => [
          spanInWords(from, to, after.timeZone),
          `${turnInWords(was, names)} → ${turnInWords(is, names)}`,
        ]);
        console.log(inColumns(rows).join('\n'));
      },
    );
}

function tableOf(found: readonly Stretch[], timeZone: string, names: Names): string {
  const rows = found.map((stretch) => [
    spanInWords(stretch.from, stretch.to, timeZone),
    turnInWords(stretch.people, names),
    reasonInWords(stretch),
  ]);
  return inColumns(rows).join('\n');
}

/** Null: not within 400 days. */
const moment = (at: number): string | null => (Number.isFinite(at) ? new Date(at).toISOString() : null);

function plain({ people, layer, override, from, to }: Stretch): object {
  return {
    people,
    layer,
    override: override === null ? null : plainOverride(override),
    from: moment(from),
    to: moment(to),
  };
}

const plainOverride = ({ note, live, unconfirmed }: Override): object => ({
  note,
  ...live,
  ...(unconfirmed && { unconfirmed }),
});

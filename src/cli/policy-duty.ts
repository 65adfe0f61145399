import { readdirSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { utcTime } from '../alerts/text.js';
import type { Policy } from '../contract/policy-schema.js';
import { schedulesOf } from '../people/directory.js';
import type { People } from '../people/read-people.js';
import type { DutyRoster } from '../people/resolve-callees.js';
import { SchedulesFolder } from '../people/schedules-folder.js';
import { stamp, words } from '../words/words.js';
import { UsageError } from './exit-code.js';
import { describeReadFailure } from './file-problems.js';

export const SCHEDULES_FLAG = ['--schedules <folder>', 'the schedules that the policies may name'] as const;

export function readMoment(written: string): number {
  const time = utcTime(written);
  if (time === undefined) throw new InvalidArgumentError('It must be a time such as 2026-12-01T22:00:00+09:00.');
  return Date.parse(time);
}

/**
 * The names of the schedules of a folder; where none is given they are taken on trust.
 *
 * @throws UsageError where the folder cannot be read.
 */
export function schedulesIn(folder: string | undefined): readonly string[] | 'unknown' {
  if (folder === undefined) return 'unknown';
  try {
    return readdirSync(folder).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : []));
  } catch (error) {
    throw new UsageError([`--schedules ${folder}: the folder cannot be read: ${describeReadFailure(error)}`]);
  }
}

/**
 * Who is on duty by the schedules that a policy names; null where it names none.
 *
 * @throws UsageError where one of them cannot be used.
 */
export async function rosterFor(
  policy: Policy,
  folder: string | undefined,
  people: People,
  at: number,
): Promise<DutyRoster | null> {
  const names = schedulesOf(policy);
  if (names.length === 0 || folder === undefined) return null;
  const problems: string[] = [];
  const log = { info: () => undefined, error: (about: object) => problems.push(whyOf(about)) };
  const known = people.size === 0 ? null : people;
  const options = { people: () => Promise.resolve(known), now: () => at };
  const roster = await new SchedulesFolder(folder, log, options).roster(names);
  if (problems.length > 0) throw new UsageError(problems);
  return roster;
}

const whyOf = (about: object): string => ('why' in about ? String(about.why) : JSON.stringify(about));

/** Whom each schedule of a policy has on duty then: names, never numbers. */
export function describeDuty(policy: Policy, roster: DutyRoster, at: number): readonly string[] {
  const { policy: said } = words();
  const namesOf = (handles: readonly string[]) =>
    handles.map((handle) => policy.contacts[handle]?.name ?? handle).join(', ');
  return schedulesOf(policy).map((schedule) => {
    const duty = roster.onDuty(schedule, at);
    if (duty === null) return said.dutyUnreadable(schedule);
    const { people, layer, until, next } = duty;
    const who = people.length === 0 ? said.dutyNobody : namesOf(people);
    const now = said.duty(schedule, who, layer, until);
    return next.length === 0 ? now : said.dutyThen(now, namesOf(next.slice(0, MAX_SHOWN)));
  });
}

export const dutyHeading = (at: number): string => words().policy.dutyAt(stamp(at));

const MAX_SHOWN = 3;

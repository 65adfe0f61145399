import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { withCalendars } from '../../src/duty/calendar/calendar-layers.js';
import { stretches } from '../../src/duty/on-duty.js';
import type { Override, Schedule } from '../../src/duty/schedule.js';
import { icsOf } from '../../src/duty/show/ics.js';
import { anyMoment, anyOverrides, anySchedule } from './schedule.arbitrary.js';
import { layer } from './schedules.js';

const MINUTE = 60_000;
const DAYS = 10 * 24 * 60;

/** What another team has that subscribes to the feed of a schedule, and reads it as a layer of its own. */
function readAgain(schedule: Schedule, overrides: readonly Override[], at: number, person: string | null): Schedule {
  const feed = icsOf(schedule, overrides, { from: at, to: at + DAYS * MINUTE, person, now: at, names: new Map() });
  const source = { kind: 'file', path: 'any.ics' } as const;
  const layers = [layer('feed', { turns: [], timeZone: schedule.timeZone, calendar: { source, shifts: null } })];
  const own = { ...schedule, name: 'own', layers, overrides: [] };
  const read = withCalendars(own, () => Buffer.from(feed), { around: at, people: undefined });
  expect(read.calendars).toEqual([{ layer: 'feed', source, why: null, problems: [], unknown: [] }]);
  return read.schedule;
}

/** Who is on duty from when until when, in the order in which they are called: every minute of the time is in one of them. */
function spans(schedule: Schedule, overrides: readonly Override[], at: number): readonly object[] {
  const found: { from: number; to: number; people: string }[] = [];
  for (const { from, to, people } of stretches(schedule, overrides, at, at + DAYS * MINUTE)) {
    const last = found.at(-1);
    if (last?.people === people.join()) last.to = to;
    else found.push({ from, to, people: people.join() });
  }
  return found;
}

test('the feed of a schedule, read in again, has the same people in the same order from the same hand-offs on', () => {
  fc.assert(
    fc.property(anySchedule, anyOverrides, anyMoment, (schedule, overrides, at) => {
      expect(spans(readAgain(schedule, overrides, at, null), [], at)).toEqual(spans(schedule, overrides, at));
    }),
    { numRuns: 40 },
  );
});

test('the feed of one person has somebody exactly while this person is on duty', () => {
  fc.assert(
    fc.property(anySchedule, anyOverrides, anyMoment, fc.constantFrom('a', 'x'), (schedule, overrides, at, person) => {
      const again = readAgain(schedule, overrides, at, person);
      for (const { from, to, people } of stretches(again, [], at, at + DAYS * MINUTE)) {
        for (const stretch of stretches(schedule, overrides, from, to)) {
          expect(people).toEqual(stretch.people.includes(person) ? stretch.people : []);
        }
      }
    }),
    { numRuns: 20 },
  );
});

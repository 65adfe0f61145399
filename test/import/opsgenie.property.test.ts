import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { stretchAt } from '../../src/duty/on-duty.js';
import { readSchedule } from '../../src/duty/read-schedule.js';
import { importOpsgenie } from '../../src/import/opsgenie.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-12-01T00:00Z');
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const LENGTHS = { hourly: HOUR, daily: DAY, weekly: 7 * DAY };

const halfHour = fc.integer({ min: 0, max: 47 }).map((half) => half * 30);
const ofDay = fc.record({ from: halfHour, to: halfHour }).filter(({ from, to }) => from !== to);
const ofWeek = fc.record({
  startDay: fc.integer({ min: 0, max: 6 }),
  endDay: fc.integer({ min: 0, max: 6 }),
  from: halfHour,
  to: halfHour,
});
const clock = (side: 'start' | 'end', minutes: number) => ({
  [`${side}Hour`]: Math.floor(minutes / 60),
  [`${side}Min`]: minutes % 60,
});

const rotation = fc
  .record({
    type: fc.constantFrom('hourly', 'daily', 'weekly' as const),
    length: fc.constantFrom(1, 1, 1, 2, 3, 5, 12),
    // Some begin later than now.
    start: fc.integer({ min: -40 * 48, max: 10 * 48 }).map((half) => NOW + half * 30 * 60_000),
    people: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'none'), { minLength: 1, maxLength: 4 }),
    when: fc.oneof(
      { weight: 2, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: ofDay.map((one) => ({ kind: 'day' as const, ...one })) },
      {
        weight: 1,
        arbitrary: fc.array(ofWeek, { minLength: 1, maxLength: 3 }).map((all) => ({ kind: 'week' as const, all })),
      },
    ),
  })
  .filter(({ people }) => people.some((person) => person !== 'none'));
type Rotation = typeof rotation extends fc.Arbitrary<infer R> ? R : never;

const written = ({ type, length, start, people, when }: Rotation, index: number) => ({
  id: `R${index}`,
  name: `rotation ${index}`,
  type,
  length,
  startDate: new Date(start).toISOString(),
  participants: people.map((id) => (id === 'none' ? { type: 'none' } : { type: 'user', id })),
  ...(when?.kind === 'day' && {
    timeRestriction: { type: 'time-of-day', restriction: { ...clock('start', when.from), ...clock('end', when.to) } },
  }),
  ...(when?.kind === 'week' && {
    timeRestriction: {
      type: 'weekday-and-time-of-day',
      restrictions: when.all.map(({ startDay, endDay, from, to }) => ({
        startDay: DAYS[startDay],
        endDay: DAYS[endDay],
        ...clock('start', from),
        ...clock('end', to),
      })),
    },
  }),
});

/** By the rules of Opsgenie alone. In UTC, so that an hour is an hour. */
function isWithin({ when }: Rotation, at: number): boolean {
  const minute = Math.floor(at / 60_000);
  const ofDay = minute % 1_440;
  if (when === null) return true;
  if (when.kind === 'day') {
    return when.from < when.to ? when.from <= ofDay && ofDay < when.to : when.from <= ofDay || ofDay < when.to;
  }
  const ofWeek = (new Date(at).getUTCDay() * 1_440 + ofDay) % 10_080;
  return when.all.some(({ startDay, endDay, from, to }) => {
    const [begin, end] = [startDay * 1_440 + from, endDay * 1_440 + to];
    return begin < end ? begin <= ofWeek && ofWeek < end : begin <= ofWeek || ofWeek < end;
  });
}
function personOf(one: Rotation, at: number): readonly string[] {
  if (at < one.start || !isWithin(one, at)) return [];
  const turn = Math.floor((at - one.start) / (LENGTHS[one.type] * one.length));
  const person = one.people[turn % one.people.length] ?? 'none';
  return person === 'none' ? [] : [person];
}

const moment = fc.integer({ min: 0, max: 60 * 1_440 }).map((minutes) => NOW + minutes * 60_000);
const userOf = (id: string) => ({
  id,
  username: `${id}@example.com`,
  userContacts: [{ contactMethod: 'voice', to: '81-300000001' }],
});
const USERS = ['a', 'b', 'c', 'd'].map(userOf);

test('the same people are on duty as by the rotations themselves, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.array(rotation, { minLength: 1, maxLength: 3 }),
      fc.array(moment, { minLength: 10, maxLength: 10 }),
      (rotations, moments) => {
        const schedule = { id: 'S', name: 'web', timezone: 'UTC', rotations: rotations.map(written) };
        const imported = importOpsgenie([USERS, schedule], NOW);
        // Those that cannot be written are in the report, and nobody finds that out at night.
        fc.pre(!imported.report.some((line) => /is left out/.test(line)));
        const files = [...imported.files].filter(([path]) => path.startsWith('schedules/'));
        const schedules = files.map(([, text]) => {
          const reading = readSchedule(text, () => '');
          if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
          return reading.schedule;
        });
        for (const at of moments) {
          const found = new Set(schedules.flatMap((one) => stretchAt(one, [], at).people));
          const wanted = new Set(rotations.flatMap((one) => personOf(one, at)));
          expect({ at: new Date(at).toISOString(), people: [...found].toSorted() }).toEqual({
            at: new Date(at).toISOString(),
            people: [...wanted].toSorted(),
          });
        }
      },
    ),
    { numRuns: 60 },
  );
});

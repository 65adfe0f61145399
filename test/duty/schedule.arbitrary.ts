import * as fc from 'fast-check';
import {
  dateOf,
  dayOf,
  type Layer,
  type Override,
  type Rotation,
  type Schedule,
  type Turn,
  type Window,
} from '../../src/duty/schedule.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONES = ['Asia/Tokyo', 'America/Chicago', 'Europe/London', 'Australia/Lord_Howe', 'Africa/Casablanca', 'UTC'];

/** Around changes of the clocks of these zones; the schedules begin before. */
const FIRST_DAY = dayOf('2026-01-20');
const LAST_DAY = dayOf('2026-04-20');

const person = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const turn: fc.Arbitrary<Turn> = fc.uniqueArray(person, { maxLength: 3 });
const turns = fc.array(turn, { minLength: 1, maxLength: 4 });
const timeOfDay = fc.constantFrom(0, 1.5, 2, 2.25, 2.5, 9, 12, 17.5, 22).map((hours) => hours * HOUR);
const day = fc.integer({ min: FIRST_DAY, max: LAST_DAY });

const rotation: fc.Arbitrary<Rotation> = fc
  .record({
    unit: fc.constantFrom('hours', 'days', 'weeks', 'months'),
    count: fc.integer({ min: 1, max: 3 }),
    weekday: fc.integer({ min: 0, max: 6 }),
    dayOfMonth: fc.integer({ min: 1, max: 31 }),
    time: timeOfDay,
    from: fc.integer({ min: FIRST_DAY - 40, max: FIRST_DAY + 30 }).map(dateOf),
  })
  .map(({ unit, count, weekday, dayOfMonth, ...rest }) => ({
    ...rest,
    unit,
    count: unit === 'hours' ? ([1, 4, 8][count - 1] ?? 8) : count,
    day: unit === 'weeks' ? weekday : unit === 'months' ? dayOfMonth : 0,
  }));

const windows: fc.Arbitrary<Window> = fc
  .record({
    weekdays: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 7 }),
    holiday: fc.boolean(),
    workday: fc.boolean(),
    from: timeOfDay,
    length: fc.constantFrom(1, 8, 9.5, 24, 62).map((hours) => hours * HOUR),
  })
  .map(({ from, length, ...days }) => ({ days, from, to: from + length }));

const layer: fc.Arbitrary<Omit<Layer, 'name'>> = fc.record({
  timeZone: fc.constantFrom(...ZONES),
  when: fc.option(fc.array(windows, { minLength: 1, maxLength: 2 }), { freq: 2 }),
  rotation: fc.option(rotation, { freq: 5 }),
  turns,
  changes: fc
    .array(fc.record({ from: fc.tuple(day, timeOfDay).map(([on, time]) => on * DAY + time), turns }), { maxLength: 2 })
    .map((changes) => changes.toSorted((one, other) => one.from - other.from)),
});

export const anySchedule: fc.Arbitrary<Schedule> = fc
  .record({
    timeZone: fc.constantFrom(...ZONES),
    layers: fc.array(layer, { minLength: 1, maxLength: 3 }),
    holidays: fc.array(day, { maxLength: 8 }),
  })
  .map(({ timeZone, layers, holidays }) => ({
    name: 'any',
    timeZone,
    layers: layers.map((one, index) => ({
      ...one,
      name: `layer-${index}`,
      // Without a rotation there is one turn.
      ...(one.rotation === null && {
        turns: one.turns.slice(0, 1),
        changes: one.changes.map((change) => ({ ...change, turns: change.turns.slice(0, 1) })),
      }),
    })),
    overrides: [],
    holidays: new Map(holidays.map((on) => [dateOf(on), 'holiday'])),
    holidaysKnownUntil: dateOf(LAST_DAY),
    required: null,
  }));

export const anyMoment = fc.integer({ min: FIRST_DAY * 1440, max: LAST_DAY * 1440 }).map((minutes) => minutes * 60_000);

const people = fc.uniqueArray(fc.constantFrom('x', 'y', 'a'), { minLength: 1, maxLength: 2 });
export const anyOverrides: fc.Arbitrary<readonly Override[]> = fc.array(
  fc.record({
    people,
    note: fc.constant(null),
    of: fc.oneof(
      fc
        .record({
          from: anyMoment,
          hours: fc.integer({ min: 1, max: 400 }),
          instead: fc.option(person),
        })
        .map(({ from, hours, instead }) => ({ kind: 'time', from, to: from + hours * HOUR, instead }) as const),
      fc.record({
        kind: fc.constant('shift' as const),
        layer: fc.constantFrom('layer-0', 'layer-1', 'layer-2'),
        date: day.map(dateOf),
        time: fc.option(timeOfDay),
      }),
    ),
  }),
  { maxLength: 4 },
);

/**
 * Each minute of two years in six zones: exactly one answer, and the hand-offs as they are typed here by hand; the same while
 * people take over, swap and are put on duty. All minutes in `npm run test:minutes`, which takes half an hour or more (each
 * fifth while there are overrides, each tenth of layers, and the edges); one in some hundred in `npm test`.
 */
import { expect, test } from 'vitest';
import type { DutyOverrides, LiveOverride, WantedShifts } from '../../src/contract/duty-schema.js';
import { findShifts } from '../../src/duty/find-shifts.js';
import { onDuty, type Duty } from '../../src/duty/on-duty.js';
import * as live from '../../src/duty/overrides.js';
import { dateOf, dayOf, type Schedule } from '../../src/duty/schedule.js';
import { fewOrMany } from '../rig/few-or-many.js';
import { toLocal } from '../../src/duty/zone.js';
import { layer, rotation, schedule, window } from './schedules.js';

interface TwoYears {
  readonly zone: string;
  /** Wall-clock time of the daily hand-off. */
  readonly time: string;
  readonly from: string;
  /** From each date on the UTC time of the hand-off; `-1`: on the day before. */
  readonly utc: readonly (readonly [date: string, time: string, days?: -1])[];
  readonly without?: string;
}

const YEARS: readonly TwoYears[] = [
  { zone: 'Asia/Tokyo', time: '09:00', from: '2026-01-01', utc: [['2026-01-01', '00:00']] },
  {
    zone: 'America/Chicago',
    time: '02:30',
    from: '2026-01-01',
    utc: [
      ['2026-01-01', '08:30'], // on 8 March 02:30 is left out: 03:30 CDT
      ['2026-03-09', '07:30'],
      ['2026-11-01', '08:30'],
      ['2027-03-15', '07:30'],
      ['2027-11-07', '08:30'],
    ],
  },
  {
    zone: 'Europe/London',
    time: '01:30',
    from: '2026-01-01',
    utc: [
      ['2026-01-01', '01:30'], // on 29 March 01:30 is left out: 02:30 BST
      ['2026-03-30', '00:30'], // on 25 October it comes twice: the first
      ['2026-10-26', '01:30'],
      ['2027-03-29', '00:30'],
      ['2027-11-01', '01:30'],
    ],
  },
  {
    zone: 'Australia/Lord_Howe',
    time: '02:15',
    from: '2026-01-01',
    utc: [
      ['2026-01-01', '15:15', -1],
      ['2026-04-05', '15:45', -1], // on 4 October 02:15 is left out: 02:45
      ['2026-10-05', '15:15', -1],
      ['2027-04-04', '15:45', -1],
      ['2027-10-04', '15:15', -1],
    ],
  },
  {
    zone: 'Pacific/Apia',
    time: '09:00',
    from: '2011-01-01',
    utc: [
      ['2011-01-01', '19:00'],
      ['2011-04-02', '20:00'],
      ['2011-09-24', '19:00'],
      ['2011-12-31', '19:00', -1],
      ['2012-04-01', '20:00', -1],
      ['2012-09-30', '19:00', -1],
    ],
    without: '2011-12-30',
  },
  {
    zone: 'Africa/Casablanca',
    time: '02:30',
    from: '2026-01-01',
    utc: [
      ['2026-01-01', '01:30'], // on 15 February it comes twice: the first
      ['2026-02-16', '02:30'], // on 22 March it is left out: 03:30
      ['2026-03-23', '01:30'],
      ['2027-02-08', '02:30'],
      ['2027-03-15', '01:30'],
    ],
  },
];

const PEOPLE = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = 730;
/** Seven minutes more than a day: each time of day comes. */
const STEP = fewOrMany(1_447, 1);
const OVERRIDDEN_STEP = fewOrMany(1_447, 5);
const LAYERS_STEP = fewOrMany(2_887, 10);

/** One after the other, in order. */
function typed({ from, utc, without }: TwoYears): readonly { readonly at: number; readonly who: string }[] {
  return Array.from({ length: DAYS }, (_, index) => {
    const date = dateOf(dayOf(from) + index);
    const [, time, days = 0] = utc.findLast(([since]) => since <= date) ?? ['', ''];
    const at = date === without ? [] : [Date.parse(`${dateOf(dayOf(date) + days)}T${time}Z`)];
    return at.map((at) => ({ at, who: PEOPLE[index % PEOPLE.length] ?? '' }));
  }).flat();
}

const daily = ({ zone, time, from }: TwoYears): Schedule => {
  const turns = PEOPLE.map((person) => [person]);
  return schedule([layer('all', { timeZone: zone, rotation: rotation('1 days', from, time), turns })], {
    timeZone: zone,
  });
};

test.for(YEARS)('$zone', (years) => {
  const of = daily(years);
  const table = typed(years);
  let [index, wrong] = [0, 0];
  const last = table.at(-1)?.at ?? 0;
  for (let at = table[0]?.at ?? 0; at < last; at += STEP * MINUTE) {
    while ((table[index + 1]?.at ?? Infinity) <= at) index += 1;
    const duty = onDuty(of, [], at);
    const [now, next] = [table[index], table[index + 1]];
    const right =
      duty.people.join() === now?.who && duty.from === now.at && duty.to === next?.at && duty.next?.from === duty.to;
    if (!right) wrong += 1;
  }
  expect(wrong).toBe(0);
});

/** One schedule while it is in use. */
class InUse {
  #state: DutyOverrides = live.noOverrides('web');

  constructor(private readonly plan: Schedule) {}

  /** The number of the override. */
  make(kind: LiveOverride['kind'], wanted: WantedShifts, agreeing: readonly string[], at: number): number {
    const search = { schedule: 'web', overrides: this.#state.overrides, wanted, at };
    const found = findShifts(this.plan, search, null);
    if (found.found !== 'parts') throw new Error(found.message);
    const asked = { kind, parts: found.parts, by: 'z', reason: null, agreeing, countsAtOnce: true };
    const { state, override } = live.make(this.#state, asked, at);
    this.#state = state;
    return override?.number ?? 0;
  }

  remove(number: number, at: number): void {
    this.#state = live.remove(this.#state, { number, by: 'z', reason: null }, at).state;
  }

  /** By what workers know then. */
  at = (moment: number): Duty =>
    onDuty(this.plan, live.countingNow(live.published(this.#state, moment).overrides), moment);
}

/** Who is on duty from then until then, by the shift that is planned. */
interface Expected {
  readonly from: number;
  readonly to: number;
  readonly who: string;
}

/** Each of them in one shift of twelve, when it has begun; a shift of an hour or less has none. */
test.for(YEARS)('$zone, while people take over', (years) => {
  const of = daily(years);
  const inUse = new InUse(of);
  const table = typed(years);
  const now = { until: null, instead: null };
  const written = (at: number): string => `all/${new Date(toLocal(at, years.zone)).toISOString().slice(0, 16)}`;
  const expected: Expected[] = [];
  let [wrong, swapped] = [0, ''];
  for (const [index, { at: begin, who }] of table.slice(0, -2).entries()) {
    const end = table[index + 1]?.at ?? 0;
    const [third, half] = [begin + 8 * HOUR, begin + 12 * HOUR];
    const whole = { from: begin, to: end, who };
    let shifts: readonly Expected[] = [whole];
    switch (index % 12) {
      case 1: // from now until the end
        inUse.make('take', { kind: 'now', people: ['x'], ...now, upTo: 'end' }, ['x'], third);
        shifts = [
          { ...whole, to: third },
          { from: third, to: end, who: 'x' },
        ];
        break;
      case 3: // for a part of it, and who was on duty stays next in line
        inUse.make('override', { kind: 'now', people: ['y'], ...now, until: new Date(half).toISOString(), upTo: 'any' }, [], third); // prettier-ignore
        shifts = [{ ...whole, to: third }, { from: third, to: half, who: `y,${who}` }, { ...whole, from: half }]; // prettier-ignore
        break;
      case 5: {
        const other = table[index + 1];
        if (other === undefined) break;
        inUse.make(
          'swap',
          { kind: 'swap', shift: written(begin), with: written(other.at) },
          [who, other.who],
          begin - HOUR,
        );
        shifts = [{ ...whole, who: other.who }];
        swapped = who;
        break;
      }
      case 6:
        shifts = [{ ...whole, who: swapped }];
        break;
      case 8: // a time that begins within it, and ends within the next
        inUse.make(
          'override',
          { kind: 'time', people: ['z'], instead: null, from: new Date(half).toISOString(), until: new Date(end + HOUR).toISOString() }, // prettier-ignore
          ['z'],
          begin,
        );
        shifts = [
          { ...whole, to: half },
          { from: half, to: end + HOUR, who: 'z' },
        ];
        break;
      case 9:
        shifts = [{ ...whole, from: begin + HOUR }];
        break;
      case 11: {
        const made = inUse.make('take', { kind: 'now', people: ['x'], ...now, upTo: 'end' }, ['x'], third);
        inUse.remove(made, half);
        break;
      }
    }
    expected.push(...shifts);
    for (const { from, to, who } of shifts) {
      const step = OVERRIDDEN_STEP * MINUTE;
      const moments = [from, to - 1];
      for (let at = Math.ceil(from / step) * step; at < to; at += step) moments.push(at);
      for (const at of moments) {
        const duty = inUse.at(at);
        const isFollowed = duty.next === null || duty.next.from >= to;
        if (duty.people.join() !== who || duty.from !== from || duty.to !== to || !isFollowed) wrong += 1;
      }
    }
  }
  expect(wrong).toBe(0);
  expect(expected.every(({ from }, index) => index === 0 || from === expected[index - 1]?.to)).toBe(true);
});

/**
 * Layers over one another, of which no table is typed: the stretches lie side by side, and say the same wherever they are asked.
 * While somebody takes over, that person alone is on duty; at all other times whoever is so without it.
 */
test.for(YEARS)('$zone, in layers', ({ zone, from }) => {
  const of = schedule(
    [
      layer('weekly', {
        timeZone: zone,
        rotation: rotation('1 weeks', from, '02:00', 0),
        turns: [['a'], ['b', 'c'], []],
      }),
      layer('nights', {
        timeZone: zone,
        when: [window('mon tue wed thu 22:30-02:30')],
        rotation: rotation('2 days', from, '12:00'),
        turns: [['d'], ['e'], ['f']],
      }),
      layer('hours', {
        timeZone: zone,
        when: [window('sat holiday')],
        rotation: rotation('3 hours', from, '01:30'),
        turns: [['g'], []],
      }),
    ],
    { timeZone: zone, holidays: new Map([['2026-03-08', 'x']]) },
  );
  const begin = dayOf(from) * 24 * HOUR;
  const inUse = new InUse(of);
  let taken = { from: -Infinity, to: -Infinity };
  let before: Duty | null = null;
  let wrong = 0;
  for (let at = begin; at < begin + DAYS * 24 * HOUR; at += LAYERS_STEP * MINUTE) {
    const duty: Duty = onDuty(of, [], at);
    if (at >= taken.to + 5 * 24 * HOUR) {
      taken = { from: at + 7 * HOUR, to: at + 90 * HOUR };
      const [from, until] = [new Date(taken.from).toISOString(), new Date(taken.to).toISOString()];
      inUse.make('override', { kind: 'time', people: ['x'], instead: null, from, until }, ['x'], at);
    }
    const isTaken = taken.from <= at && at < taken.to;
    const now = inUse.at(at);
    if (now.people.join() !== (isTaken ? 'x' : duty.people.join())) wrong += 1;
    if (isTaken ? now.from !== taken.from || now.to !== taken.to : now.from > at || now.to <= at) wrong += 1;
    if (!(duty.from <= at && at < duty.to)) wrong += 1;
    if (before !== null) {
      const isSame = before.from === duty.from && before.to === duty.to && before.people.join() === duty.people.join();
      if (at < before.to ? !isSame : duty.from < before.to) wrong += 1;
      if (LAYERS_STEP < 30 && at >= before.to && duty.from !== before.to) wrong += 1;
    }
    before = duty;
  }
  expect(wrong).toBe(0);
});

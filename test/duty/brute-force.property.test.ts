/**
 * Each minute of two years in six zones: exactly one answer, and the hand-offs as they are typed here by hand. All minutes
 * in `npm run test:minutes`, which takes a quarter of an hour or more; one in some hundred in `npm test`.
 */
import { expect, test } from 'vitest';
import { onDuty, type Duty } from '../../src/duty/on-duty.js';
import { dateOf, dayOf } from '../../src/duty/schedule.js';
import { fewOrMany } from '../rig/few-or-many.js';
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
const DAYS = 730;
/** Seven minutes more than a day: each time of day comes. */
const STEP = fewOrMany(1_447, 1);
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

test.for(YEARS)('$zone', (years) => {
  const { zone, time, from } = years;
  const of = schedule([
    layer('all', { timeZone: zone, rotation: rotation('1 days', from, time), turns: PEOPLE.map((person) => [person]) }),
  ]);
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

/** Layers over one another, of which no table is typed: the stretches lie side by side, and say the same wherever they are asked. */
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
  const begin = dayOf(from) * 86_400_000;
  let before: Duty | null = null;
  let wrong = 0;
  for (let at = begin; at < begin + DAYS * 86_400_000; at += LAYERS_STEP * MINUTE) {
    const duty: Duty = onDuty(of, [], at);
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

/** Hand-offs typed by hand, from a calendar and the zones' published changes. Who begins when, in UTC. */
import type { Schedule } from '../../src/duty/schedule.js';
import { layer, rotation, schedule } from './schedules.js';

export interface Table {
  readonly name: string;
  readonly schedule: Schedule;
  readonly begins: readonly (readonly [at: string, who: string])[];
}

const one = (timeZone: string, every: Parameters<typeof rotation>, people: string): Schedule =>
  schedule([
    layer('all', { timeZone, rotation: rotation(...every), turns: people.split(' ').map((person) => [person]) }),
  ]);

export const TABLES: readonly Table[] = [
  {
    name: 'Tokyo, each Monday at 09:00',
    schedule: one('Asia/Tokyo', ['1 weeks', '2026-11-30', '09:00', 1], 'a b c'),
    begins: [
      ['2026-11-30T00:00Z', 'a'],
      ['2026-12-07T00:00Z', 'b'],
      ['2026-12-14T00:00Z', 'c'],
      ['2026-12-21T00:00Z', 'a'],
    ],
  },
  {
    name: 'Tokyo, every two weeks from a Wednesday: the first turn ends on the second Monday',
    schedule: one('Asia/Tokyo', ['2 weeks', '2026-12-02', '09:00', 1], 'a b'),
    begins: [
      ['2026-12-02T00:00Z', 'a'],
      ['2026-12-14T00:00Z', 'b'],
      ['2026-12-28T00:00Z', 'a'],
    ],
  },
  {
    name: 'Tokyo, every eight hours',
    schedule: one('Asia/Tokyo', ['8 hours', '2026-12-01', '01:00'], 'a b c d'),
    begins: [
      ['2026-11-30T16:00Z', 'a'],
      ['2026-12-01T00:00Z', 'b'],
      ['2026-12-01T08:00Z', 'c'],
      ['2026-12-01T16:00Z', 'd'],
      ['2026-12-02T00:00Z', 'a'],
    ],
  },
  {
    name: 'Tokyo, on the 31st of each month, or its last day',
    schedule: one('Asia/Tokyo', ['1 months', '2026-12-31', '09:00', 31], 'a b c'),
    begins: [
      ['2026-12-31T00:00Z', 'a'],
      ['2027-01-31T00:00Z', 'b'],
      ['2027-02-28T00:00Z', 'c'],
      ['2027-03-31T00:00Z', 'a'],
    ],
  },
  {
    name: 'Chicago, 02:30 on the day whose 02:30 is left out',
    schedule: one('America/Chicago', ['1 days', '2026-03-07', '02:30'], 'a b c'),
    begins: [
      ['2026-03-07T08:30Z', 'a'],
      ['2026-03-08T08:30Z', 'b'],
      ['2026-03-09T07:30Z', 'c'],
      ['2026-03-10T07:30Z', 'a'],
    ],
  },
  {
    name: 'Chicago, 01:30 on the day that has it twice',
    schedule: one('America/Chicago', ['1 days', '2026-10-31', '01:30'], 'a b c'),
    begins: [
      ['2026-10-31T06:30Z', 'a'],
      ['2026-11-01T06:30Z', 'b'],
      ['2026-11-02T07:30Z', 'c'],
    ],
  },
  {
    name: 'Chicago, every hour where one is left out: that turn is left out',
    schedule: one('America/Chicago', ['1 hours', '2026-03-08', '00:00'], 'a b c d'),
    begins: [
      ['2026-03-08T06:00Z', 'a'],
      ['2026-03-08T07:00Z', 'b'],
      ['2026-03-08T08:00Z', 'd'],
      ['2026-03-08T09:00Z', 'a'],
    ],
  },
  {
    name: 'London, Sunday 01:30 in March',
    schedule: one('Europe/London', ['1 weeks', '2026-03-22', '01:30', 0], 'a b c'),
    begins: [
      ['2026-03-22T01:30Z', 'a'],
      ['2026-03-29T01:30Z', 'b'],
      ['2026-04-05T00:30Z', 'c'],
    ],
  },
  {
    name: 'London, Sunday 01:30 in October',
    schedule: one('Europe/London', ['1 weeks', '2026-10-18', '01:30', 0], 'a b c'),
    begins: [
      ['2026-10-18T00:30Z', 'a'],
      ['2026-10-25T00:30Z', 'b'],
      ['2026-11-01T01:30Z', 'c'],
    ],
  },
  {
    name: 'Lord Howe, whose clocks leave out half an hour',
    schedule: one('Australia/Lord_Howe', ['1 days', '2026-10-03', '02:15'], 'a b c'),
    begins: [
      ['2026-10-02T15:45Z', 'a'],
      ['2026-10-03T15:45Z', 'b'],
      ['2026-10-04T15:15Z', 'c'],
    ],
  },
  {
    name: 'Lord Howe, whose clocks go back by half an hour',
    schedule: one('Australia/Lord_Howe', ['1 days', '2026-04-04', '01:45'], 'a b c'),
    begins: [
      ['2026-04-03T14:45Z', 'a'],
      ['2026-04-04T14:45Z', 'b'],
      ['2026-04-05T15:15Z', 'c'],
    ],
  },
  {
    name: 'Apia, which had no 30 December 2011: the turn of that day is left out',
    schedule: one('Pacific/Apia', ['1 days', '2011-12-28', '09:00'], 'a b c d'),
    begins: [
      ['2011-12-28T19:00Z', 'a'],
      ['2011-12-29T19:00Z', 'b'],
      ['2011-12-30T19:00Z', 'd'],
      ['2011-12-31T19:00Z', 'a'],
    ],
  },
  {
    name: 'Casablanca, whose clocks go back for Ramadan',
    schedule: one('Africa/Casablanca', ['1 days', '2026-02-14', '02:30'], 'a b c'),
    begins: [
      ['2026-02-14T01:30Z', 'a'],
      ['2026-02-15T01:30Z', 'b'],
      ['2026-02-16T02:30Z', 'c'],
    ],
  },
  {
    name: 'Casablanca, whose clocks go on after it',
    schedule: one('Africa/Casablanca', ['1 days', '2026-03-21', '02:30'], 'a b c'),
    begins: [
      ['2026-03-21T02:30Z', 'a'],
      ['2026-03-22T02:30Z', 'b'],
      ['2026-03-23T01:30Z', 'c'],
    ],
  },
];

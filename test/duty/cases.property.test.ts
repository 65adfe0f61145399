import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkSchedule } from '../../src/duty/check-schedule.js';
import { onDuty } from '../../src/duty/on-duty.js';
import { readSchedule } from '../../src/duty/read-schedule.js';
import { describeProblem } from '../../src/yaml-file/describe-problems.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { utc } from './schedules.js';

const FOLDER = join(projectRoot, 'test/duty/cases');
const NOW = utc('2026-12-01T00:00Z');

interface Case {
  readonly name: string;
  /** What somebody gets wrong in it. */
  readonly fault: readonly [right: string, wrong: string];
  readonly found: RegExp;
  /** Who is on duty, looked up by hand in a calendar. */
  readonly people: Readonly<Record<string, string>>;
}

const CASES: readonly Case[] = [
  {
    name: 'follow-the-sun',
    fault: ['from: "08:00", to: "17:00"', 'from: "10:00", to: "17:00"'],
    found: /error: nobody is on duty tue 2026-12-01 01:00 to tue 2026-12-01 02:00/,
    people: { '2026-12-01T01:00Z': 'lim', '2026-12-01T10:00Z': 'jones', '2026-12-01T20:00Z': 'miller' },
  },
  {
    name: 'weekdays-and-weekends',
    fault: ['to: "mon 08:00"', 'to: "mon 07:00"'],
    found: /error: nobody is on duty mon 2026-12-07 07:00 to mon 2026-12-07 08:00, mon 2026-12-14 07:00/,
    people: { '2026-12-01T12:00Z': 'ben', '2026-12-05T12:00Z': 'emil', '2026-12-07T13:30Z': 'emil' },
  },
  {
    name: 'four-and-three-days',
    fault: ['to: "fri 09:00" }', 'to: "fri 09:00" }\n    timeZone: Asia/Tokyo'],
    found: /error: nobody is on duty fri 2026-12-04 01:00 to fri 2026-12-04 09:00/,
    people: { '2026-12-01T12:00Z': 'ben', '2026-12-05T12:00Z': 'dora', '2026-12-08T12:00Z': 'carla' },
  },
  {
    name: 'monthly',
    fault: ['people: [dora]', 'people: [dora]\n  - { name: all, people: [emil] }'],
    found: /warning: nobody is ever on duty by "primary".*[^]*warning: emil is on duty for 396 days in a row/,
    people: {
      '2026-11-30T12:00Z': 'anna',
      '2026-12-02T12:00Z': 'ben',
      '2027-01-01T10:00Z': 'carla',
      '2026-12-06T12:00Z': 'dora',
    },
  },
  {
    name: 'holidays-to-another-team',
    fault: ['holidays: japan\n', ''],
    found: /warning: there is no `holidays`, so no day is one/,
    people: { '2027-01-01T03:00Z': 'jones', '2026-12-25T03:00Z': 'tanaka', '2027-01-11T03:00Z': 'smith' },
  },
  {
    name: 'leave',
    fault: ['shift: 2026-12-07', 'shift: 2026-12-08'],
    found: /error: no shift of "weekly" begins on 2026-12-08; the next one begins on 2026-12-14/,
    people: { '2026-12-08T00:00Z': 'sato', '2026-12-15T00:00Z': 'yamada', '2026-12-22T00:00Z': 'suzuki' },
  },
  {
    name: 'team-of-two',
    fault: ['"wed 12:00"', '"sun 02:30"'],
    found: /warning: the clocks of Europe\/Paris leave out a time of it: it is sun 2027-03-28 03:30 then/,
    people: { '2026-11-28T12:00Z': 'anna ben', '2026-12-03T12:00Z': 'ben anna', '2026-12-06T12:00Z': 'carla' },
  },
  {
    name: 'team-of-fifteen',
    fault: ['p14, p15]', 'p14, p15]\n  - { name: extra, when: { days: holiday }, people: [p16] }'],
    found: /warning: p16 is not on duty within 13 months/,
    people: {
      '2026-11-30T15:00Z': 'p01',
      '2026-12-04T15:00Z': 'p05',
      '2026-12-07T15:00Z': 'p06',
      '2026-12-21T15:00Z': 'p01',
    },
  },
  {
    name: 'joins-and-leaves',
    fault: [
      'changes:\n',
      'overrides:\n  - { from: 2026-12-24T00:00, to: 2026-12-26T00:00, people: [abe] }\n  - { from: 2026-12-25T00:00, to: 2026-12-27T00:00, people: [sato] }\nchanges:\n',
    ],
    found: /warning: it overlaps with number 1 of the overrides, and wins over it/,
    people: {
      '2026-12-29T00:00Z': 'sato',
      '2027-01-05T00:00Z': 'abe',
      '2027-01-12T00:00Z': 'tanaka',
      '2027-04-06T00:00Z': 'tanaka',
    },
  },
  {
    name: 'pauses',
    fault: ['[desk-a, desk-b]', '[desk-a, nobody]'],
    found: /error: nobody is on duty tue 2026-12-01 20:00 to wed 2026-12-02 08:00/,
    people: {
      '2026-12-01T00:00Z': 'ben',
      '2026-12-02T00:00Z': 'anna',
      '2026-12-03T00:00Z': 'desk-a',
      '2026-12-03T12:00Z': 'desk-b',
    },
  },
];

function problemsOf(text: string): string {
  const reading = readSchedule(text, () => '');
  const problems = reading.ok ? [...reading.problems, ...checkSchedule(reading, { now: NOW })] : reading.problems;
  return problems.map((problem) => describeProblem(problem, 'case.yaml', text)).join('\n');
}

test('each of the cases is played', () => {
  expect(readdirSync(FOLDER)).toEqual(CASES.map(({ name }) => `${name}.yaml`).toSorted());
});

describe.for(CASES)('$name', ({ name, fault, found, people }) => {
  const text = readFileSync(join(FOLDER, `${name}.yaml`), 'utf8');

  test('has nothing wrong in it, and the right people are on duty', () => {
    const reading = readSchedule(text, () => '');
    expect(problemsOf(text)).toBe('');
    const schedule = reading.ok ? reading.schedule : null;
    const answers = Object.keys(people).map((at) => [at, schedule && onDuty(schedule, [], utc(at)).people.join(' ')]);
    expect(Object.fromEntries(answers)).toEqual(people);
  });

  test('with a fault is found out', () => {
    const [right, wrong] = fault;
    expect(text).toContain(right);
    expect(problemsOf(text.replace(right, wrong))).toMatch(found);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { JAPAN } from '../../src/duty/holidays-japan.js';
import { onDuty } from '../../src/duty/on-duty.js';
import { readSchedule } from '../../src/duty/read-schedule.js';
import { dateOf, dayOf, weekdayOf } from '../../src/duty/schedule.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { describeProblem } from '../../src/yaml-file/describe-problems.js';
import { brokenSchedules } from './broken-schedules.js';
import { utc } from './schedules.js';

const none = (): string => {
  throw new Error('there is no such file');
};
const described = (text: string): readonly string[] =>
  readSchedule(text, none).problems.map((problem) => describeProblem(problem, 'web.yaml', text));
const broken = Object.entries(brokenSchedules);
const schemaOf = (name: string) =>
  new Ajv({ strict: false, allErrors: true }).compile(
    JSON.parse(readFileSync(join(projectRoot, `schemas/${name}.json`), 'utf8')) as object,
  );
const examples = readdirSync(join(projectRoot, 'schedules')).filter((file) => file.endsWith('.yaml'));

describe('a schedule that is wrong', () => {
  test('is answered with messages that name the place and say what to do', async () => {
    const answers = broken.map(([title, text]) => [`=== ${title}`, ...described(text)].join('\n\n'));
    await expect(`${answers.join('\n\n\n')}\n`).toMatchFileSnapshot('broken-schedules.messages.txt');
  });

  test.for(broken)('%s: has a problem, at a place in the file', ([, text]) => {
    const found = described(text);
    expect(found.length).toBeGreaterThan(0);
    for (const message of found) expect(message).toMatch(/^web\.yaml:[0-9]+:[0-9]+: error: .{20,}/);
  });
});

describe.for(examples)('schedules/%s', (name) => {
  const text = readFileSync(join(projectRoot, 'schedules', name), 'utf8');

  test('is read, is named as its file, and the published schema accepts it', () => {
    const reading = readSchedule(text, (path) => readFileSync(join(projectRoot, 'schedules', path), 'utf8'));
    expect(reading).toMatchObject({
      ok: true,
      unread: [],
      problems: [],
      schedule: { name: name.replace('.yaml', '') },
    });
    const validate = schemaOf('schedule');
    validate(parse(text));
    expect(validate.errors ?? []).toEqual([]);
  });
});

test('the calendar of the examples is accepted by its published schema', () => {
  const validate = schemaOf('calendar');
  validate(parse(readFileSync(join(projectRoot, 'schedules/holidays/company.yaml'), 'utf8')));
  expect(validate.errors ?? []).toEqual([]);
});

describe('what is written', () => {
  const of = (layers: string, more = '') => {
    const reading = readSchedule(`name: web\ntimeZone: Asia/Tokyo\nlayers:\n${layers}\n${more}`, none);
    if (!reading.ok) throw new Error(reading.problems.map(({ message }) => message).join('\n'));
    return reading;
  };

  test('is the schedule, every default filled in', () => {
    const { schedule } = of(
      '  - { name: a, rotation: { every: 2w, handOff: "mon 09:00", from: 2026-11-30, people: [x, [y, z], nobody] } }',
      'changes: [{ layer: a, from: 2027-04-05, people: [x] }]',
    );
    expect(schedule).toEqual({
      name: 'web',
      timeZone: 'Asia/Tokyo',
      layers: [
        {
          name: 'a',
          timeZone: 'Asia/Tokyo',
          when: null,
          rotation: { unit: 'weeks', count: 2, day: 1, time: 9 * 3_600_000, from: '2026-11-30' },
          turns: [['x'], ['y', 'z'], []],
          changes: [{ from: Date.UTC(2027, 3, 5), turns: [['x']] }],
        },
      ],
      overrides: [],
      holidays: new Map(),
      holidaysKnownUntil: null,
      required: null,
    });
  });

  test.for([
    ['{ days: sat-mon }', [[0, 1, 6], '00:00', '24:00']],
    ['{ days: [tue, fri], from: "22:00", to: "07:00" }', [[2, 5], '22:00', '31:00']],
    ['{ from: "fri 18:00", to: "mon 09:00" }', [[5], '18:00', '81:00']],
    ['{ from: "mon 18:00", to: "mon 09:00" }', [[1], '18:00', '177:00']],
  ] as const)('when: %s', ([when, [weekdays, from, to]]) => {
    const hours = (written: string): number => Number(written.split(':')[0]) * 3_600_000;
    expect(of(`  - { name: a, when: ${when}, people: [x] }`).schedule.layers[0]?.when).toEqual([
      { days: { weekdays, holiday: false, workday: false }, from: hours(from), to: hours(to) },
    ]);
  });

  test('days and nights together are always', () => {
    expect(
      of('  - { name: a, when: [{ days: mon-fri }, { days: sat-sun }], people: [x] }').schedule.layers[0]?.when,
    ).toBeNull();
  });

  test('a calendar that cannot be read is said, and its days are working days', () => {
    const { schedule, unread } = of(
      '  - { name: a, when: { days: workday }, people: [x] }',
      'holidays: [japan, own.yaml]',
    );
    expect(unread).toEqual([{ calendar: 'own.yaml', why: 'there is no such file' }]);
    expect(onDuty(schedule, [], utc('2027-01-01T03:00Z')).people).toEqual([]);
    expect(onDuty(schedule, [], utc('2027-06-01T03:00Z')).people).toEqual(['x']);
  });
});

describe('the holidays of Japan', () => {
  const years = [2025, 2026, 2027];
  const monday = (year: number, month: number, nth: number): string => {
    const first = dayOf(`${year}-${String(month).padStart(2, '0')}-01`);
    return dateOf(first + ((8 - weekdayOf(first)) % 7) + 7 * (nth - 1));
  };
  /** Of the years 1980 to 2099. */
  const equinox = (year: number, base: number): number =>
    Math.floor(base + 0.242194 * (year - 1980) - Math.floor((year - 1980) / 4));

  test.for(years)('of %i are those of the law', (year) => {
    const days = new Set([
      ...['01-01', '02-11', '02-23', '04-29', '05-03', '05-04', '05-05', '08-11', '11-03', '11-23'].map(
        (day) => `${year}-${day}`,
      ),
      `${year}-03-${equinox(year, 20.8431)}`,
      `${year}-09-${equinox(year, 23.2488)}`,
      monday(year, 1, 2),
      monday(year, 7, 3),
      monday(year, 9, 3),
      monday(year, 10, 2),
    ]);
    for (const day of [...days].filter((day) => weekdayOf(dayOf(day)) === 0)) {
      let next = dayOf(day) + 1;
      while (days.has(dateOf(next))) next += 1;
      days.add(dateOf(next));
    }
    for (const day of days) {
      const [between, after] = [dateOf(dayOf(day) + 1), dateOf(dayOf(day) + 2)];
      if (!days.has(between) && days.has(after) && weekdayOf(dayOf(between)) !== 0) days.add(between);
    }
    const table = Object.keys(JAPAN.days).filter((day) => day.startsWith(String(year)));
    expect(table).toEqual([...days].toSorted());
  });

  test('are known until the end of the last year', () => {
    expect(JAPAN.knownUntil).toBe(`${years.at(-1) ?? 0}-12-31`);
  });
});

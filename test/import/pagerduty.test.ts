import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { importCommand } from '../../src/cli/import.js';
import { checkSchedule } from '../../src/duty/check-schedule.js';
import { stretchAt } from '../../src/duty/on-duty.js';
import { readSchedule } from '../../src/duty/read-schedule.js';
import type { Schedule } from '../../src/duty/schedule.js';
import { importPagerDuty } from '../../src/import/pagerduty.js';
import { readPeople } from '../../src/people/read-people.js';
import { readPolicy } from '../../src/policy/read-policy.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const NOW = Date.parse('2026-12-01T00:00:00+09:00');
const MINUTE = 60_000;

const user = (id: string, name: string, mail: string, address: string | null) => ({
  id,
  type: 'user',
  name,
  email: mail,
  time_zone: 'Asia/Tokyo',
  contact_methods: [
    { id: `E${id}`, type: 'email_contact_method', address: mail },
    ...(address === null ? [] : [{ id: `T${id}`, type: 'phone_contact_method', country_code: 81, address }]),
  ],
});
const USERS = [
  user('PA', '田中', 'tanaka@example.com', '0300000001'),
  user('PB', '山田', 'yamada@example.com', '300000002'),
  user('PC', '佐藤', 'sato@example.com', '300000003'),
  user('PD', '加藤', 'kato@example.com', '300000004'),
  user('PE', 'Bot', 'unknown@example.com', null),
];
const of = (...ids: readonly string[]) => ids.map((id) => ({ user: { id, type: 'user_reference' } }));
const layer = (
  name: string,
  start: string,
  seconds: number,
  users: readonly string[],
  restrictions: readonly object[] = [],
) => ({
  id: `L${name}`,
  name,
  start,
  end: null,
  rotation_virtual_start: start,
  rotation_turn_length_seconds: seconds,
  users: of(...users),
  restrictions,
});
const DAY_SECONDS = 86_400;
const schedule = (id: string, name: string, layers: readonly object[], more: object = {}) => ({
  id,
  type: 'schedule',
  name,
  time_zone: 'Asia/Tokyo',
  schedule_layers: layers,
  ...more,
});

const EXPORT = {
  users: USERS,
  schedules: [
    schedule(
      'S1',
      'Primary On-Call',
      [
        layer(
          'Nights',
          '2026-11-30T12:00:00+09:00',
          DAY_SECONDS,
          ['PC', 'PD'],
          [{ type: 'daily_restriction', start_time_of_day: '22:00:00', duration_seconds: 32_400 }],
        ),
        layer('Weekly', '2026-11-30T09:00:00+09:00', 7 * DAY_SECONDS, ['PA', 'PB']),
        { ...layer('Old', '2020-01-01T09:00:00+09:00', DAY_SECONDS, ['PA']), end: '2021-01-01T00:00:00Z' },
      ],
      { overrides: [{ start: '2026-12-03T04:00:00Z', end: '2026-12-03T06:00:00Z', user: { id: 'PD' } }] },
    ),
    schedule('S2', 'Weekdays', [
      layer(
        'Days',
        '2026-11-30T09:00:00+09:00',
        DAY_SECONDS,
        ['PA', 'PB', 'PC'],
        [1, 2, 3, 4, 5].map((day) => ({
          type: 'weekly_restriction',
          start_day_of_week: day,
          start_time_of_day: '09:00:00',
          duration_seconds: 32_400,
        })),
      ),
    ]),
    schedule('S3', '当番', [layer('Every half hour', '2026-11-30T09:00:00+09:00', 1_800, ['PA', 'PB'])]),
    schedule('S4', 'Five hours', [
      {
        ...layer('Five hours', '2026-11-30T09:00:00+09:00', 18_000, ['PA', 'PB', 'PX']),
        end: '2026-12-02T08:00:00+09:00',
      },
    ]),
    { ...schedule('S5', 'Elsewhere', [layer('All', '2026-11-30T09:00:00+09:00', 3_600, ['PA'])]), time_zone: 'Mars' },
  ],
  escalation_policies: [
    {
      id: 'P1',
      name: 'Web: critical',
      num_loops: 1,
      services: [{ id: 'V1', summary: 'Shop' }],
      escalation_rules: [
        { escalation_delay_in_minutes: 15, targets: [{ id: 'S1', type: 'schedule_reference' }] },
        {
          escalation_delay_in_minutes: 5,
          targets: [
            { id: 'S2', type: 'schedule_reference' },
            { id: 'PA', type: 'user_reference' },
          ],
        },
      ],
    },
    {
      id: 'P2',
      name: 'Schedules only',
      num_loops: 0,
      escalation_rules: [
        {
          escalation_delay_in_minutes: 30,
          targets: [
            { id: 'S1', type: 'schedule_reference' },
            { id: 'S3', type: 'schedule_reference' },
          ],
        },
      ],
    },
  ],
  teams: [],
};

const imported = importPagerDuty(EXPORT, NOW);
const file = (path: string): string => imported.files.get(path) ?? '';
function scheduleIn(path: string): Schedule {
  const reading = readSchedule(file(path), () => '');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.schedule;
}

/** The minutes in which somebody else is on duty than in this table, typed by hand from the rules of PagerDuty; its last line ends it. */
function wrongMinutes(path: string, table: readonly (readonly [string, string | null])[]): readonly object[] {
  const found = scheduleIn(path);
  const wrong: object[] = [];
  for (const [index, [from, who]] of table.entries()) {
    const until = table[index + 1]?.[0] ?? from;
    for (let at = Date.parse(`${from}+09:00`); at < Date.parse(`${until}+09:00`); at += MINUTE) {
      const { people } = stretchAt(found, [], at);
      if (people.join() !== (who ?? '')) wrong.push({ at: new Date(at).toISOString(), people, who });
    }
  }
  return wrong;
}

describe('an export of PagerDuty', () => {
  test('becomes files that the checks accept', () => {
    expect([...imported.files.keys()]).toEqual([
      'people.yaml',
      'schedules/primary-on-call.yaml',
      'schedules/weekdays.yaml',
      'schedules/five-hours.yaml',
      'policies/web-critical.yaml',
      'policies/schedules-only.yaml',
    ]);
    const people = readPeople(file('people.yaml'));
    if (!people.ok) throw new Error(JSON.stringify(people.problems));
    expect([...people.people]).toEqual([
      ['tanaka', { name: '田中', phones: ['0300000001'] }],
      ['yamada', { name: '山田', phones: ['0300000002'] }],
      ['sato', { name: '佐藤', phones: ['0300000003'] }],
      ['kato', { name: '加藤', phones: ['0300000004'] }],
    ]);
    const handles = new Set(people.people.keys());
    for (const path of ['schedules/primary-on-call.yaml', 'schedules/weekdays.yaml']) {
      const reading = readSchedule(file(path), () => '');
      const problems = reading.ok ? checkSchedule(reading, { now: NOW, people: handles }) : reading.problems;
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
    for (const path of ['policies/web-critical.yaml', 'policies/schedules-only.yaml']) {
      const { problems } = readPolicy(file(path), { people: [...handles], schedules: ['primary-on-call', 'weekdays'] });
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  test('layers, of which the first wins, hours of each day, and overrides: the same people at each minute', () => {
    const wrong = wrongMinutes('schedules/primary-on-call.yaml', [
      ['2026-12-01T00:00', 'sato'],
      ['2026-12-01T07:00', 'tanaka'],
      ['2026-12-01T22:00', 'kato'],
      ['2026-12-02T07:00', 'tanaka'],
      ['2026-12-02T22:00', 'sato'],
      ['2026-12-03T07:00', 'tanaka'],
      ['2026-12-03T13:00', 'kato'],
      ['2026-12-03T15:00', 'tanaka'],
      ['2026-12-03T22:00', 'kato'],
      ['2026-12-04T07:00', 'tanaka'],
      ['2026-12-04T22:00', 'sato'],
      ['2026-12-05T07:00', 'tanaka'],
      ['2026-12-05T22:00', 'kato'],
      ['2026-12-06T07:00', 'tanaka'],
      ['2026-12-06T22:00', 'sato'],
      ['2026-12-07T07:00', 'tanaka'],
      ['2026-12-07T09:00', 'yamada'],
      ['2026-12-07T22:00', 'kato'],
      ['2026-12-08T07:00', 'yamada'],
      ['2026-12-08T22:00', null],
    ]);
    expect(wrong).toEqual([]);
  });

  test('turns of days count weekends too, although nobody is on duty then', () => {
    const days = [['12-01', 'yamada'], ['12-02', 'sato'], ['12-03', 'tanaka'], ['12-04', 'yamada'], ['12-07', 'yamada'], ['12-08', 'sato'], ['12-09', 'tanaka'], ['12-10', 'yamada'], ['12-11', 'sato'], ['12-14', 'sato'], ['12-15', 'tanaka'], ['12-21', 'tanaka'], ['12-22', 'yamada']] as const; // prettier-ignore
    const wrong = days.flatMap(([day, who]) =>
      wrongMinutes('schedules/weekdays.yaml', [
        [`2026-${day}T08:00`, null],
        [`2026-${day}T09:00`, who],
        [`2026-${day}T18:00`, null],
        [`2026-${day}T19:00`, null],
      ]),
    );
    const weekend = [['2026-12-04T18:00', null], ['2026-12-07T09:00', null]] as const; // prettier-ignore
    expect([...wrong, ...wrongMinutes('schedules/weekdays.yaml', weekend)]).toEqual([]);
  });

  test('turns that divide no day, with the place of a user who is not there, until their end', () => {
    const found = scheduleIn('schedules/five-hours.yaml');
    const at = (moment: string) => stretchAt(found, [], Date.parse(`${moment}+09:00`)).people.join();
    expect(at('2026-11-30T13:59')).toBe('tanaka');
    expect(at('2026-11-30T14:00')).toBe('yamada');
    expect(at('2026-11-30T18:59')).toBe('yamada');
    expect(at('2026-11-30T19:00')).toBe('');
    expect(at('2026-12-01T00:00')).toBe('tanaka');
    expect(at('2026-12-02T07:59')).toBe('tanaka');
    expect(at('2026-12-02T08:00')).toBe('');
  });

  test('says all that has no counterpart, and what is to be done', () => {
    const report = imported.report.join('\n');
    expect(imported.report).toContain(
      'people.yaml: unknown-1 has no telephone number that can be used: add one, or nobody can call this person',
    );
    expect(report).toMatch(/schedules\/primary-on-call.yaml: the layer "Old" is left out: it has ended/);
    expect(report).toMatch(/the layer "Every half hour" is left out: its turns are not whole hours/);
    expect(report).toMatch(/schedules\/.*: it is not written: no part of "当番" can be used/);
    expect(report).toMatch(/elsewhere.yaml: it is not written: the time zone "Mars" of "Elsewhere" is not known/);
    expect(report).toMatch(
      /five-hours.yaml: a user of the layer "Five hours" is not in the export: the turns are kept/,
    );
    expect(report).toMatch(/policies\/schedules-only.yaml: a target of level 1 is left out/);
    expect(report).toMatch(/policies\/schedules-only.yaml: "everybody" is added as the last level/);
    expect(report).toMatch(/services use it \(Shop\)/);
    expect(report).toMatch(/"teams" is not read/);
    expect(report).not.toMatch(/0?300000001/);
  });

  test('levels, their delays and repetitions', () => {
    const reading = readPolicy(file('policies/web-critical.yaml'), { people: ['tanaka'] });
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    const { policy } = reading;
    expect(Object.keys(policy.steps)).toEqual(['level-1', 'level-2', 'round-2-level-1', 'round-2-level-2']);
    expect(policy.start).toBe('level-1');
  });

  test('that is something else becomes nothing', () => {
    for (const odd of [
      null,
      [],
      'text',
      { users: 1, schedules: {}, escalation_policies: [null, 7] },
      { schedules: [{ schedule_layers: [{ users: [{}], restrictions: [{}] }] }] },
    ]) {
      expect([...importPagerDuty(odd, NOW).files.keys()]).toEqual([]);
    }
  });
});

describe('pigeonflow import pagerduty', () => {
  afterEach(() => vi.restoreAllMocks());

  test('writes the files and the report, and replaces nothing', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'export.json');
    writeFileSync(source, JSON.stringify(EXPORT));
    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    const run = () => importCommand().parseAsync(['pagerduty', source, '--into', folder], { from: 'user' });
    await run();
    expect(printed.slice(0, 2)).toEqual([
      `written: ${folder}/people.yaml`,
      `written: ${folder}/schedules/primary-on-call.yaml`,
    ]);
    expect(printed.filter((line) => line.startsWith('– ')).length).toBeGreaterThan(5);
    expect(readFileSync(join(folder, 'people.yaml'), 'utf8')).toContain('田中');
    await expect(run()).rejects.toThrow('nothing is written');
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { importCommand } from '../../src/cli/import.js';
import { checkSchedule } from '../../src/duty/check-schedule.js';
import { stretchAt } from '../../src/duty/on-duty.js';
import { readSchedule } from '../../src/duty/read-schedule.js';
import type { Imported } from '../../src/import/drafts.js';
import { importOpsgenie } from '../../src/import/opsgenie.js';
import { readPeople } from '../../src/people/read-people.js';
import { readPolicy } from '../../src/policy/read-policy.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const NOW = Date.parse('2026-12-01T00:00:00+09:00');

const user = (id: string, fullName: string, mail: string, contacts: readonly (readonly [string, string])[]) => ({
  id,
  username: mail,
  fullName,
  role: { id: 'User', name: 'User' },
  blocked: false,
  timeZone: 'Asia/Tokyo',
  userContacts: contacts.map(([contactMethod, to]) => ({ id: `${id}${to}`, contactMethod, to, enabled: true })),
});
const USERS = [
  user('U1', '田中', 'tanaka@example.com', [['voice', '81-300000001'], ['email', 'tanaka@example.com']]), // prettier-ignore
  user('U2', '山田', 'yamada@example.com', [['sms', '81-0300000002']]),
  user('U3', '佐藤', 'sato@example.com', [['voice', '81-300000003']]),
  user('U4', '加藤', 'kato@example.com', [['voice', '81-300000004']]),
  user('U5', 'Bot', 'unknown@example.com', [['mobile', 'App']]),
];
const TEAM = {
  id: 'T1',
  name: 'Web',
  members: [
    { user: { id: 'U1', username: 'tanaka@example.com' }, role: 'admin' },
    { user: { id: 'U3', username: 'sato@example.com' }, role: 'user' },
    { user: { id: 'U4', username: 'kato@example.com' }, role: 'user' },
  ],
};
const people = (...ids: readonly string[]) => ids.map((id) => ({ type: 'user', id }));
const rotation = (
  name: string,
  type: string,
  startDate: string,
  participants: readonly object[],
  more: object = {},
) => ({
  id: `R-${name}`,
  name,
  startDate,
  type,
  length: 1,
  participants,
  ...more,
});
const schedule = (id: string, name: string, rotations: readonly object[], more: object = {}) => ({
  id,
  name,
  timezone: 'Asia/Tokyo',
  enabled: true,
  ownerTeam: { id: 'T1', name: 'Web' },
  rotations,
  ...more,
});
const day = (startHour: number, endHour: number) => ({
  type: 'time-of-day',
  restriction: { startHour, startMin: 0, endHour, endMin: 0 },
});
const rule = (minutes: number, type: string, id: string, more: object = {}) => ({
  condition: 'if-not-acked',
  notifyType: 'default',
  recipient: { type, id },
  delay: { timeAmount: minutes, timeUnit: 'minutes' },
  ...more,
});

const fileOf = (imported: Imported, path: string): string => imported.files.get(path) ?? '';
function scheduleOf(imported: Imported, path: string) {
  const reading = readSchedule(fileOf(imported, path), () => '');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.schedule;
}
const on = (imported: Imported, path: string, at: string): string =>
  stretchAt(scheduleOf(imported, path), [], Date.parse(`${at}+09:00`)).people.join();
const rotationsOf = (...rotations: readonly object[]) =>
  importOpsgenie([{ users: USERS, teams: [TEAM], schedules: [schedule('S1', 'web', rotations)] }], NOW);

describe('rotations of one schedule', () => {
  test('that are on duty at once are a team, in their order, each with their own hand-off', () => {
    const imported = rotationsOf(
      rotation('weekly', 'weekly', '2026-11-30T00:00:00Z', people('U1', 'U2')),
      rotation('daily', 'daily', '2026-11-30T08:00:00Z', people('U3', 'U4', 'U1')),
    );
    expect([...imported.files.keys()]).toEqual(['people.yaml', 'schedules/web.yaml']);
    const at = (moment: string) => on(imported, 'schedules/web.yaml', moment);
    expect(at('2026-12-01T08:59')).toBe('tanaka,sato');
    expect(at('2026-12-01T16:59')).toBe('tanaka,sato');
    expect(at('2026-12-01T17:00')).toBe('tanaka,kato');
    expect(at('2026-12-02T17:00')).toBe('tanaka');
    expect(at('2026-12-07T08:59')).toBe('tanaka,sato');
    expect(at('2026-12-07T09:00')).toBe('yamada,sato');
    expect(imported.report.join('\n')).toMatch(
      /web.yaml: who is on duty at once \("weekly", "daily"\) is called one after/,
    );
  });

  test('with hours of their own are together only in those that both have', () => {
    const imported = rotationsOf(
      rotation('all', 'weekly', '2026-11-30T00:00:00Z', people('U1', 'U2')),
      rotation('nights', 'daily', '2026-11-30T03:00:00Z', people('U3', 'U4'), { timeRestriction: day(22, 7) }),
    );
    const at = (moment: string) => on(imported, 'schedules/web.yaml', moment);
    expect(at('2026-12-01T21:59')).toBe('tanaka');
    expect(at('2026-12-01T22:00')).toBe('tanaka,kato');
    expect(at('2026-12-02T06:59')).toBe('tanaka,kato');
    expect(at('2026-12-02T07:00')).toBe('tanaka');
    expect(at('2026-12-07T22:00')).toBe('yamada,kato');
  });

  test('whose turns cannot be one list are files of their own, which policies call at once', () => {
    const users = Array.from({ length: 11 }, (_, index) =>
      user(`N${index}`, `n${index}`, `n${index}@example.com`, [['voice', '81-300000001']]),
    );
    const ids = users.map(({ id }) => id);
    const imported = importOpsgenie(
      [
        users,
        schedule('S1', '当番', [
          rotation('a', 'hourly', '2026-11-30T00:00:00Z', people(...ids)),
          rotation('b', 'daily', '2026-11-30T00:30:00Z', people(...ids.slice(0, 7))),
        ]),
        { data: [{ id: 'E1', name: 'web', rules: [rule(0, 'schedule', 'S1', { notifyType: 'next' })] }] },
      ],
      NOW,
    );
    expect([...imported.files.keys()]).toEqual(['people.yaml', 'schedules/schedule.yaml', 'schedules/2.yaml', 'policies/web.yaml']); // prettier-ignore
    expect(fileOf(imported, 'policies/web.yaml')).toMatch(/onDuty: schedule\n\s+next: 1[^]+onDuty: "2"\n\s+next: 1/);
    expect(imported.report.join('\n')).toMatch(/the others are 2, and policies call them at once/);
  });

  test('restrictions of weekdays, pauses, teams, and ends', () => {
    const imported = rotationsOf(
      rotation('office', 'daily', '2026-11-30T00:00:00Z', [{ type: 'team', name: 'Web' }, { type: 'none' }], {
        timeRestriction: {
          type: 'weekday-and-time-of-day',
          restrictions: [
            { startDay: 'monday', startHour: 9, startMin: 30, endDay: 'monday', endHour: 18, endMin: 0 },
            { startDay: 'friday', startHour: 18, startMin: 0, endDay: 'monday', endHour: 9, endMin: 0 },
          ],
        },
      }),
      rotation('until', 'weekly', '2026-11-30T00:00:00Z', people('U2'), {
        endDate: '2026-12-14T00:00:00Z',
        timeRestriction: day(18, 19),
      }),
      rotation('old', 'weekly', '2020-11-30T00:00:00Z', people('U2'), { endDate: '2021-12-14T00:00:00Z' }),
    );
    const at = (moment: string) => on(imported, 'schedules/web.yaml', moment);
    expect(at('2026-12-07T09:29')).toBe('');
    expect(at('2026-12-07T09:30')).toBe('');
    expect(at('2026-12-14T09:30')).toBe('tanaka,sato,kato');
    expect(at('2026-12-12T12:00')).toBe('tanaka,sato,kato');
    expect(at('2026-12-10T18:30')).toBe('yamada');
    expect(at('2026-12-14T18:30')).toBe('');
    const report = imported.report.join('\n');
    expect(report).toMatch(/"until" ends 2026-12-14T09:00/);
    expect(report).toMatch(/"old" is left out: it has ended/);
    expect(report).toMatch(/a team has its routing rules in Opsgenie/);
  });

  test('an override replaces all, or those of its rotations', () => {
    const overrides = [
      { user: { type: 'user', username: 'kato@example.com' }, startDate: '2026-12-02T00:00:00Z', endDate: '2026-12-02T03:00:00Z' }, // prettier-ignore
      { alias: 'x', user: { id: 'U4' }, startDate: '2026-12-03T00:00:00Z', endDate: '2026-12-05T00:00:00Z', rotations: [{ id: 'R-b' }] }, // prettier-ignore
      { alias: 'y', user: { type: 'none' }, startDate: '2026-12-08T00:00:00Z', endDate: '2026-12-09T00:00:00Z' },
      { alias: 'z', user: { id: 'U4' }, startDate: '2026-11-08T00:00:00Z', endDate: '2026-11-09T00:00:00Z' },
    ];
    const rotations = [
      rotation('a', 'weekly', '2026-11-30T00:00:00Z', people('U1')),
      rotation('b', 'daily', '2026-11-30T00:00:00Z', people('U2', 'U3')),
    ];
    const imported = importOpsgenie(
      [USERS, schedule('S1', 'web', rotations), { data: overrides.map((one) => ({ ...one, _parent: { id: 'S1' } })) }],
      NOW,
    );
    const at = (moment: string) => on(imported, 'schedules/web.yaml', moment);
    expect(at('2026-12-02T09:00')).toBe('kato');
    expect(at('2026-12-02T12:00')).toBe('tanaka,yamada');
    expect(at('2026-12-03T09:00')).toBe('tanaka,kato');
    expect(at('2026-12-04T09:00')).toBe('tanaka,kato');
    expect(at('2026-12-05T09:00')).toBe('tanaka,sato');
    expect(imported.report.filter((line) => /an override/.test(line))).toEqual([
      'schedules/web.yaml: an override from 2026-12-08T00:00:00Z is left out: its user or its time is not in the export, or it is for nobody',
    ]);
  });
});

const ESCALATION = {
  id: 'E1',
  name: 'Web_escalation',
  ownerTeam: { id: 'T1', name: 'Web' },
  rules: [
    rule(0, 'schedule', 'S1'),
    rule(5, 'schedule', 'S1', { notifyType: 'next' }),
    rule(5, 'user', 'U4'),
    rule(20, 'team', 'T1', { notifyType: 'admins', condition: 'if-not-closed' }),
    rule(30, 'team', 'T1', { notifyType: 'random' }),
    rule(30, 'user', 'U9'),
  ],
  repeat: { waitInterval: 10, count: 1, resetRecipientStates: true, closeAlertAfterAll: true },
};
const WHOLE = [
  { data: USERS, totalCount: 5, took: 0.1, requestId: 'x' },
  { team: TEAM, teamRoutingRules: [{ id: 'x' }], teamRoles: [] },
  {
    schedule: schedule('S1', 'Web_schedule', [
      rotation('weekly', 'WEEKLY', '2026-11-30T00:00:00Z', people('U1', 'U3')),
    ]),
    scheduleOverrideList: [
      { alias: 'a', user: { id: 'U4' }, startDate: Date.parse('2026-12-02T00:00Z'), endDate: Date.parse('2026-12-02T03:00Z') }, // prettier-ignore
    ],
  },
  ESCALATION,
];

describe('an export of Opsgenie', () => {
  const imported = importOpsgenie(WHOLE, NOW);

  test('becomes files that the checks accept, of the API and of the backup', () => {
    expect([...imported.files.keys()]).toEqual(['people.yaml', 'schedules/web-schedule.yaml', 'policies/web-escalation.yaml']); // prettier-ignore
    const people = readPeople(fileOf(imported, 'people.yaml'));
    if (!people.ok) throw new Error(JSON.stringify(people.problems));
    expect([...people.people].map(([handle, { phones }]) => [handle, ...phones])).toEqual([
      ['tanaka', '0300000001'],
      ['yamada', '0300000002'],
      ['sato', '0300000003'],
      ['kato', '0300000004'],
    ]);
    const reading = readSchedule(fileOf(imported, 'schedules/web-schedule.yaml'), () => '');
    const handles = new Set(people.people.keys());
    expect(reading.ok && checkSchedule(reading, { now: NOW, people: handles })).toEqual([]);
    const { problems } = readPolicy(fileOf(imported, 'policies/web-escalation.yaml'), {
      people: [...handles],
      schedules: ['web-schedule'],
    });
    expect(problems).toEqual([]);
    expect(on(imported, 'schedules/web-schedule.yaml', '2026-12-02T10:00')).toBe('kato');
  });

  test('levels by the time since the alert began, with all of one time at once', () => {
    const reading = readPolicy(fileOf(imported, 'policies/web-escalation.yaml'), { people: 'unknown' });
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    const { policy } = reading;
    expect(Object.keys(policy.steps)).toEqual([1, 2, 3, 4].flatMap((level) => `level-${level}`).concat([1, 2, 3, 4].map((level) => `round-2-level-${level}`))); // prettier-ignore
    expect(
      Object.values(policy.steps)
        .slice(0, 4)
        .map(({ attempts, call, every }) => [call.map(({ callees }) => callees), attempts, every]),
    ).toMatchInlineSnapshot(`
      [
        [
          [
            {
              "contacts": [
                {
                  "onDuty": "web-schedule",
                },
              ],
              "local": {},
              "loopLimit": 1,
            },
          ],
          1,
          "1m",
        ],
        [
          [
            {
              "contacts": [
                {
                  "next": 1,
                  "onDuty": "web-schedule",
                },
              ],
              "local": {},
              "loopLimit": 1,
            },
            {
              "contacts": [
                "kato",
              ],
              "local": {},
              "loopLimit": 1,
            },
          ],
          3,
          "5m",
        ],
        [
          [
            {
              "contacts": [
                "tanaka",
              ],
              "local": {},
              "loopLimit": 1,
            },
          ],
          2,
          "5m",
        ],
        [
          [
            {
              "contacts": [
                "tanaka",
                "sato",
                "kato",
              ],
              "local": {},
              "loopLimit": 1,
            },
          ],
          2,
          "5m",
        ],
      ]
    `);
    expect(policy.acknowledged).toMatchInlineSnapshot(`
      {
        "otherwise": {
          "kind": "escalate",
          "step": "level-3",
        },
        "resolveWithin": "20m",
      }
    `);
  });

  test('says all that has no counterpart, and what is to be done', () => {
    expect(imported.report).toMatchInlineSnapshot(`
      [
        ""teamRoutingRules" is not read: there is nothing like it here",
        ""teamRoles" is not read: there is nothing like it here",
        "people.yaml: unknown-1 has no telephone number that can be used: add one, or nobody can call this person",
        "policies/web-escalation.yaml: rule 5: not one member at random, but all, one after the other",
        "policies/web-escalation.yaml: rule 6 is left out: it has nobody who is in the export and was written",
        "policies/web-escalation.yaml: Opsgenie has no texts for the telephone, and each user's own notification rules: read \`say\`, \`attempts\` and \`every\`",
        "policies/web-escalation.yaml: "if not closed" counts from the acknowledgement here: read \`acknowledged\`",
        "policies/web-escalation.yaml: a repetition takes no acknowledgement back here; \`acknowledged\` calls again",
        "policies/web-escalation.yaml: after the last repetition Opsgenie closes the alert; here it stays open",
      ]
    `);
    expect(imported.report.join()).not.toMatch(/0?300000001/);
  });

  test('that is something else becomes nothing', () => {
    for (const odd of [null, 7, 'text', [], [null], { data: [[{}]] }, { rotations: [] }, { rules: [null] }]) {
      expect([...importOpsgenie([odd], NOW).files.keys()]).toEqual([]);
    }
  });
});

describe('pigeonflow import opsgenie', () => {
  afterEach(() => vi.restoreAllMocks());

  test('takes several files', async () => {
    const folder = temporaryFolder();
    const sources = WHOLE.map((part, index) => {
      const source = join(folder, `${index}.json`);
      writeFileSync(source, JSON.stringify(part));
      return source;
    });
    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    await importCommand().parseAsync(['opsgenie', ...sources, '--into', folder], { from: 'user' });
    expect(printed.slice(0, 3)).toEqual([
      `written: ${folder}/people.yaml`,
      `written: ${folder}/schedules/web-schedule.yaml`,
      `written: ${folder}/policies/web-escalation.yaml`,
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incidentId } from '../../src/client/incident-id.js';
import { SEVERITIES, severityOf, type Severity } from '../../src/contract/severity.js';
import { routeAll, type Routed } from '../../src/routing/route-all.js';
import { receive } from '../../src/alerts/alert.js';
import { source as alertmanager } from '../../src/alerts/sources/alertmanager.js';
import { source as grafana } from '../../src/alerts/sources/grafana.js';
import type { Routes } from '../../src/routing/routes.js';
import { readRoutes } from '../../src/routing/read-routes.js';
import { routesOf, SURROUNDINGS } from '../routing/routes.js';

/** A Wednesday, 03:00 and 12:00 in Tokyo. */
const NIGHT = Date.parse('2026-11-25T03:00:00+09:00');
const NOON = Date.parse('2026-11-25T12:00:00+09:00');
const KEY = '{}:{cluster="tokyo"}';

interface Sent {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary?: string;
  readonly over?: boolean;
}

const sent = (labels: Readonly<Record<string, string>>, more: Partial<Sent> = {}): Sent => ({ labels, ...more });

function groupOf(alerts: readonly Sent[], more: object = {}): object {
  return {
    version: '4',
    groupKey: KEY,
    status: alerts.some(({ over }) => over !== true) ? 'firing' : 'resolved',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    alerts: alerts.map(({ labels, summary, over }) => ({
      status: over === true ? 'resolved' : 'firing',
      labels,
      annotations: summary === undefined ? {} : { summary },
      startsAt: '2026-11-24T18:00:00Z',
    })),
    ...more,
  };
}

const SOURCES = { alertmanager, grafana };
const CONTEXT = { newKey: () => 'new' };

function routed(
  file: string | Routes,
  body: object,
  at = NIGHT,
  source: keyof typeof SOURCES = 'alertmanager',
): readonly Routed[] {
  const result = receive(source, SOURCES[source], { headers: {}, query: {}, body }, CONTEXT);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  const routes = typeof file === 'string' ? routesOf(file) : file;
  return result.alerts.flatMap((alert) => routeAll(routes, alert, { integration: 'shop', at }));
}

const seen = (all: readonly Routed[]) =>
  all.map(({ alert, decision }) =>
    decision.kind === 'open' || decision.kind === 'ignore'
      ? `${decision.kind} ${decision.rule}: ${alert.severity} ${alert.summary}, ${alert.labels['alertCount'] ?? ''}`
      : decision.kind === 'followUp'
        ? `${decision.action} ${decision.incidents.length}`
        : decision.kind,
  );

const opened = (all: readonly Routed[]) => all.flatMap(({ decision }) => (decision.kind === 'open' ? [decision] : []));
const ended = (all: readonly Routed[]) =>
  all.flatMap(({ decision }) => (decision.kind === 'followUp' ? decision.incidents : []));

const TEAMS = `rules:
  - { name: db, when: { labels: { team: db } }, policy: stored }
  - { name: web, when: { labels: { team: web }, severity: [critical, error] }, policy: stored }
  - { name: others, ignore: true }`;
const ONE = 'rules: [{ name: all, policy: stored }]';
const db = sent({ team: 'db', severity: 'critical', instance: 'db-1' }, { summary: 'database is down' });
const cpu = sent({ team: 'web', severity: 'warning', instance: 'web-1' }, { summary: 'cpu is high' });
const web = sent({ team: 'web', instance: 'web-2' }, { summary: 'no answer' });
const over = (alert: Sent): Sent => ({ ...alert, over: true });

describe('of a group', () => {
  test('each alert is judged: a part for each rule, and only what an ignoring rule meets is ignored', () => {
    expect(seen(routed(TEAMS, groupOf([cpu, db, web])))).toEqual([
      'ignore others: warning cpu is high, 1',
      'open db: critical database is down, 1',
      'open web: error no answer, 1',
    ]);
  });

  test.for(['alertmanager', 'grafana'] as const)('%s: the same', (source) => {
    const rules = opened(routed(TEAMS, groupOf([cpu, db, web]), NIGHT, source)).map(({ rule }) => rule);
    expect(rules).toEqual(['db', 'web']);
  });

  test('that was cut, and of which nothing that is known calls, what is not known calls as an error', () => {
    const cut = (alerts: readonly Sent[], more: object = {}) =>
      routed(TEAMS, groupOf(alerts, { truncatedAlerts: 5, groupLabels: { team: 'db' }, ...more }));
    const info = sent({ team: 'net', severity: 'info' });
    const quiet = `rules:
  - { name: quiet, when: { severity: [warning, info] }, ignore: true }
  - { name: all, policy: stored }`;
    const all = routed(quiet, groupOf([info], { truncatedAlerts: 5 }));
    expect(seen(all)[1]).toMatch(/^open all: error .*, 6$/);
    expect(seen(all)).toHaveLength(2);
    expect(opened(routed(quiet, groupOf([info])))).toEqual([]);
    // Where one calls already, it says how many there are.
    expect(opened(cut([db, cpu]))).toHaveLength(1);
    // Only what the whole group has in common is known of it.
    expect(opened(cut([cpu], { groupLabels: {} }))).toEqual([]);
  });

  test('what no rule takes is said, beside what one takes', () => {
    const file = 'rules: [{ name: db, when: { labels: { team: db } }, policy: stored }]';
    expect(seen(routed(file, groupOf([db, cpu])))).toEqual(['open db: critical database is down, 1', 'unrouted']);
  });

  test.for([
    [['warning', undefined], 'error'],
    [['none', 'P-terrible'], 'error'],
    [['info', 'critical', 'warning'], 'critical'],
    [['info', 'warning'], 'warning'],
  ] as const)('severities %j are together %s', ([words, severity]) => {
    const alerts = words.map((word, index) =>
      sent({ n: String(index), ...(word !== undefined && { severity: word }) }),
    );
    expect(routed(ONE, groupOf(alerts))[0]?.alert.severity).toBe(severity);
  });

  test('the worst alert tells it: summary, labels and parameters, and how many more there are', () => {
    const file = `rules: [{ name: all, policy: web, parameters: { server:
      ["{{labels.instance}}: {{summary}}, {{labels.otherAlerts}} more", "{{labels.instance}}: {{summary}}"] } }]`;
    const parameters = (...alerts: Sent[]) =>
      opened(routed(file, groupOf(alerts))).map(({ input }) => input.parameters?.['server']);
    expect(parameters(cpu, db, web)).toEqual(['db-1: database is down, 2 more']);
    expect(parameters(db)).toEqual(['db-1: database is down']);
  });

  test('one odd time of its beginning does not hide the others', () => {
    const body = groupOf([db, web, cpu]) as { alerts: { startsAt: string }[] };
    const times = ['0001-01-01T00:00:00Z', '2026-11-25 03:00:00.123 +0900 JST m=+0.01', '2026-11-24T18:00:00Z'];
    body.alerts.forEach((alert, index) => (alert.startsAt = times[index] ?? ''));
    expect(routed(ONE, body)[0]?.alert.startedAt).toBe('2026-11-24T18:00:00.000Z');
  });
});

describe('the incident of a group', () => {
  const whole = incidentId({ source: 'alertmanager', route: 'shop', dedupKey: KEY });

  test('belongs to its key alone where one rule at most can call for any of it', () => {
    const ignoring = `rules:
  - { name: quiet, when: { severity: [warning, info] }, ignore: true }
  - { name: aws, when: { source: sns }, policy: stored }
  - { name: osaka, when: { labels: { cluster: osaka } }, policy: stored }
  - { name: all, policy: stored }`;
    const body = groupOf([db, cpu], { groupLabels: { cluster: 'tokyo' } });
    expect(opened(routed(ignoring, body)).map(({ incident, instead }) => ({ incident, instead }))).toEqual([
      { incident: whole, instead: [] },
    ]);
  });

  test('else to key and rule, whatever else is in the group', () => {
    const id = (...alerts: Sent[]) =>
      opened(routed(TEAMS, groupOf(alerts))).find(({ rule }) => rule === 'db')?.incident;
    const alone = id(db);
    expect(alone).not.toBe(whole);
    expect(id(web, db)).toBe(alone);
    expect(id(cpu, db, over(web))).toBe(alone);
  });

  test('that was opened under the key alone hears of a group that is not split', () => {
    expect(opened(routed(TEAMS, groupOf([db])))[0]?.instead).toEqual([whole]);
    expect(opened(routed(TEAMS, groupOf([db, web]))).map(({ instead }) => instead)).toEqual([[], []]);
  });

  test('that a rule of another hour opened for the same alerts hears of them, and no second one opens', () => {
    const shifts = `
timeZone: Asia/Tokyo
rules:
  - { name: night, when: { time: { from: "22:00", to: "06:00" } }, policy: stored }
  - { name: day, policy: stored }`;
    const [atNoon] = opened(routed(shifts, groupOf([db]), NOON));
    const [atNight] = opened(routed(shifts, groupOf([db, cpu]), NIGHT));
    expect([atNoon?.rule, atNight?.rule]).toEqual(['day', 'night']);
    expect(atNight?.instead[0]).toBe(atNoon?.incident);
    expect(ended(routed(shifts, groupOf([over(db)]), NIGHT))).toContain(atNoon?.incident);
  });
});

describe('the end', () => {
  const idOf = (alert: Sent) => opened(routed(TEAMS, groupOf([alert])))[0]?.incident;

  test('of one part ends that part alone', () => {
    const all = routed(TEAMS, groupOf([over(db), web]));
    expect(seen(all)).toEqual(['open web: error no answer, 1', 'resolve 1']);
    expect(ended(all)).toEqual([idOf(db)]);
  });

  test('of one part ends it where the rule asks how many alerts there are, which nobody knows of its trigger', () => {
    const file = `rules:
  - { name: storm, when: { labels: { team: db, alertCount: { matches: "[2-9]" } } }, policy: stored }
  - { name: db, when: { labels: { team: db } }, policy: stored }
  - { name: rest, policy: stored }`;
    const [storm] = opened(routed(file, groupOf([db, sent({ team: 'db', instance: 'db-2' })])));
    expect(storm?.rule).toBe('storm');
    expect(ended(routed(file, groupOf([over(db), web])))).toContain(storm?.incident);
    // It still fires, if of fewer alerts.
    expect(ended(routed(file, groupOf([over(db), sent({ team: 'db', instance: 'db-2' })])))).not.toContain(
      storm?.incident,
    );
  });

  test('of one alert of a part ends nothing', () => {
    expect(seen(routed(TEAMS, groupOf([over(db), sent({ team: 'db', instance: 'db-2' })])))).toHaveLength(1);
  });

  test('of all that a rule calls for ends its incident, while what is ignored still fires', () => {
    const file = 'rules: [{ name: quiet, when: { severity: info }, ignore: true }, { name: all, policy: stored }]';
    const info = sent({ severity: 'info' });
    expect(ended(routed(file, groupOf([over(db), info])))).toHaveLength(1);
    // At another hour it may have called for it.
    const hour = `
timeZone: Asia/Tokyo
rules:
  - { name: quiet, when: { severity: info, time: { from: "22:00", to: "06:00" } }, ignore: true }
  - { name: all, policy: stored }`;
    expect(ended(routed(hour, groupOf([over(db), info])))).toEqual([]);
  });

  test('of the group ends all of its parts, also of alerts that it does not name any more', () => {
    expect(ended(routed(TEAMS, groupOf([over(cpu)])))).toEqual(expect.arrayContaining([idOf(db), idOf(web)]));
  });

  test('is not known where the sender has cut the group', () => {
    const body = groupOf([over(db)], { truncatedAlerts: 5 });
    expect(receive('alertmanager', alertmanager, { headers: {}, query: {}, body }, CONTEXT)).toMatchObject({
      ok: true,
      alerts: [],
      ignored: [{}],
    });
    expect(ended(routed(TEAMS, groupOf([over(db), web], { truncatedAlerts: 5 })))).toEqual([]);
  });

  test('leaves to people what a rule wants left to them', () => {
    const file = `rules:
  - { name: db, when: { labels: { team: db } }, policy: stored, resolves: false }
  - { name: rest, policy: stored }`;
    const [kept] = opened(routed(file, groupOf([db])));
    expect(ended(routed(file, groupOf([over(db), over(web)])))).not.toContain(kept?.incident);
    expect(ended(routed(file, groupOf([over(web)])))).not.toContain(kept?.incident);
  });
});

describe('a rule that groups', () => {
  const file = `rules:
  - { name: host, when: { labels: { team: db } }, policy: stored, group: { by: "{{labels.instance}}" } }
  - { name: rest, policy: stored }`;

  test('reads each alert of a group of the sender', () => {
    const keys = opened(routed(file, groupOf([db, sent({ team: 'db', instance: 'db-2' })])));
    expect(keys.map(({ input }) => input.dedupKey)).toEqual(['["host","db-1"]', '["host","db-2"]']);
  });

  test('never makes strangers one incident because they lack the label', () => {
    const lacking = (groupKey: string) => opened(routed(file, groupOf([sent({ team: 'db' })], { groupKey })));
    const [[one], [other], [again]] = [lacking('a'), lacking('b'), lacking('a')];
    expect(one?.ungrouped).toEqual(['labels.instance']);
    expect(one?.incident).not.toBe(other?.incident);
    expect(one?.incident).toBe(again?.incident);
  });
});

/** Rules by team, severity, source, time and of every kind of outcome; an alert of each kind, and some that lack something. */
const rule = fc.record({
  when: fc.record(
    {
      team: fc.constantFrom<readonly string[]>(['db'], ['web'], ['db', 'net']),
      severity: fc.constantFrom<readonly Severity[]>(['critical'], ['critical', 'error'], ['warning', 'info']),
      source: fc.constantFrom('alertmanager', 'grafana', 'sns'),
      time: fc.constantFrom('{ from: "22:00", to: "06:00" }', '{ days: sat-sun }', '{ from: "06:00", to: "22:00" }'),
    },
    { requiredKeys: [] },
  ),
  outcome: fc.constantFrom(
    'ignore: true',
    'policy: stored',
    'policy: stored, resolves: false',
    'policy: stored, group: { by: "{{labels.instance}}" }',
    'policy: stored, group: { by: ["{{labels.cluster}}", "{{severity}}"], window: 8h }',
  ),
});
const written = (rules: readonly (typeof rule extends fc.Arbitrary<infer T> ? T : never)[]): string =>
  rules
    .map(({ when: { team, severity, source, time }, outcome }, index) => {
      const conditions = [
        ...(team === undefined ? [] : [`labels: { team: ${JSON.stringify(team)} }`]),
        ...(severity === undefined ? [] : [`severity: ${JSON.stringify(severity)}`]),
        ...(source === undefined ? [] : [`source: ${source}`]),
        ...(time === undefined ? [] : [`time: ${time}`]),
      ];
      // A source keeps it from being a catch-all, behind which no rule may stand.
      const when = conditions.length === 0 ? 'source: [alertmanager, grafana]' : conditions.join(', ');
      return `  - { name: r${index}, when: { ${when} }, ${outcome} }`;
    })
    .join('\n');
const alert = fc.record(
  {
    team: fc.constantFrom('db', 'web', 'net', 'none of these'),
    severity: fc.constantFrom('critical', 'warning', 'info', 'none', 'Disaster', 'a word of next year', ''),
    instance: fc.constantFrom('a', 'b', 'c'),
    cluster: fc.constantFrom('tokyo', 'osaka'),
  },
  { requiredKeys: [] },
);

test('splitting, merging and reordering 500 groups never reduces who is called, for what, or how bad it is', () => {
  let calls = 0;
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      fc.uniqueArray(alert, { minLength: 2, maxLength: 6, selector: (labels) => JSON.stringify(labels) }),
      fc.nat(),
      fc.constantFrom(NIGHT, NOON),
      fc.constantFrom('alertmanager', 'grafana'),
      (rules, hasCatchAll, alerts, seed, at, source) => {
        const rest = '\n  - { name: rest, policy: stored }';
        const routes =
          readOrNull(`timeZone: Asia/Tokyo\nrules:\n${written(rules)}${hasCatchAll ? rest : ''}`) ??
          // No alert can come to one of its rules.
          routesOf(`timeZone: Asia/Tokyo\nrules:\n${written(rules.slice(0, 1))}${rest}`);
        const called = (some: readonly Readonly<Record<string, string>>[]) =>
          opened(routed(routes, groupOf(some.map((labels) => sent(labels))), at, source)).map(
            ({ rule, incident, input }) => ({ id: `${rule} ${incident}`, severity: severityOf(input.severity) }),
          );
        const together = called(alerts);
        const cut = 1 + (seed % (alerts.length - 1));
        const apart = [...called(alerts.slice(0, cut)), ...called(alerts.slice(cut))];
        const alone = alerts.flatMap((labels) => called([labels]));
        const turned = called([...alerts.slice(cut), ...alerts.slice(0, cut)].toReversed());
        expect(worstById(together)).toEqual(worstById(alone));
        expect(worstById(apart)).toEqual(worstById(alone));
        expect(worstById(turned)).toEqual(worstById(alone));
        calls += together.length;
      },
    ),
    { numRuns: 500 },
  );
  expect(calls).toBeGreaterThan(200);
});

function readOrNull(text: string): Routes | null {
  const reading = readRoutes(text, SURROUNDINGS);
  return reading.ok ? reading.routes : null;
}

function worstById(called: readonly { readonly id: string; readonly severity: Severity }[]) {
  const worst = new Map<string, Severity>();
  for (const { id, severity } of called) {
    const before = worst.get(id) ?? severity;
    worst.set(id, SEVERITIES.indexOf(before) < SEVERITIES.indexOf(severity) ? before : severity);
  }
  return Object.fromEntries(worst);
}

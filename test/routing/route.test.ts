import { describe, expect, test } from 'vitest';
import type { InternalAlert } from '../../src/alerts/alert.js';
import { incidentId } from '../../src/client/incident-id.js';
import { route } from '../../src/routing/route.js';
import { checkIncidentInput } from '../../src/incident/check-incident.js';
import { alertWith, routesOf } from './routes.js';

/** A Monday, 12:00 in Tokyo. */
const NOON = '2026-11-23T12:00:00+09:00';

function decided(file: string, alert: Partial<InternalAlert>, at = NOON, integration = 'shop') {
  return route(routesOf(file), alertWith(alert), { integration, at: Date.parse(at) });
}

/** The rule that takes it; null for none. */
function taker(file: string, alert: Partial<InternalAlert>, at = NOON, integration = 'shop') {
  const decision = decided(file, alert, at, integration);
  return decision.kind === 'open' || decision.kind === 'ignore' ? decision.rule : null;
}

function opened(file: string, alert: Partial<InternalAlert>, at = NOON) {
  const decision = decided(file, alert, at);
  if (decision.kind !== 'open') throw new Error(decision.kind);
  return decision;
}

function acted(file: string, alert: Partial<InternalAlert>, at = NOON) {
  const decision = decided(file, alert, at);
  if (decision.kind !== 'followUp') throw new Error(decision.kind);
  return decision.incidents;
}

const one = (when: string) => `
timeZone: Asia/Tokyo
rules:
  - { name: it, when: ${when}, policy: stored }
  - { name: rest, policy: stored }`;

describe('an alert is taken by the first rule whose conditions it meets', () => {
  test.for([
    ['{ integration: shop }', {}, true],
    ['{ integration: [other, shop] }', {}, true],
    ['{ integration: other }', {}, false],
    ['{ source: generic }', {}, true],
    ['{ source: [sns, zabbix] }', {}, false],
    ['{ severity: [critical, error] }', { severity: 'error' }, true],
    ['{ severity: critical }', { severity: 'error' }, false],
    ['{ labels: { team: db } }', { labels: { team: 'db', host: 'a' } }, true],
    ['{ labels: { team: [web, db] } }', { labels: { team: 'db' } }, true],
    ['{ labels: { team: db } }', { labels: { team: 'dba' } }, false],
    ['{ labels: { team: db } }', {}, false],
    ['{ labels: { port: 80 } }', { labels: { port: '80' } }, true],
    ['{ labels: { team: db, host: db-1 } }', { labels: { team: 'db', host: 'db-2' } }, false],
    ['{ labels: { host: { matches: "db-\\\\d+" } } }', { labels: { host: 'db-12' } }, true],
    ['{ labels: { host: { matches: "db-\\\\d+" } } }', { labels: { host: 'my-db-12' } }, false],
    ['{ labels: { toString: x } }', {}, false],
  ] as const)('%s', ([when, alert, takes]) => {
    expect(taker(one(when), alert)).toBe(takes ? 'it' : 'rest');
  });

  test('none takes it: nobody is called, and that is what is said', () => {
    expect(decided('rules: [{ name: db, when: { labels: { team: db } }, policy: stored }]', {})).toEqual({
      kind: 'unrouted',
      considered: [{ rule: 'db', verdict: 'no', why: 'it has no label "team"' }],
    });
  });
});

describe('by the time at which it arrives', () => {
  test.for([
    ['{ days: mon-fri, from: "09:00", to: "18:00" }', '2026-11-23T09:00:00+09:00', true],
    ['{ days: mon-fri, from: "09:00", to: "18:00" }', '2026-11-23T08:59:59+09:00', false],
    ['{ days: mon-fri, from: "09:00", to: "18:00" }', '2026-11-23T18:00:00+09:00', false],
    ['{ days: mon-fri, from: "09:00", to: "18:00" }', '2026-11-22T12:00:00+09:00', false],
    // Sunday in London is Monday in Tokyo already.
    ['{ days: mon }', '2026-11-22T15:30:00Z', true],
    ['{ days: mon, timeZone: Europe/London }', '2026-11-22T15:30:00Z', false],
    ['{ days: [sat, sun] }', '2026-11-22T12:00:00+09:00', true],
    // Over midnight it belongs to the day on which it begins.
    ['{ days: fri, from: "22:00", to: "06:00" }', '2026-11-27T22:00:00+09:00', true],
    ['{ days: fri, from: "22:00", to: "06:00" }', '2026-11-28T05:59:00+09:00', true],
    ['{ days: fri, from: "22:00", to: "06:00" }', '2026-11-28T06:00:00+09:00', false],
    ['{ days: fri, from: "22:00", to: "06:00" }', '2026-11-27T05:00:00+09:00', false],
    ['{ from: "22:00", to: "24:00" }', '2026-11-27T23:59:59+09:00', true],
    ['[{ days: mon }, { days: tue }]', '2026-11-24T12:00:00+09:00', true],
    // Summer time: 09:00 in Berlin is another hour in UTC.
    ['{ from: "09:00", to: "10:00", timeZone: Europe/Berlin }', '2026-07-01T07:30:00Z', true],
    ['{ from: "09:00", to: "10:00", timeZone: Europe/Berlin }', '2026-12-01T08:30:00Z', true],
    ['{ from: "09:00", to: "10:00", timeZone: Europe/Berlin }', '2026-12-01T07:30:00Z', false],
    ['{ from: 2026-12-01T22:00:00+09:00, to: 2026-12-02T02:00:00+09:00 }', '2026-12-01T13:00:00Z', true],
    ['{ from: 2026-12-01T22:00:00+09:00, to: 2026-12-02T02:00:00+09:00 }', '2026-12-01T17:00:00Z', false],
  ] as const)('%s at %s', ([time, at, takes]) => {
    expect(taker(one(`{ time: ${time} }`), {}, at)).toBe(takes ? 'it' : 'rest');
  });
});

const MAINTENANCE = `
timeZone: Asia/Tokyo
rules:
  - name: patch-day
    when: { labels: { team: db }, time: { from: 2026-12-01T22:00:00+09:00, to: 2026-12-02T02:00:00+09:00 } }
    ignore: true
  - name: all
    policy: stored`;

describe('a maintenance window', () => {
  const during = '2026-12-01T23:00:00+09:00';

  test('ignores what it names while it lasts, and nothing else', () => {
    expect(taker(MAINTENANCE, { labels: { team: 'db' } }, during)).toBe('patch-day');
    expect(taker(MAINTENANCE, { labels: { team: 'web' } }, during)).toBe('all');
    expect(taker(MAINTENANCE, { labels: { team: 'db' } })).toBe('all');
  });

  test('does not keep the end of an earlier trouble from resolving its incident', () => {
    const { incident } = opened(MAINTENANCE, { labels: { team: 'db' } });
    expect(acted(MAINTENANCE, { action: 'resolve', labels: { team: 'db' } }, during)).toEqual([incident]);
  });
});

describe('an incident', () => {
  const file = 'rules: [{ name: all, policy: web, parameters: { server: "{{labels.host}}" } }]';

  test('has an id made of integration, source and key, which does not show the key', () => {
    const { incident } = opened(file, { dedupKey: '田中 <tanaka@example.com>' });
    expect(incident).toMatch(/^incident\/shop-[0-9a-f]{12}$/);
    expect(incident).toBe(incidentId({ source: 'generic', route: 'shop', dedupKey: '田中 <tanaka@example.com>' }));
  });

  test('of another integration, source or key is another one', () => {
    const ids = [
      opened(file, { dedupKey: 'a' }).incident,
      opened(file, { dedupKey: 'b' }).incident,
      opened(file, { dedupKey: 'a', source: 'sns' }).incident,
      incidentId({ source: 'generic', route: 'other', dedupKey: 'a' }),
      // Parts that only look alike when they are written one behind the other.
      incidentId({ source: 'generic', route: 'sho', dedupKey: 'pa' }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is the one that the client opens with its route and input', () => {
    const grouped = 'rules: [{ name: all, policy: stored, group: { by: "{{summary}}" } }]';
    for (const { route, incident, input } of [opened(file, {}), opened(grouped, {})]) {
      const { source, dedupKey } = input;
      expect(incidentId({ route, dedupKey, ...(source !== undefined && { source }) })).toBe(incident);
    }
  });

  test('begins with what the alert says', () => {
    const { input } = opened(file, {
      labels: { host: 'db-1' },
      severity: 'critical',
      links: ['https://example.com/'],
      startedAt: '2026-11-22T02:10:00.000Z',
    });
    expect(input).toEqual({
      policy: 'web',
      dedupKey: 'k',
      summary: 'The disk is full',
      severity: 'critical',
      parameters: { server: 'db-1' },
      labels: { host: 'db-1' },
      links: ['https://example.com/'],
      source: 'generic',
      startedAt: '2026-11-22T02:10:00.000Z',
    });
    expect(checkIncidentInput(input)).toMatchObject({ ok: true });
  });

  test('fits its contract with the largest alert and as many parameters as a rule can have', () => {
    const long = '障'.repeat(2_000);
    const labels = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`l${index}`, long]));
    const parameters = Array.from({ length: 100 }, (_, index) => `p${index}: "{{labels.l0}}{{labels.l1}}"`);
    const wide = `rules: [{ name: all, policy: stored, parameters: { ${parameters.join(', ')} } }]`;
    const links = Array.from({ length: 20 }, (_, index) => `https://example.com/${index}/${'x'.repeat(1_970)}`);
    const { input } = opened(wide, { labels, links, summary: '障'.repeat(1_000), dedupKey: '障'.repeat(1_000) });
    expect(checkIncidentInput(input)).toMatchObject({ ok: true });
  });
});

describe('the parameters of the call', () => {
  const server = (texts: string) => `rules: [{ name: all, policy: web, parameters: { server: ${texts} } }]`;
  const given = (texts: string, alert: Partial<InternalAlert> = {}) => {
    const { input, missing } = opened(server(texts), alert);
    return { server: input.parameters?.['server'], missing };
  };

  test.for([
    ['"{{labels.host}} ({{severity}})"', 'db-1 (error)'],
    ['"{{parameters.name}} of {{integration}} by {{source}}"', 'disk of shop by generic'],
    ['"{{summary}}, {{startedAt}}, {{link}}"', 'The disk is full, 2026-11-22T02:10:00.000Z, https://example.com/'],
    ['"{{labels.a.b/c}}"', 'dotted'],
    ['["{{labels.none}}", "{{labels.host}}", "a server"]', 'db-1'],
    ['["{{labels.none}}", "{{labels.host}} and {{labels.none}}", "a server"]', 'a server'],
  ] as const)('%s', ([texts, expected]) => {
    const alert = {
      labels: { host: 'db-1', 'a.b/c': 'dotted' },
      parameters: { name: 'disk' },
      startedAt: '2026-11-22T02:10:00.000Z',
      links: ['https://example.com/'],
    };
    expect(given(texts, alert)).toEqual({ server: expected, missing: [] });
  });

  test('read as the summary where nothing would be read, and what is missing is told', () => {
    expect(given('"{{labels.host}}"')).toEqual({ server: 'The disk is full', missing: ['labels.host'] });
    expect(given('"on {{labels.host}}"')).toEqual({ server: 'on', missing: ['labels.host'] });
  });

  test('are not filled with what is in braces in a value of the sender', () => {
    expect(given('"{{labels.host}}, {{summary}}"', { labels: { host: '{{summary}}$&' } }).server).toBe(
      '{{summary}}$&, The disk is full',
    );
  });

  test('of a rule win over those of the file', () => {
    const { input } = opened(
      'parameters: { server: of the file, team: "{{labels.team}}" }\nrules: [{ name: all, policy: stored, parameters: { server: of the rule } }]',
      { labels: { team: 'db' } },
    );
    expect(input.parameters).toEqual({ server: 'of the rule', team: 'db' });
  });
});

describe('a group', () => {
  const group = (more = '') =>
    `rules: [{ name: db, policy: stored, group: { by: ["{{labels.cluster}}", "{{severity}}"]${more} } }]`;
  const tokyo = { labels: { cluster: 'tokyo' } };

  test('makes alerts of one reading one incident, whatever their keys, sources and integrations', () => {
    const { incident, input } = opened(group(), { ...tokyo, dedupKey: 'a' });
    expect(incident).toMatch(/^incident\/db-/);
    expect(input.dedupKey).toBe('["db","tokyo","error"]');
    expect(input).not.toHaveProperty('source');
    expect(opened(group(), { ...tokyo, dedupKey: 'b', source: 'sns' }).incident).toBe(incident);
    expect(decided(group(), tokyo, NOON, 'other')).toMatchObject({ incident });
    expect(opened(group(), { labels: { cluster: 'osaka' } }).incident).not.toBe(incident);
    expect(opened(group(), { ...tokyo, severity: 'info' }).incident).not.toBe(incident);
  });

  test('lasts for as long as its incident is open: the time of an alert does not matter', () => {
    expect(opened(group(), { ...tokyo, startedAt: '2020-01-01T00:00:00.000Z' })).toEqual({
      ...opened(group(), tokyo),
      input: { ...opened(group(), tokyo).input, startedAt: '2020-01-01T00:00:00.000Z' },
    });
  });

  test('with a window is an incident for each span, by the time of the alert, else of its arrival', () => {
    const file = group(', window: 8h');
    const at = (startedAt: string | null, arrival: string) => opened(file, { ...tokyo, startedAt }, arrival).incident;
    const first = at('2026-11-22T00:00:00.000Z', NOON);
    expect(at('2026-11-22T07:59:59.999Z', '2026-11-25T00:00:00Z')).toBe(first);
    expect(at(null, '2026-11-22T03:00:00Z')).toBe(first);
    expect(at('2026-11-22T08:00:00.000Z', NOON)).not.toBe(first);
    expect(opened(file, { ...tokyo, startedAt: '2026-11-22T03:00:00.000Z' }).input.dedupKey).toBe(
      '["db","tokyo","error","2026-11-22T00:00:00.000Z"]',
    );
  });

  test('is resolved by people, not by the first of its alerts that is over', () => {
    const { incident } = opened(group(), tokyo);
    expect(acted(group(), { ...tokyo, action: 'resolve' })).not.toContain(incident);
    expect(acted(group(), { ...tokyo, action: 'acknowledge' })).not.toContain(incident);
  });

  test('is resolved by its alerts where the rule wants it; one that lacks a label has its own incident, and ends that', () => {
    const file = 'rules: [{ name: db, policy: stored, group: { by: "{{labels.cluster}}" }, resolves: true }]';
    const { incident } = opened(file, tokyo);
    expect(acted(file, { ...tokyo, action: 'resolve' })).toContain(incident);
    const { incident: nameless } = opened(file, {});
    expect(acted(file, { action: 'resolve' })).toContain(nameless);
    expect(acted(file, { action: 'resolve' })).not.toContain(incident);
    expect(acted(file, { action: 'resolve', dedupKey: 'other' })).not.toContain(nameless);
  });
});

describe('the end of an alert finds the incident that its trigger has opened', () => {
  const file = `
timeZone: Asia/Tokyo
rules:
  - { name: critical, when: { severity: critical, labels: { team: db } }, policy: stored }
  - { name: night, when: { time: { from: "22:00", to: "06:00" } }, policy: stored }
  - { name: day, policy: web, parameters: { server: x } }`;

  test.for([
    [
      'with another severity',
      { severity: 'critical', labels: { team: 'db' } },
      { severity: 'info', labels: { team: 'db' } },
    ],
    ['without labels', { severity: 'critical', labels: { team: 'db' } }, {}],
    ['with other labels', { severity: 'critical', labels: { team: 'db' } }, { labels: { state: 'OK' } }],
  ] as const)('%s', ([, trigger, end]) => {
    const { incident } = opened(file, trigger);
    expect(acted(file, { ...end, action: 'resolve' })).toEqual([incident]);
    expect(acted(file, { ...end, action: 'acknowledge' })).toEqual([incident]);
  });

  test('by day, of an incident of the night', () => {
    const { rule, incident } = opened(file, {}, '2026-11-23T23:00:00+09:00');
    expect(rule).toBe('night');
    expect(acted(file, { action: 'resolve' }, '2026-11-24T09:00:00+09:00')).toEqual([incident]);
  });

  test('is left to people where the rule wants it so; an acknowledge acts anyway', () => {
    const kept = 'rules: [{ name: all, policy: stored, resolves: false }]';
    expect(acted(kept, { action: 'resolve' })).toEqual([]);
    expect(acted(kept, { action: 'acknowledge' })).toEqual([opened(kept, {}).incident]);
  });

  test('is left to people where it is not known whether such a rule had it', () => {
    const kept = `rules:
  - { name: db, when: { labels: { team: db } }, policy: stored, resolves: false }
  - { name: all, policy: stored }`;
    expect(acted(kept, { action: 'resolve' })).toEqual([]);
    expect(acted(kept, { action: 'resolve', labels: { team: 'web' } })).toHaveLength(1);
  });
});

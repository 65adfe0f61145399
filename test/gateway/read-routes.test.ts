import fc from 'fast-check';
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readRoutes } from '../../src/gateway/routing/read-routes.js';
import { reportProblem } from '../../src/policy-file/describe-problems.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { brokenRoutes } from './broken-routes.js';
import { described, routesOf, SURROUNDINGS } from './routes.js';

const broken = Object.entries(brokenRoutes);

describe('a routing file that is wrong', () => {
  test('is answered with messages that name the place and say what to do', async () => {
    const answers = broken.map(([title, text]) => [`=== ${title}`, ...described(text)].join('\n\n'));
    await expect(`${answers.join('\n\n\n')}\n`).toMatchFileSnapshot('broken-routes.messages.txt');
  });

  test.for(broken)('%s: has a problem, at a place in the file', ([, text]) => {
    const found = described(text);
    expect(found.length).toBeGreaterThan(0);
    for (const message of found) expect(message).toMatch(/^routes\.yaml:[0-9]+:[0-9]+: (error|warning): .{20,}/);
  });

  test('its names of policies are taken on trust where the policies are not at hand', () => {
    const { policies: _, ...others } = SURROUNDINGS;
    expect(readRoutes('rules: [{ name: a, policy: nobody-knows }]', others)).toMatchObject({ ok: true, problems: [] });
  });
});

describe('a routing file that is right', () => {
  test('has every default filled in', () => {
    const routes = routesOf(`
timeZone: Asia/Tokyo
parameters: { server: ["{{labels.host}}", a server] }
x-note: anything
rules:
  - name: night
    when:
      severity: critical
      labels: { team: [db, web], port: 80, on: true }
      time: [{ days: [fri, sun-mon], from: "22:00", to: "06:00" }, { days: wed }]
    policy: web
  - name: rest
    policy: web
    parameters: { server: "{{summary}}" }
    group: { by: "{{labels.cluster}}", window: 8h }`);
    expect(routes.rules).toEqual([
      {
        name: 'night',
        when: {
          integration: [],
          source: [],
          severity: ['critical'],
          labels: [
            { kind: 'oneOf', name: 'team', values: ['db', 'web'] },
            { kind: 'oneOf', name: 'port', values: ['80'] },
            { kind: 'oneOf', name: 'on', values: ['true'] },
          ],
          time: [
            { kind: 'weekly', days: [0, 1, 5], from: 1320, to: 1800, timeZone: 'Asia/Tokyo' },
            { kind: 'weekly', days: [3], from: 0, to: 1440, timeZone: 'Asia/Tokyo' },
          ],
        },
        outcome: {
          kind: 'open',
          policy: 'web',
          parameters: [{ name: 'server', texts: ['{{labels.host}}', 'a server'] }],
          group: null,
          resolves: true,
        },
      },
      {
        name: 'rest',
        when: { integration: [], source: [], severity: [], labels: [], time: [] },
        outcome: {
          kind: 'open',
          policy: 'web',
          parameters: [{ name: 'server', texts: ['{{summary}}'] }],
          group: { by: ['{{labels.cluster}}'], window: '8h' },
          resolves: false,
        },
      },
    ]);
  });
});

test.for([
  '{ matches: "^(web|db)-.*$" }',
  '{ matches: "^Disk.*" }',
  '{ matches: ".*Full$" }',
  '{ matches: "(?i)disk" }',
  '{ matches: "/api/v1/.*" }',
  '{ matches: "/api/v1/" }',
  '{ matches: "[a-z]*\\\\d*(?:ab)*" }',
  '/health/',
  'C$',
  'a & b',
  '10 * 2',
  'not found',
  '-1',
  '[web]',
])('a label may be %s', (condition) => {
  const text = `rules: [{ name: a, when: { labels: { it: ${condition.startsWith('{') ? condition : `"${condition}"`} } }, policy: stored }]`;
  expect(described(text).filter((message) => message.includes(' error: '))).toEqual([]);
});

/** Files of the right form, with right and wrong values. */
const condition = fc.record(
  {
    integration: fc.constantFrom<unknown>('a', ['a', 'b'], 'a b', 7),
    source: fc.constantFrom<unknown>('sns', ['sns', 'generic'], 'none'),
    severity: fc.constantFrom<unknown>('critical', ['error', 'info'], 'bad', []),
    labels: fc.dictionary(
      fc.constantFrom('team', 'host', 'x-y', '__proto__'),
      fc.constantFrom<unknown>('db', ['db', 7, true], { matches: 'a|b' }, { matches: '(' }, null, {}),
    ),
    time: fc.constantFrom<unknown>(
      { days: 'mon-fri' },
      { days: ['sat', 'sun'], from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' },
      [{ from: '2026-12-01T22:00:00+09:00', to: '2026-12-02T02:00:00+09:00' }],
      { from: '9' },
    ),
    'x-note': fc.anything({ maxDepth: 1 }).map(() => 'note'),
  },
  { requiredKeys: [] },
);
const anyRule = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c', 'd', 'E'),
    when: condition,
    policy: fc.constantFrom('web', 'stored', 'broken', 'none'),
    parameters: fc.constantFrom<unknown>({ server: 'x' }, { server: ['{{labels.a}}', 'y'] }, { server: '{{nothing}}' }),
    group: fc.constantFrom<unknown>({ by: '{{labels.a}}' }, { by: ['{{labels.a}}', '{{labels.b}}'], window: '1h' }, {}),
    resolves: fc.boolean(),
    ignore: fc.constantFrom<unknown>(true, true, false),
  },
  { requiredKeys: ['name'] },
);
const anyFile = fc.record(
  {
    version: fc.constantFrom(1, 2),
    timeZone: fc.constantFrom('Asia/Tokyo', 'Asia/Tokyo', 'Nowhere'),
    parameters: fc.constantFrom<unknown>({ server: '{{summary}}' }, {}),
    rules: fc.array(anyRule, { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: ['rules'] },
);

/** Files without wrong values; rules may still take each other's alerts. */
const rightRule = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c'),
    when: fc.record({
      labels: fc.dictionary(
        fc.constantFrom('team', 'host'),
        fc.constantFrom<unknown>('db', 'web', ['x', 7], { matches: 'a|b' }),
        { minKeys: 1 },
      ),
      time: fc.constantFrom<unknown>({ days: 'sat-mon' }, [{ from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' }], {
        from: '2026-12-01T22:00:00+09:00',
        to: '2026-12-02T02:00:00+09:00',
      }),
    }),
    policy: fc.constantFrom('web', 'stored'),
    parameters: fc.constantFrom<unknown>({ server: 'x' }, { server: ['{{labels.a}}', 'y'] }),
    group: fc.constantFrom<unknown>({ by: '{{labels.a}}' }, { by: ['{{labels.a}}', '{{labels.b}}'], window: '1h' }),
    'x-note': fc.constant(1),
  },
  { requiredKeys: ['name', 'policy', 'when'] },
);
const rightFile = fc.record({
  timeZone: fc.constantFrom('Asia/Tokyo', 'UTC'),
  parameters: fc.constantFrom<unknown>({ server: '{{summary}}' }),
  rules: fc.uniqueArray(rightRule, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
});

const schema = JSON.parse(readFileSync(join(projectRoot, 'schemas/routes.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

describe('whatever file comes', () => {
  test.for([
    ['any characters', fc.string({ unit: 'binary', maxLength: 200 })],
    ['any plain data', fc.jsonValue().map((value) => stringify(value))],
    ['files of the right form', anyFile.map((file) => stringify(file))],
    [
      'a broken one with a piece cut out',
      fc
        .tuple(fc.constantFrom(...Object.values(brokenRoutes)), fc.nat(), fc.nat({ max: 40 }))
        .map(([text, from, length]) => {
          const start = from % (text.length + 1);
          return text.slice(0, start) + text.slice(start + length);
        }),
    ],
  ] as const)('reading answers and never throws: %s', ([, texts]) => {
    fc.assert(
      fc.property(texts, (text) => {
        const reading = readRoutes(text, SURROUNDINGS);
        expect(reading.ok).toBe(!reading.problems.some(({ severity }) => severity === 'error'));
        const lines = text.split('\n');
        for (const problem of reading.problems) {
          const { line, column, message } = reportProblem(problem, text);
          expect(message).not.toMatch(/undefined|\[object|NaN/);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('the published schema accepts whatever the reader accepts', () => {
    let accepted = 0;
    fc.assert(
      fc.property(rightFile, (file) => {
        const text = JSON.stringify(file);
        if (!readRoutes(text, SURROUNDINGS).ok) return;
        accepted += 1;
        validate(parse(text));
        expect(validate.errors ?? []).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test.for(broken.filter(([title]) => A_SCHEMA_SEES.test(title)))('the published schema refuses %s', ([, text]) => {
    expect(validate(parse(text, { uniqueKeys: false }))).toBe(false);
  });
});

/** Of the broken ones, those that an editor with the schema marks. */
const A_SCHEMA_SEES =
  /list at the top|no rules|mapping|an empty list|of the future|section|without a name|with spaces|outside|unknown severity|as a list|empty labels|label with another word|suffix|a day in|group without|group as|beside|two units|resolves in/;

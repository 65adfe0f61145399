import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readRoutes } from '../../src/routing/read-routes.js';
import { reportProblem } from '../../src/yaml-file/describe-problems.js';
import { brokenRoutes } from './broken-routes.js';
import { validate } from './published-routes-schema.js';
import { SURROUNDINGS } from './routes.js';

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
});

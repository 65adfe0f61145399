import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkIncidentInput } from '../../src/incident/check-incident.js';
import { type InternalAlert, receive, type SourceRequest } from '../../src/alerts/alert.js';
import type { BodyProblem } from '../../src/alerts/field.js';
import { parseBody } from '../../src/alerts/body.js';
import { route } from '../../src/routing/route.js';
import { loadSource, sourceNames } from '../../src/alerts/sources.js';
import { bodyOf, samples } from './samples.js';
import { routesOf } from '../routing/routes.js';

const ROUTES = routesOf(
  'rules: [{ name: all, policy: web, parameters: { server: ["{{labels.host}}{{parameters.server}}", "{{summary}}"] } }]',
);

/** Its bounds hold, and it fits the input of an incident. */
function expectBounded(alert: InternalAlert, source: string): void {
  expect(alert.source).toBe(source);
  expect(alert.dedupKey.length).toBeGreaterThan(0);
  expect(alert.dedupKey.length).toBeLessThanOrEqual(1_000);
  expect(alert.summary).toMatch(/^[^\p{Cc}\p{Cs}]{1,1000}$/u);
  expect(alert.links.length).toBeLessThanOrEqual(20);
  for (const link of alert.links) expect(link).toMatch(/^https?:\/\//);
  for (const texts of [alert.labels, alert.parameters]) {
    expect(Object.keys(texts).length).toBeLessThanOrEqual(100);
    expect(Buffer.byteLength(JSON.stringify(texts))).toBeLessThanOrEqual(34_000);
  }
  expect(alert.startedAt ?? '2026-01-01T00:00:00.000Z').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect((alert.by ?? '').length).toBeLessThanOrEqual(200);
  const decision = route(ROUTES, { ...alert, action: 'trigger' }, { integration: 'i', at: 0 });
  expect(decision.kind === 'open' && checkIncidentInput(decision.input)).toMatchObject({ ok: true });
  expect(route(ROUTES, { ...alert, action: 'resolve' }, { integration: 'i', at: 0 }).kind).toBe('followUp');
}

/** It names a field, says what it must be, and repeats nothing of what was sent. */
function expectHelpful({ pointer, message }: BodyProblem): void {
  expect(pointer).toMatch(/^(?:\/\w{1,40}){0,4}$/);
  expect(message).toMatch(/^(?:must|the body must) [\x20-\x7e障害正常]{5,200}$/);
}

const sources = await Promise.all(
  sourceNames().map(async (name) => {
    const source = await loadSource(name);
    if (source === undefined) throw new Error(name);
    return { name, source };
  }),
);

const names = [...new Set(samples.flatMap(({ file }) => keysOf(bodyOf(file))))];

function keysOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [...(Array.isArray(value) ? [] : [key]), ...keysOf(member)]);
}

const odd = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    '',
    ' ',
    '\u0000',
    '\uD800',
    '1',
    'firing',
    'trigger',
    '1.0',
    'OK',
    '__proto__',
  ),
  fc.nat({ max: 200_000 }).map((length) => '障'.repeat(length)),
  fc
    .nat({ max: 2_000 })
    .map((length) => Array.from({ length }, (_, index) => ({ tag: `t${index}`, value: 'v', labels: { a: 'b' } }))),
  fc
    .nat({ max: 2_000 })
    .map((length) => Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, '"\\\u0001'.repeat(40)]))),
);

/** A sample in which some values, wherever they stand, are odd ones or are missing. */
const bentSample = (source: string) =>
  fc
    .tuple(
      fc.constantFrom(...samples.filter((sample) => sample.source === source).map(({ file }) => file)),
      fc.array(fc.tuple(fc.nat(), fc.option(odd)), { maxLength: 4 }),
    )
    .map(([file, changes]) =>
      changes.reduce<unknown>((body, [place, value]) => bent(body, place, value), bodyOf(file)),
    );

function bent(body: unknown, place: number, value: unknown): unknown {
  if (typeof body !== 'object' || body === null) return value;
  const keys = Object.keys(body);
  const key = keys[place % (keys.length + 1)];
  if (key === undefined) return value;
  const member = (body as Readonly<Record<string, unknown>>)[key];
  const changed = bent(member, Math.floor(place / (keys.length + 1)), value);
  if (Array.isArray(body)) return body.map((item: unknown, index) => (String(index) === key ? changed : item));
  return { ...body, [key]: changed };
}

const anyBody = (source: string) =>
  fc.oneof(
    fc.jsonValue({ maxDepth: 5 }),
    odd,
    fc.dictionary(fc.constantFrom(...names), fc.oneof(odd, fc.jsonValue()), { maxKeys: 12 }),
    bentSample(source),
    bentSample(source),
  );
const anyHeaders = fc.dictionary(
  fc.constantFrom(
    'ce-specversion',
    'ce-id',
    'ce-type',
    'ce-source',
    'ce-%',
    'x-amz-sns-rawdelivery',
    'x-amz-sns-message-id',
  ),
  fc.constantFrom('1.0', 'true', '%E9%9A%9C', '%', 'a b'),
);

describe('whatever a sender sends', () => {
  test.for(sources)('$name answers with bounded alerts, or with a field that does not fit', ({ name, source }) => {
    let understood = 0;
    fc.assert(
      fc.property(
        anyBody(name),
        fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: anyHeaders }),
        (body, headers) => {
          const request: SourceRequest = { headers, query: {}, body };
          const result = receive(name, source, request, { newKey: () => 'new' });
          if (!result.ok) return expectHelpful(result.problem);
          for (const alert of result.alerts) expectBounded(alert, name);
          understood += result.alerts.length;
          source.keyOf?.(request);
        },
      ),
      { numRuns: 150 },
    );
    expect(understood).toBeGreaterThan(0);
  });

  test('a body is JSON, text, nothing, or refused', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string().map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
    );
    const refusals = new Set<string>();
    fc.assert(
      fc.property(bytes, (body) => {
        const parsed = parseBody(body);
        if (!parsed.ok) refusals.add(parsed.problem.message);
      }),
    );
    for (const message of refusals) expect(message).toMatch(/^the body must be (?:UTF-8|valid JSON)$/);
  });
});

import { describe, expect, test } from 'vitest';
import { hashText, holderOf, newKey } from '../../src/gateway/keys/keys.js';
import { readKeys } from '../../src/gateway/keys/read-keys.js';

const HASH = hashText('a');
const OTHER = hashText('b');
const problemsOf = (text: string) => readKeys(text).problems.map(({ message }) => message);

describe('a file of keys', () => {
  test('has integrations, operators and the webhook of Pigeon, each with one hash or two', () => {
    const reading = readKeys(`
version: 1
integrations:
  shop: { keys: ["${HASH}", "${OTHER}"], perMinute: 60 }
  grafana:
    keys: "${hashText('c')}"
    hmac: { secretFile: /run/secrets/grafana, header: X-Signature, timestampHeader: X-Time }
  aws:
    keys: "${hashText('d')}"
    sns: { topics: ["arn:aws:sns:us-east-1:123456789012:alarms"], rawDelivery: true }
operators: { console: { keys: "${hashText('e')}", may: [read, respond] } }
pigeon: { keys: "${hashText('f')}" }
`);
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    const { integrations, operators, pigeon } = reading.keys;
    expect(integrations).toMatchObject([
      { name: 'shop', perMinute: 60, hmac: null, topics: [], rawDelivery: false },
      { name: 'grafana', perMinute: 3_000, hmac: { header: 'x-signature', timestampHeader: 'x-time' } },
      { name: 'aws', topics: ['arn:aws:sns:us-east-1:123456789012:alarms'], rawDelivery: true },
    ]);
    expect(['a', 'b', 'c', 'e', ''].map((key) => holderOf(integrations, key)?.name)).toEqual([
      'shop',
      'shop',
      'grafana',
      undefined,
      undefined,
    ]);
    expect(holderOf(operators, 'e')).toMatchObject({ name: 'console', may: ['read', 'respond'] });
    expect(pigeon && holderOf([pigeon], 'f')?.name).toBe('pigeon');
  });

  test.for<[string, string, RegExp]>([
    ['a key instead of its hash', 'integrations: { shop: { keys: planted } }', /sha256: and 64 hexadecimal digits/],
    [
      'a key as the name of a field',
      `integrations: { a: { keys: "${HASH}", planted: x } }`,
      /an integration has no "…"/,
    ],
    ['a secret as `hmac`', `integrations: { a: { keys: "${HASH}", hmac: planted } }`, /here stands "…"/],
    [
      'a secret as a header',
      `integrations: { a: { keys: "${HASH}", hmac: { secretFile: x, header: "planted 1" } } }`,
      /"…"/,
    ],
    ['a secret as a permission', `operators: { a: { keys: "${HASH}", may: 'pl"anted' } }`, /cannot be "…"/],
    ['a secret that ends nowhere', `integrations: { a: { keys: "${HASH}" } } planted`, /has ended before this/],
    ['no key', 'integrations: { shop: {} }', /needs `keys`/],
    ['an empty list', 'integrations: { shop: { keys: [] } }', /empty/],
    ['three keys', `integrations: { shop: { keys: ["${HASH}", "${OTHER}", "${hashText('c')}"] } }`, /at most 2/],
    ['one key for two', `{ integrations: { a: { keys: "${HASH}" }, b: { keys: "${HASH}" } } }`, /same key/],
    ['a name with a space', `integrations: { "a b": { keys: "${HASH}" } }`, /a name has/],
    ['a key that is not known', `integrations: { a: { keys: "${HASH}", hash: x } }`, /has no "…"/],
    ['no permission', `operators: { a: { keys: "${HASH}" } }`, /needs `may`/],
    [
      'an unknown permission',
      `operators: { a: { keys: "${HASH}", may: admin } }`,
      /read, open, respond, schedule or calendar/,
    ],
    ['a topic that is none', `integrations: { a: { keys: "${HASH}", sns: { topics: [x] } } }`, /write its ARN/],
    ['a rate of 0', `integrations: { a: { keys: "${HASH}", perMinute: 0 } }`, /whole number/],
    ['half of HMAC', `integrations: { a: { keys: "${HASH}", hmac: { header: X } } }`, /secretFile/],
    ['nothing', '', /empty/],
    ['a list', '[]', /mapping/],
    ['another version', `{ version: 2, integrations: { a: { keys: "${HASH}" } } }`, /version 1/],
  ])('with %s is refused, and repeats no key', ([, text, message]) => {
    expect(readKeys(text).ok).toBe(false);
    expect(problemsOf(text).join('\n')).toMatch(message);
    expect(problemsOf(text).join('\n')).not.toContain('planted');
  });

  test('in which nobody may send warns', () => {
    expect(readKeys('version: 1')).toMatchObject({ ok: true, problems: [{ severity: 'warning' }] });
  });
});

test('a new key has 32 characters that need no escape anywhere, and is never the same', () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(newKey()).not.toBe(newKey());
});

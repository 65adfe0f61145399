import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeysFileUnusable, newKeyLine, parseKeys } from '../../src/codec/keys.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER = Buffer.alloc(32, 8).toString('base64');

describe('a file of keys', () => {
  test('writes with its first key and reads with all', () => {
    const { writing, reading } = parseKeys(`# ours\n\n  new ${KEY}  # since today\r\nold\t${OTHER}\n`, 'keys');
    expect(writing.id).toBe('new');
    expect([...reading].map(([id, key]) => [id, key.toString('base64')])).toEqual([
      ['new', KEY],
      ['old', OTHER],
    ]);
  });

  test('takes what `codec new-key` prints, which is another key each time', () => {
    const lines = [newKeyLine(new Date('2026-11-22T12:00:00Z')), newKeyLine(new Date())];
    const { writing, reading } = parseKeys(lines.join('\n'), 'keys');
    expect(writing.id).toMatch(/^2026-11-22-[0-9a-f]{4}$/);
    expect(new Set([...reading.values()].map((key) => key.toString('hex'))).size).toBe(2);
  });

  test.for<[string, string, RegExp]>([
    ['nothing', '# no key yet\n', /^The file of keys \/etc\/keys holds no key\. Make one: pigeonflow codec new-key$/],
    ['a key without an id', `\n${KEY}`, /line 2: wanted a key id and a key with a space between them/],
    ['three words', `a ${KEY} primary`, /line 1: wanted a key id and a key/],
    ['the key before its id', `${KEY} a`, /line 1: a key id has 1 to 32 letters/],
    ['a key that is cut off', `a ${KEY.slice(0, -4)}`, /line 1: its key is not the base64 of 32 bytes/],
    ['a key of 16 bytes', `a ${Buffer.alloc(16).toString('base64')}`, /its key is not the base64 of 32 bytes/],
    ['a key in hexadecimal', `a ${Buffer.alloc(32, 7).toString('hex')}`, /its key is not the base64/],
    ['a key with a slip', `a ${KEY.replace(/^./, '!')}`, /its key is not the base64 of 32 bytes/],
    ['one id twice', `a ${KEY}\nb ${KEY}\na ${OTHER}`, /line 3: its key id is in a line above already/],
  ])('with %s says what is wrong, and where', ([, text, message]) => {
    expect(() => parseKeys(text, '/etc/keys')).toThrow(message);
    expect(() => parseKeys(text, '/etc/keys')).toThrow(KeysFileUnusable);
  });

  test('never has a part of a key in what it says is wrong', () => {
    const key = fc.uint8Array({ minLength: 24, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    const word = fc.oneof(key, fc.constantFrom('a', 'b', '#', '\n', ' '));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.constantFrom(' ', '\n'), (words, between) => {
        const text = words.join(between);
        let message = '';
        try {
          parseKeys(text, 'keys');
        } catch (error) {
          message = String(error);
        }
        for (const [part] of text.matchAll(/[A-Za-z0-9+/=]{8,}/g)) expect(message).not.toContain(part.slice(0, 8));
      }),
      { examples: [[[`a${randomBytes(32).toString('base64')}`, 'b'], ' ']] },
    );
  });
});

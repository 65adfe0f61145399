import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formsOf } from './forms-of.js';

const around = fc.uint8Array({ maxLength: 20 });

test('a text is found in base64 whatever is before and after it', () => {
  const text = fc.string({ minLength: 8, maxLength: 30, unit: 'grapheme' });
  fc.assert(
    fc.property(text, around, around, (planted, before, after) => {
      const stored = Buffer.concat([before, Buffer.from(planted), after]).toString('base64');
      const found = formsOf(planted).filter(({ bytes }) => Buffer.from(stored).includes(bytes));
      expect(found.map(({ name }) => name)).toContain(`base64 at ${before.length % 3}`);
    }),
  );
});

test('a text is found in JSON that escapes it', () => {
  const stored = Buffer.from(String.raw`{"name":"\u79d8\u5bc6\"\u592a\u90ce"}`);
  expect(formsOf('秘密"太郎').filter(({ bytes }) => stored.includes(bytes))).toMatchObject([{ name: 'JSON' }]);
});

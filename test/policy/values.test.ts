import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/yaml-file/did-you-mean.js';
import { maskPrivate } from '../../src/yaml-file/mask-private.js';
import { LONGEST_READING_SECONDS, readingSeconds, unansweredSeconds } from '../../src/policy/speech.js';
import { readTelephoneNumber } from '../../src/policy/telephone-number.js';
import { readTemplate } from '../../src/policy/template.js';
import { messages, oneStep } from './policies.js';

describe('a telephone number', () => {
  test.for([
    ['0300000001', '0300000001'],
    ['03-0000-0001', '0300000001'],
    ['090-0000-0001', '09000000001'],
    ['050 0000 0001', '05000000001'],
    ['0120-000-001', '0120000001'],
    ['0800-000-0001', '08000000001'],
    ['0570000001', '0570000001'],
    ['+81300000001', '+81300000001'],
    ['+81-90-0000-0001', '+819000000001'],
    ['+442000000001', '+442000000001'],
  ] as const)('%s is dialled as %s', ([written, digits]) => {
    expect(readTelephoneNumber(written)).toEqual({ ok: true, digits });
  });

  test.for([
    ['', 'empty'],
    ['tanaka', 'digits'],
    ['０３００００００００', 'half-width'],
    ['03(0000)0001', 'digits'],
    ['03+00000001', '"+" before'],
    ['300000001', 'neither 0 nor "+"'],
    ['030000000', '10 digits'],
    ['03000000011', '10 digits'],
    ['0900000001', '11 digits'],
    ['110', 'emergency'],
    ['1-1-9', 'emergency'],
    ['0000000000', 'begins with 00'],
    ['0101234567890', '010 dials abroad'],
    ['+0300000001', 'never begins with 0'],
    ['+810300000001', 'left out'],
    ['+8130000001', '10 digits'],
    ['+4420', '7 to 15'],
    ['+4412345678901234', '7 to 15'],
  ] as const)('%s cannot be dialled: %s', ([written, why]) => {
    expect(readTelephoneNumber(written)).toEqual({ ok: false, why: expect.stringContaining(why) as string });
  });

  test('is never repeated by the reason why it cannot be dialled', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('0', '1', '3', '8', '9', '+', '-', ' '), minLength: 7 }),
        (written) => {
          const number = readTelephoneNumber(written);
          expect(number.ok ? '' : number.why).not.toMatch(/[0-9]{7}/);
        },
      ),
    );
  });

  test('is masked wherever a line of the file is shown, without moving anything', () => {
    expect(maskPrivate('phone: "03-0000-0001", x: 1')).toBe('phone: "03-****-**01", x: 1');
    fc.assert(fc.property(fc.string(), (text) => maskPrivate(text).length === text.length));
  });
});

describe('a word that is not known', () => {
  test.for([
    ['atempts', 'attempts'],
    ['attempt', 'attempts'],
    ['Attempts', 'attempts'],
    ['callflow_id', 'callflowId'],
    ['otherwhise', 'otherwise'],
    ['repeat', 'attempts'],
    ['evrey', 'every'],
    ['constructor', undefined],
    ['', undefined],
    ['zzz', undefined],
  ] as const)('%s: did you mean %s', ([word, meant]) => {
    expect(nearest(word, ['call', 'callflowId', 'attempts', 'every', 'keys', 'otherwise'])).toBe(meant);
  });
});

describe('a template', () => {
  test.for([
    ['{{server}}に{{incident}}', ['server', 'incident'], []],
    ['{{サーバー}}', ['サーバー'], []],
    ['no names', [], []],
    ['{{ server }}', ['server'], ['placeholder-with-spaces']],
    ['{{a b}}', [], ['placeholder-with-spaces']],
    ['{{}}', [], ['placeholder-empty']],
    ['{{server', [], ['placeholder-open']],
    ['server}}', [], ['placeholder-open']],
    ['{{{server}}}', ['server'], ['placeholder-three-braces']],
    ['${server}', [], ['placeholder-single']],
    ['｛server｝', [], ['placeholder-full-width']],
  ] as const)('%s', ([text, names, codes]) => {
    const template = readTemplate(text);
    expect(template.placeholders.map(({ name }) => name)).toEqual(names);
    expect(template.mistakes.map(({ code }) => code)).toEqual(codes);
  });
});

describe('the time that a reading takes', () => {
  test('is that of the manual: six readings of a usual guidance in about three and a half minutes', () => {
    const usual = 'あ'.repeat(150);
    expect(unansweredSeconds(readingSeconds(usual, {}))).toBeGreaterThan(180);
    expect(unansweredSeconds(readingSeconds(usual, {}))).toBeLessThan(240);
  });

  test('counts the values of parameters, and ten characters for those that the incident brings', () => {
    expect(readingSeconds('{{a}}', { a: 'あ'.repeat(50) })).toBe(10);
    expect(readingSeconds('{{a}}', {})).toBe(2);
  });

  test('may be so long that six readings just fit into the ten minutes of a call', () => {
    expect(unansweredSeconds(LONGEST_READING_SECONDS)).toBeLessThanOrEqual(600);
    expect(LONGEST_READING_SECONDS).toBe(96);
  });
});

describe('a duration', () => {
  const every = (written: string) =>
    messages(
      oneStep(
        `{ call: { contacts: [tanaka], say: "{{server}}1" }, attempts: 2, every: ${written}, keys: { 1: acknowledge } }`,
      ),
    ).filter((message) => message.startsWith('error'));

  test.for(['1s', '30s', '5m', '4h', '1d'])('%s', (written) => {
    expect(every(written)).toEqual([]);
  });

  test.for([
    ['5', 'of what? 5s, 5m or 5h'],
    ['5min', 'write 5m'],
    ['90 sec', 'write 90s'],
    ['1h30m', 'write 90m'],
    ['1.5h', 'write 90m'],
    ['5分', 'write 5m'],
    ['1時間30分', 'write 90m'],
    ['"5m "', 'such as 30s'],
    ['500ms', 'such as 30s'],
    ['soon', 'such as 30s'],
    ['[5m]', 'a list'],
    ['', 'nothing'],
    ['0', 'the shortest is 1s'],
    ['0m', 'the shortest is 1s'],
    ['90d', 'longer than 30d'],
  ] as const)('%s is not one: %s', ([written, says]) => {
    expect(every(written)).toEqual([expect.stringContaining(says)]);
  });
});

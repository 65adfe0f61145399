import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patternNotMeant } from '../../src/routing/not-meant.js';
import { readPattern, type Pattern } from '../../src/routing/pattern.js';

function patternOf(source: string): Pattern {
  const reading = readPattern(source);
  if (!reading.ok) throw new Error(reading.message);
  return reading.pattern;
}

/** Patterns in the notation that JavaScript shares. */
const pattern = fc.letrec<{ one: string; part: string; whole: string }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(
      'a',
      'b',
      'é',
      '障',
      '🔥',
      '-',
      '.',
      '\\.',
      '\\d',
      '\\w',
      '\\s',
      '\\D',
      '\\W',
      '[ab]',
      '[^a]',
      '[a-c\\d-]',
      '[^\\W_]',
      '[\\s-]',
      '[^\\s]',
      '\\n',
    ),
    tie('whole').map((inner) => `(${inner})`),
    tie('whole').map((inner) => `(?:${inner})`),
  ),
  part: fc
    .tuple(tie('one'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0}', '{1,}', '{0,2}', '{2,3}'))
    .map((parts) => parts.join('')),
  whole: fc
    .array(fc.array(tie('part'), { maxLength: 3 }), { minLength: 1, maxLength: 3 })
    .map((branches) => branches.map((parts) => parts.join('')).join('|')),
})).whole;
const text = fc.array(fc.constantFrom('a', 'b', 'c', 'A', '1', '_', '.', '-', ' ', '　', '\n', 'é', '障', '🔥'), {
  maxLength: 6,
});

describe('a pattern', () => {
  test('means the same as in JavaScript', () => {
    fc.assert(
      fc.property(pattern, text, (source, characters) => {
        const written = characters.join('');
        expect(patternOf(source).matches(written)).toBe(new RegExp(`^(?:${source})$`, 'su').test(written));
      }),
      { numRuns: 600 },
    );
  });

  test('means the same as in JavaScript where it ignores the case', () => {
    fc.assert(
      fc.property(pattern, text, (source, characters) => {
        const written = characters.join('');
        expect(patternOf(`(?i)${source}`).matches(written)).toBe(new RegExp(`^(?:${source})$`, 'siu').test(written));
      }),
      { numRuns: 300 },
    );
  });

  test('has to match the whole text, with or without anchors', () => {
    for (const source of ['web-\\d+', '^web-\\d+$', '^web-\\d+', 'web-\\d+$']) {
      expect(patternOf(source).matches('web-12')).toBe(true);
      expect(patternOf(source).matches('my-web-12')).toBe(false);
      expect(patternOf(source).matches('web-12.example.com')).toBe(false);
    }
  });

  test('is not slowed down by a value that was made to slow it down', () => {
    for (const source of [
      '(a+)+b',
      '(a|a)*b',
      '(a|aa)+b',
      '.*.*.*.*.*.*b',
      '(a*)*b',
      '((a{0,9}){0,9}){0,9}b',
      '(()*)*b',
    ]) {
      expect(patternOf(source).matches('a'.repeat(2_000))).toBe(false);
    }
  });

  test.for([
    ['(^db|^web)-\\d+', 'web-1'],
    ['\\障害', '障害'],
    ['.*\\bdisk\\b.*', 'the disk is full'],
    ['\\p{Hiragana}+', 'あい'],
    ['a+?(?i:B)', 'aab'],
    ['\\pL*\\{1\\}', 'x{1}'],
  ] as const)('%s is known', ([source, text]) => {
    expect(patternOf(source).matches(text)).toBe(true);
    expect(patternNotMeant(source)).toBeUndefined();
  });

  test('is read or refused, whatever it is', () => {
    const pieces = [
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '^',
      '$',
      '*',
      '+',
      '?',
      '|',
      '\\',
      '-',
      ',',
      'a',
      '1',
      '(?i)',
      '(?:',
      '(?=',
      '\\1',
      '{999}',
    ];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fc.constantFrom(...pieces)).map((p) => p.join('')),
        ),
        (source) => {
          const reading = readPattern(source);
          if (reading.ok) return;
          expect(reading.message.length).toBeGreaterThan(10);
          expect(reading.at ?? 0).toBeLessThanOrEqual(source.length);
        },
      ),
      { numRuns: 600 },
    );
  });

  test.for([
    ['web-(\\d+', 4, /never closed/],
    ['web)', 3, /closes nothing/],
    ['[a-', 0, /never closed/],
    ['[]', 0, /is empty/],
    ['\\*|[*]|*', 7, /nothing before this "\*"/],
    ['(a[(])\\(|(', 9, /never closed/],
    ['[z-a]', 1, /to a later one/],
    ['*.example.com', 0, /nothing before this "\*"/],
    ['a**', 1, /one of the two is enough/],
    ['a{3,1}', 1, /from the smaller/],
    ['a{x}', 1, /counts repetitions/],
    ['a{,3}', 1, /counts repetitions/],
    ['(?=a)b', 0, /such a group is not known/],
    ['(?!a)b', 0, /there is no "not"/],
    ['(?<!a)b', 0, /there is no "not"/],
    ['(a)\\1', 3, /"\\1" is not known/],
    ['a\\yc', 1, /"\\y" is not known/],
    ['\\p{Kana}', 0, /"\\p\{Kana\}" is not known/],
    ['a^b', 1, /whole text/],
    ['web\\', 3, /a character must follow/],
    ['a$b', 1, /whole text/],
    ['((((a{999}){999}){999}){999}){999}', 5, /multiplied/],
    ['a{1000}'.repeat(5), null, /too large/],
    ['(((){1000}){1000}){1000}', null, /too large/],
  ] as const)('%s is refused at its place', ([source, at, message]) => {
    expect(readPattern(source)).toMatchObject({ ok: false, at, message: expect.stringMatching(message) as string });
  });
});

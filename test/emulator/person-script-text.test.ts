import { describe, expect, test } from 'vitest';
import { parsePersonScript, PersonScriptError } from '../../src/emulator/emulator.js';

describe('the text form of a script', () => {
  test.each([
    ['answers:3s:1', { kind: 'answers', afterMs: 3_000, keys: [{ key: '1', afterMs: 2_000 }] }],
    ['answers:500ms', { kind: 'answers', afterMs: 500, keys: [] }],
    [
      'answers:1.5s:7@5s:*:1@1m',
      {
        kind: 'answers',
        afterMs: 1_500,
        keys: [
          { key: '7', afterMs: 5_000 },
          { key: '*', afterMs: 4_000 },
          { key: '1', afterMs: 60_000 },
        ],
      },
    ],
    ['never', { kind: 'neverPicksUp' }],
    ['busy', { kind: 'busy' }],
    ['machine', { kind: 'answeringMachine', afterMs: 12_000, recordsMs: 60_000 }],
    ['machine:5s', { kind: 'answeringMachine', afterMs: 5_000, recordsMs: 60_000 }],
    ['hangs-up:3s:5s', { kind: 'hangsUp', afterMs: 3_000, listensMs: 5_000 }],
    ['manual', { kind: 'manual' }],
  ])('%s is one person', (text, person) => {
    expect(parsePersonScript(`0300000001=${text}`)).toEqual({ phoneNumber: '0300000001', script: person });
  });

  test('a comma makes a list, one person for each call', () => {
    expect(parsePersonScript('+81-3-0000-0001=answers:3s:1, never')).toEqual({
      phoneNumber: '+81-3-0000-0001',
      script: [{ kind: 'answers', afterMs: 3_000, keys: [{ key: '1', afterMs: 2_000 }] }, { kind: 'neverPicksUp' }],
    });
  });

  test.each([
    '0300000001',
    '=never',
    'tanaka=never',
    '0300000001=',
    '0300000001=sleeps',
    '0300000001=answers',
    '0300000001=answers:3',
    '0300000001=answers:3s:A',
    '0300000001=answers:3s:1@x',
    '0300000001=never:3s',
    '0300000001=busy:3s',
    '0300000001=manual:3s',
    '0300000001=machine:3s:4s',
    '0300000001=hangs-up:3s',
  ])('%s is refused, with the forms and without the number', (text) => {
    expect(() => parsePersonScript(text)).toThrow(PersonScriptError);
    expect(() => parsePersonScript(text)).toThrow(/Write NUMBER=PERSON/);
    expect(() => parsePersonScript(text)).not.toThrow(/0300000001/);
  });
});

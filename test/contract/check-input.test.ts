import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPigeonCallInput } from '../../src/contract/check-input.js';
import { describeMs, durationMs } from '../../src/contract/duration.js';

const STORED = { callflowId: 'a', guidanceId: 'b' };
const contact = { displayName: '田中', phones: [{ phoneNumber: '0300000001' }] };
const guidance = { messageTemplate: 'x', reactions: { '1': { behavior: 'terminate' } } };

describe('the input of pigeonCall', () => {
  test('has the defaults of the job flow', () => {
    expect(checkPigeonCallInput(STORED)).toEqual({
      ok: true,
      input: { ...STORED, parameters: {}, waitMs: 15_000, deadlineMs: 86_400_000, onUnknownOutcome: 'giveUp' },
    });
  });

  test('may mix a stored call flow with an ad-hoc guidance', () => {
    expect(checkPigeonCallInput({ callflowId: 'a', guidance })).toMatchObject({ ok: true, input: { guidance } });
  });

  test('ignores keys that it does not know, and takes numbers and booleans as text', () => {
    const checked = checkPigeonCallInput({ ...STORED, later: 1, parameters: { count: 3, urgent: true, name: 'x' } });
    expect(checked).toMatchObject({ ok: true, input: { parameters: { count: '3', urgent: 'true', name: 'x' } } });
  });

  test.for([
    [undefined, ['exactly one of callflowId and callflow must be given']],
    [{ ...STORED, callflow: { loopLimit: 1, contacts: [contact] } }, ['exactly one of callflowId and callflow']],
    [
      { callflowId: 'a', guidance: { messageTemplate: 'x', reactions: {} } },
      ['guidance.reactions: must NOT have fewer'],
    ],
    [
      { callflowId: 'a', guidance: { messageTemplate: 'x', reactions: { '0': { behavior: 'terminate' } } } },
      ['keys are "1" to "9"'],
    ],
    [
      { callflowId: 'a', guidance: { messageTemplate: 'x', reactions: { '1': { behavior: 'continue' } } } },
      ['guidance.reactions: at least one key must have the behavior "terminate"'],
    ],
    [
      { guidanceId: 'b', callflow: { loopLimit: 0, contacts: [] } },
      ['callflow.loopLimit: must be >= 1', 'callflow.contacts'],
    ],
    [
      {
        guidanceId: 'b',
        callflow: { loopLimit: 1, contacts: [{ displayName: 'x', phones: [{ phoneNumber: 300000001 }] }] },
      },
      ['callflow.contacts.0.phones.0.phoneNumber: must be string'],
    ],
    [
      { guidanceId: 'b', callflow: { loopLimit: 1, contacts: [{ displayName: 'x', phones: [{ phoneNumber: 'x' }] }] } },
      ['phoneNumber: must be a telephone number as a string of digits'],
    ],
    [{ ...STORED, waitTime: '15' }, ['waitTime: must be number']],
    [{ ...STORED, deadline: '90 minutes' }, ['deadline: must be a duration such as 30s, 5m, 4h or 2d']],
    [{ ...STORED, onUnknownOutcome: 'maybe' }, ['onUnknownOutcome: must be "giveUp" or "callAgain"']],
    [
      { ...STORED, parameters: { server: null } },
      ['parameters.server: must be text of at most 10000 characters, a number or a boolean'],
    ],
    [{ ...STORED, version: 2 }, ['version']],
  ] as const)('%j is refused, and the error names the field', ([input, wanted]) => {
    const checked = checkPigeonCallInput(input);
    const errors = checked.ok ? [] : checked.errors;
    for (const part of wanted) expect(errors.join('\n')).toContain(part);
  });

  test('whatever a caller sends, the check answers, and says why', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const checked = checkPigeonCallInput(value);
        expect(checked.ok || checked.errors.length > 0).toBe(true);
      }),
    );
  });
});

describe('durations', () => {
  test.for([
    ['30s', 30_000],
    ['5m', 300_000],
    ['4h', 14_400_000],
    ['2d', 172_800_000],
  ] as const)('%s', ([text, ms]) => {
    expect(durationMs(text)).toBe(ms);
  });

  test.for(['', '5', 'm', '0s', '-5m', '1.5h', '5 m', '5M', '1h30m'])('"%s" is not one', (text) => {
    expect(() => durationMs(text)).toThrow(RangeError);
  });

  test.for([
    [0, '0s'],
    [400, '0s'],
    [90_000, '1m 30s'],
    [93_784_000, '1d 2h 3m 4s'],
  ] as const)('%i ms read as %s', ([ms, text]) => {
    expect(describeMs(ms)).toBe(text);
  });
});

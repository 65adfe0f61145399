import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PigeonUnconfirmed } from '../../src/pigeon/errors.js';
import { type RunResult, runResultFrom } from '../../src/pigeon/answers.js';

const FULL = {
  resultId: 'run-1',
  isActive: false,
  status: 'succeeded',
  keyInput: '1',
  receivedContactName: '田中',
  parameters: { server: 'web', ref: 'r-1' },
  callflow: { loopLimit: 1 },
  guidance: { messageTemplate: '…' },
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:01:00Z',
  calls: [
    {
      status: 'succeeded',
      contact: '田中',
      phoneNumber: '0312345678',
      keyInput: 1,
      loop: 1,
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:01:00Z',
    },
  ],
};

test('a full result is taken over, without the telephone numbers of its calls', () => {
  const result = runResultFrom(FULL);
  const { phoneNumber: _, ...call } = FULL.calls[0] ?? { phoneNumber: '' };
  expect(result).toEqual({ ...FULL, ended: 'succeeded', calls: [{ ...call, keyInput: '1' }] });
});

test.each([{ result: FULL }, { params: FULL }])('a result inside another object is found', (json) => {
  expect(runResultFrom(json)).toMatchObject({ resultId: 'run-1', ended: 'succeeded' });
});

test('what was given to invoke is found under params', () => {
  const json = { isActive: true, params: { callflow: { loopLimit: 2 }, parameters: { ref: 'r-1' } } };
  expect(runResultFrom(json)).toMatchObject({ parameters: { ref: 'r-1' }, callflow: { loopLimit: 2 } });
});

test.each([
  ['succeeded', false, 'succeeded'],
  ['Succeeded', false, 'succeeded'],
  ['failed', false, 'failed'],
  ['aborted', false, 'aborted'],
  ['canceled', false, 'aborted'],
  ['cancelled', false, 'aborted'],
  ['completed', false, 'unknownWord'],
  ['finished', false, 'unknownWord'],
  ['waiting', true, null],
  ['started', true, null],
  ['teleported', true, null],
] as const)('without isActive, the status %s decides', (status, isActive, ended) => {
  expect(runResultFrom({ resultId: 'run-1', status })).toMatchObject({ status, isActive, ended });
});

test('a status without anything else of a run is no result, but what a gateway says of itself', () => {
  expect(() => runResultFrom({ status: 'error', message: 'maintenance' })).toThrow(PigeonUnconfirmed);
});

test('isActive outweighs the status', () => {
  expect(runResultFrom({ isActive: true, status: 'succeeded' })).toMatchObject({ isActive: true, ended: null });
  expect(runResultFrom({ isActive: false, status: 'started' })).toMatchObject({ ended: 'unknownWord' });
  expect(runResultFrom({ isActive: false })).toMatchObject({ status: '', ended: 'unknownWord' });
});

test.each([
  [1, '1'],
  [0, '0'],
  ['9', '9'],
  [' 1 ', '1'],
  ['', null],
  [null, null],
  [undefined, null],
  [{ key: 1 }, null],
])('keyInput %o is read as %o', (keyInput, expected) => {
  expect(runResultFrom({ isActive: true, keyInput }).keyInput).toBe(expected);
});

test('a contact that is an object gives its name, one that is a telephone number gives none', () => {
  const calls = [{ contact: { displayName: '01', phones: [] } }, { contact: '03-1234-5678' }, null];
  expect(runResultFrom({ isActive: true, calls }).calls.map(({ contact }) => contact)).toEqual(['01', null, null]);
});

test.each([
  null,
  undefined,
  'succeeded',
  1,
  true,
  [],
  [FULL],
  {},
  { isActive: 'maybe' },
  { status: '' },
  { result: [] },
])('%o is not a result', (json) => {
  expect(() => runResultFrom(json)).toThrow(PigeonUnconfirmed);
});

const word = fc.oneof(fc.constantFrom('succeeded', 'success', 'SUCCEEDED', 'completed', 'ok', 'started'), fc.string());
const nearly = fc.record(
  {
    isActive: fc.oneof(fc.boolean(), fc.jsonValue()),
    status: fc.oneof(word, fc.jsonValue()),
    keyInput: fc.jsonValue(),
    calls: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
    parameters: fc.jsonValue(),
    params: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const anyJson = fc.oneof(
  fc.anything(),
  nearly,
  nearly.map((result) => ({ result })),
);

/** Null stands for PigeonUnconfirmed; every other error goes through. */
function resultOrNull(json: unknown): RunResult | null {
  try {
    return runResultFrom(json);
  } catch (error) {
    if (error instanceof PigeonUnconfirmed) return null;
    throw error;
  }
}

test('whatever comes, the mapper gives a result or PigeonUnconfirmed, and success only for the one word', () => {
  fc.assert(
    fc.property(anyJson, (json) => {
      const result = resultOrNull(json);
      if (result === null) return;
      const word = result.status.trim().toLowerCase();
      expect(result.ended === 'succeeded').toBe(!result.isActive && word === 'succeeded');
      expect(result.ended === null).toBe(result.isActive);
      expect(result.calls.flatMap((call) => Object.keys(call))).not.toContain('phoneNumber');
    }),
    { numRuns: 1_000 },
  );
});

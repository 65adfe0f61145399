import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { callsPageFrom, invokeAnswerFrom } from '../../src/pigeon/answers.js';
import { PigeonUnconfirmed } from '../../src/pigeon/errors.js';

test.each([{ resultId: 'r', status: 'requested' }, { resultId: 'r' }, { result: { resultId: 'r' } }])(
  'an id is an accepted run: %o',
  (json) => {
    expect(invokeAnswerFrom(json, [])).toEqual({ status: 'accepted', resultId: 'r' });
  },
);

test.each([
  [{ status: 'rejected' }, null],
  [{ status: 'rejected', resultId: 'r' }, null],
  [{ status: 'Rejected', reason: 'full' }, 'full'],
  [{ result: { status: 'rejected', error: 'full' } }, 'full'],
])('the word decides that a run is rejected: %o', (json, message) => {
  expect(invokeAnswerFrom(json, [])).toEqual({ status: 'rejected', message });
});

test('the echo of what was asked for is no answer', () => {
  const json = { params: { resultId: 'r', status: 'rejected' } };
  expect(() => invokeAnswerFrom(json, [])).toThrow(PigeonUnconfirmed);
});

test('a list of calls inside another object is found, and its total may be missing', () => {
  const items = [{ resultId: 'r', status: 'calling' }];
  expect(callsPageFrom({ result: { items } })).toEqual({ items, total: null });
});

test('whatever comes, the readers of answers throw nothing but PigeonUnconfirmed', () => {
  const json = fc.oneof(
    fc.anything(),
    fc.record({ status: fc.jsonValue(), resultId: fc.jsonValue(), items: fc.jsonValue() }, { requiredKeys: [] }),
    fc.record({ items: fc.array(fc.jsonValue()) }),
  );
  const outcomeOf = (read: () => unknown): string => {
    try {
      return typeof read();
    } catch (error) {
      return error instanceof PigeonUnconfirmed ? 'unconfirmed' : String(error);
    }
  };
  fc.assert(
    fc.property(json, (value) => {
      expect(outcomeOf(() => callsPageFrom(value))).toMatch(/^(?:object|unconfirmed)$/);
      expect(outcomeOf(() => invokeAnswerFrom(value, []))).toMatch(/^(?:object|unconfirmed)$/);
    }),
  );
});

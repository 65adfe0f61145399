import { ActivityFailure, ApplicationFailure, RetryState, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { RunView } from '../../src/contract/activities.js';
import { chooseRun } from '../../src/workflows/call/look-for-run.js';
import { endingOf, reactionsOf, type Standing } from '../../src/workflows/call/result.js';
import { backOffMs, summaryOf } from '../../src/workflows/call/wait.js';
import { verdictOf } from '../../src/workflows/call/verdict.js';

const KEYS = { '1': 'terminate', '2': 'continue', '3': 'leave', '4': 'transfer' };
const view = (ended: RunView['ended'], keyInput: string | null, more: Partial<RunView> = {}): RunView => ({
  isActive: false,
  status: 'word',
  ended,
  keyInput,
  receivedContactName: null,
  calls: [],
  ...more,
});

describe('how a run ended', () => {
  test.for([
    ['succeeded', '1', KEYS, 'answered'],
    ['succeeded', '4', KEYS, 'answered'],
    ['succeeded', '1', null, 'answered'],
    ['succeeded', '2', KEYS, 'unanswered'],
    ['succeeded', null, KEYS, 'unanswered'],
    ['succeeded', '0', KEYS, 'unanswered'],
    ['succeeded', '#', KEYS, 'unanswered'],
    ['succeeded', '12', null, 'unanswered'],
    ['failed', '1', KEYS, 'unanswered'],
    ['failed', null, KEYS, 'unanswered'],
    ['aborted', '1', KEYS, 'aborted'],
    ['aborted', null, null, 'aborted'],
    ['unknownWord', '1', KEYS, 'answered'],
    ['unknownWord', '2', KEYS, 'unanswered'],
    ['unknownWord', '1', null, 'unanswered'],
    ['unknownWord', null, KEYS, 'unanswered'],
  ] as const)('%s with key %s, keys %j: %s', ([ended, key, reactions, outcome]) => {
    const ending = endingOf(view(ended, key), reactions);
    expect(ending).toMatchObject({ outcome, keyInput: outcome === 'answered' ? key : null });
  });

  test('who answered is whom Pigeon names, else whose call has the key', () => {
    const call = { status: 'succeeded', loop: 1, startedAt: null, finishedAt: null };
    const calls = [
      { ...call, contact: '田中', keyInput: '2' },
      { ...call, contact: '山田', keyInput: '1' },
    ];
    expect(endingOf(view('succeeded', '1', { calls }), KEYS).answeredBy).toBe('山田');
    expect(endingOf(view('succeeded', '1', { calls, receivedContactName: '鈴木' }), KEYS).answeredBy).toBe('鈴木');
  });

  test.for([null, 1, 'x', {}, { reactions: null }, { reactions: 'x' }])(
    'a guidance like %j tells nothing',
    (guidance) => {
      expect(reactionsOf(guidance)).toBeNull();
    },
  );

  test('a guidance in the shape of Pigeon tells what each key does', () => {
    expect(reactionsOf({ reactions: { '1': { behavior: 'terminate' }, '2': 'x', '3': {} } })).toEqual({
      '1': 'terminate',
    });
  });
});

describe('what the failure of an activity means', () => {
  const failed = (cause: Error) =>
    new ActivityFailure('failed', 'invoke', '1', RetryState.MAXIMUM_ATTEMPTS_REACHED, 'worker', cause);
  const application = (type: string, details: unknown[] = []) =>
    failed(ApplicationFailure.create({ type, message: 'words', details }));

  test.for([
    ['PigeonNotSent', 'blocked'],
    ['PayloadUnreadable', 'blocked'],
    ['PigeonUnauthorized', 'blocked'],
    ['PigeonForbidden', 'blocked'],
    ['PigeonRateLimited', 'blocked'],
    ['PigeonRefused', 'refused'],
    ['PigeonNotFound', 'refused'],
    ['PigeonUnconfirmed', 'unconfirmed'],
    ['TypeError', 'unconfirmed'],
  ] as const)('%s: %s', ([type, kind]) => {
    expect(verdictOf(application(type))).toMatchObject({ kind, message: 'words' });
  });

  test('a worker that was killed leaves it open whether the request was sent', () => {
    expect(verdictOf(failed(new TimeoutFailure('x', undefined, TimeoutType.START_TO_CLOSE))).kind).toBe('unconfirmed');
    expect(verdictOf(failed(new TimeoutFailure('x', undefined, TimeoutType.HEARTBEAT))).kind).toBe('unconfirmed');
  });

  test('a request that no worker took was not sent', () => {
    expect(verdictOf(failed(new TimeoutFailure('x', undefined, TimeoutType.SCHEDULE_TO_START))).kind).toBe('blocked');
  });

  test.for([
    [[{ retryAfterMs: 90_000 }], 90_000],
    [[{ retryAfterMs: 86_400_000 }], 3_600_000],
    [[{ retryAfterMs: -1 }], null],
    [['x'], null],
    [[], null],
  ] as const)('Retry-After in %j is %s', ([details, retryAfterMs]) => {
    expect(verdictOf(application('PigeonRateLimited', [...details]))).toMatchObject({ retryAfterMs });
  });
});

describe('which of two runs of one call continues', () => {
  const waiting: Standing = { active: true, calling: false, answered: false };
  const calling: Standing = { active: true, calling: true, answered: false };
  const answered: Standing = { active: false, calling: true, answered: true };
  const over: Standing = { active: false, calling: true, answered: false };

  test.for([
    ['ours calls, the lost one waits', calling, waiting, 'hungUp'],
    ['both call', calling, calling, 'hungUp'],
    ['both wait', waiting, waiting, 'hungUp'],
    ['ours waits, the lost one calls', waiting, calling, 'followed'],
    ['ours is over, the lost one calls', over, calling, 'followed'],
    ['ours is over, the lost one waits', over, waiting, 'followed'],
    ['ours calls, the lost one was answered', calling, answered, 'followed'],
    ['ours was answered, the lost one calls', answered, calling, 'hungUp'],
    ['both were answered', answered, answered, 'over'],
    ['ours calls, the lost one is over', calling, over, 'over'],
  ] as const)('%s: the lost one is %s', ([, ours, lost, choice]) => {
    expect(chooseRun(ours, lost)).toBe(choice);
  });
});

test('the back-off grows from 5 s to a minute, and Retry-After may make it longer', () => {
  expect([1, 2, 3, 4, 5, 6, 100].map((n) => backOffMs(n, null) / 1000)).toEqual([5, 10, 20, 40, 60, 60, 60]);
  expect(backOffMs(1, 90_000)).toBe(90_000);
});

test('a summary has at most 200 bytes and no half character', () => {
  expect(summaryOf('short')).toBe('short');
  const long = summaryOf('障'.repeat(100));
  expect(long).toBe('障'.repeat(66));
  expect(summaryOf('📞'.repeat(60))).toBe('📞'.repeat(50));
});

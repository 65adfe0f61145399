import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeptAlerts } from '../../src/gateway/deliver.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const alerts = () => new KeptAlerts(pino({ level: 'silent' }));
const tries = (...outcomes: readonly ('done' | 'again' | Error)[]) => {
  const left = [...outcomes];
  return vi.fn<() => Promise<'done' | 'again'>>(() => {
    const outcome = left.shift() ?? 'again';
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  });
};

test('an alert that is kept is tried once a minute until it is taken, also after an error', async () => {
  const attempt = tries('again', new Error('away'), 'done');
  alerts().keep('incident/a', 'tooManyChanges', attempt);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(attempt).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(attempt).toHaveBeenCalledTimes(3);
});

test('only the newest of an incident is kept, and none that something newer has overtaken', async () => {
  const [first, second] = [tries(), tries('done')];
  const kept = alerts();
  kept.keep('incident/a', 'tooManyChanges', first);
  kept.keep('incident/a', 'tooManyChanges', second);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
  kept.keep('incident/a', 'tooManyChanges', first);
  kept.drop('incident/a');
  await vi.advanceTimersByTimeAsync(600_000);
  expect(first).not.toHaveBeenCalled();
});

test('what is kept for another reason, or is newer, has the whole time of its reason', async () => {
  const [other, newer] = [tries(), tries()];
  const kept = alerts();
  kept.keep('incident/a', 'stillClosing', tries());
  await vi.advanceTimersByTimeAsync(29 * 60_000);
  kept.keep('incident/a', 'tooManyChanges', other);
  await vi.advanceTimersByTimeAsync(23 * 3_600_000);
  expect(other).toHaveBeenCalledTimes(23 * 60);
  kept.keep('incident/a', 'tooManyChanges', newer);
  await vi.advanceTimersByTimeAsync(2 * 3_600_000);
  expect(newer).toHaveBeenCalledTimes(2 * 60);
});

test('what waits for an incident to hang up is tried every ten seconds, and given up after half an hour', async () => {
  const attempt = tries();
  alerts().keep('incident/a', 'stillClosing', attempt);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(attempt.mock.calls.length).toBe(180);
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchSleep } from '../../src/activities/create-activities.js';

/** A step of the life of a process: it runs and ticks, or it does not run at all. */
type Step = { readonly runs: number } | { readonly sleeps: number };

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

describe('the time that a start is trusted to be', () => {
  test.for<[string, readonly Step[], number]>([
    ['now, right after the beginning', [], 0],
    ['now, while nothing happens', [{ runs: 60_000 }], 0],
    ['now, after a pause as short as a garbage collection', [{ runs: 10_000 }, { sleeps: 5_000 }], 0],
    ['the last tick before a sleep, at the very moment of waking', [{ runs: 10_000 }, { sleeps: 20_000 }], -20_000],
    [
      'the last tick before a sleep, 4 s after waking',
      [{ runs: 10_000 }, { sleeps: 20_000 }, { runs: 4_000 }],
      -24_000,
    ],
    ['now, once it has been awake for 5 s', [{ runs: 10_000 }, { sleeps: 20_000 }, { runs: 5_500 }], 0],
    ['the last tick before the newest of two sleeps', [{ sleeps: 60_000 }, { runs: 1_000 }, { sleeps: 7_000 }], -7_000],
    ['now, after a sleep of a week', [{ sleeps: 7 * 86_400_000 }, { runs: 5_500 }], 0],
  ])('is %s', ([, steps, expected]) => {
    const watch = watchSleep(Date.now);
    for (const step of steps) {
      if ('runs' in step) vi.advanceTimersByTime(step.runs);
      // A suspended process keeps the time, and its timers do not fire.
      else vi.setSystemTime(Date.now() + step.sleeps);
    }
    expect(watch.trustedNow() - Date.now()).toBe(expected);
    watch.stop();
  });

  test('is asked for as often as one likes without being changed by it', () => {
    const watch = watchSleep(Date.now);
    vi.setSystemTime(Date.now() + 20_000);
    const first = watch.trustedNow();
    vi.advanceTimersByTime(400);
    expect([watch.trustedNow(), watch.trustedNow()]).toEqual([first, first]);
    watch.stop();
  });

  test('keeps no process alive, and nothing runs once it is stopped', () => {
    const watch = watchSleep(Date.now);
    expect(vi.getTimerCount()).toBe(1);
    watch.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** A gap of more than this between two ticks means that the process was suspended or starved. */
const GAP_MS = 5_000;
const TICK_MS = 500;

/**
 * Knows whether this process has just slept (SIGSTOP, a suspended machine, a starved container). A task that was handed
 * out before the sleep looks new after it, and Temporal's TypeScript SDK does not tell an activity when the server
 * started it; so for a moment after waking no start is trusted.
 */
export interface SleepWatch {
  /**
   * The time that an activity which begins now may take for its start: now, or, for some seconds after a sleep, the
   * time when the sleep began. Epoch milliseconds.
   */
  trustedNow(): number;
  stop(): void;
}

export function watchSleep(now: () => number = Date.now): SleepWatch {
  let lastTick = now();
  let sleptSince = Number.NEGATIVE_INFINITY;
  let wokeAt = Number.NEGATIVE_INFINITY;
  const tick = () => {
    const at = now();
    if (at - lastTick > GAP_MS) [sleptSince, wokeAt] = [lastTick, at];
    // A clock that was set back tells nothing about a sleep.
    if (at < lastTick) wokeAt = Number.NEGATIVE_INFINITY;
    lastTick = at;
  };
  const timer = setInterval(tick, TICK_MS);
  timer.unref();
  return {
    trustedNow() {
      tick(); // the activity may run before the timer that notices the gap
      return lastTick - wokeAt < GAP_MS ? sleptSince : lastTick;
    },
    stop: () => clearInterval(timer),
  };
}

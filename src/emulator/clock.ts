/** Where the time of a space comes from, in milliseconds since 1970. */
export interface Clock {
  now(): number | Promise<number>;
  /**
   * Calls `wake` once when the time has come; returns the way to cancel. A clock that cannot wake anybody does nothing:
   * the space then moves only when it is asked something.
   */
  wakeAt(timeMs: number, wake: () => void): () => void;
  /** How much of its time passes in a millisecond of this machine, where that is known: the page then need not ask. */
  readonly speed?: number;
}

/** A clock that a test moves by hand. */
export interface ManualClock extends Clock {
  now(): number;
  /** Moves on; a space at this clock has done all that was due when this returns. */
  advance(ms: number): void;
}

// A longer setTimeout fires at once.
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The time of this machine from now on, `speed` times as fast: at 60 a real second is a minute. It keeps no process alive. */
export function realClock(options: { readonly speed?: number; readonly startAt?: number } = {}): Clock {
  const { speed = 1, startAt = Date.now() } = options;
  const origin = performance.now();
  const now = (): number => Math.floor(startAt + (performance.now() - origin) * speed);
  return {
    now,
    speed,
    wakeAt(timeMs, wake) {
      const delay = Math.ceil((timeMs - now()) / speed);
      const timer = setTimeout(wake, Math.min(Math.max(delay, 0), LONGEST_TIMEOUT_MS)).unref();
      return () => clearTimeout(timer);
    },
  };
}

export function manualClock(startAt = 0): ManualClock {
  let time = startAt;
  const sleepers = new Map<() => void, number>();
  return {
    now: () => time,
    wakeAt(timeMs, wake) {
      const sleeper = (): void => wake();
      sleepers.set(sleeper, timeMs);
      return () => void sleepers.delete(sleeper);
    },
    advance(ms) {
      time += ms;
      const due = [...sleepers].filter(([, at]) => at <= time).toSorted(([, one], [, other]) => one - other);
      for (const [sleeper] of due) {
        if (sleepers.delete(sleeper)) sleeper();
      }
    },
  };
}

/** A clock that can only be read, like the virtual one of a time-skipping Temporal server. */
export function clockFrom(now: () => Promise<number>): Clock {
  return { now, wakeAt: () => () => undefined };
}

/** The reason of the signal when the limit passed. */
class TimeLimitPassed extends Error {
  override readonly name = 'TimeLimitPassed';
  readonly code = 'TIME_LIMIT';
}

export interface TimeLimit {
  /** Aborts at the limit, or together with the caller's signal and with its reason. */
  readonly signal: AbortSignal;
  /** Follows `work`, but rejects with the signal's reason as soon as the signal aborts. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Frees the timer and the listener. */
  end(): void;
}

/** `AbortSignal.any` with `AbortSignal.timeout` would do, but on Node 20 a collected timeout signal never fires. */
export function startTimeLimit(milliseconds: number, cancelled: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  const { signal } = controller;
  const onCancelled = (): void => controller.abort(cancelled?.reason);
  const timer = setTimeout(
    () => controller.abort(new TimeLimitPassed(`no end after ${milliseconds} ms`)),
    milliseconds,
  );
  if (cancelled?.aborted === true) onCancelled();
  cancelled?.addEventListener('abort', onCancelled, { once: true });

  return {
    signal,
    race: (work) =>
      new Promise((resolve, reject) => {
        const onAbort = (): void => reject(signal.reason as Error);
        if (signal.aborted) onAbort();
        signal.addEventListener('abort', onAbort, { once: true });
        work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
      }),
    end: () => {
      clearTimeout(timer);
      cancelled?.removeEventListener('abort', onCancelled);
    },
  };
}

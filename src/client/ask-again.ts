import { defaultGrpcRetryOptions, type GrpcRetryOptions } from '@temporalio/client';

/** What the server says to an update that comes while a run ends and the next begins, which takes it. */
const NEXT_RUN_BEGINS = /workflow is closing/i;
const RETRY_INTERVAL_MS = 100;

/**
 * How the SDK asks again, but for an incident that continues as new: this takes a fraction of a second, and the SDK would wait as
 * for a server that has too much to do, 1.7 s and then 2.9 and 4.9: who meets it three times has no answer within 10 s.
 */
export function askAgain(): GrpcRetryOptions {
  const usual = defaultGrpcRetryOptions();
  const soon = defaultGrpcRetryOptions({ initialIntervalMs: () => RETRY_INTERVAL_MS });
  return {
    ...usual,
    delayFunction: (attempt, status) =>
      (NEXT_RUN_BEGINS.test(status.details) ? soon : usual).delayFunction(attempt, status),
  };
}

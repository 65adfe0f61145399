import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../contract/activities.js';
import { DEFAULT_INVOKE_TASK_QUEUE, FailureType } from '../../contract/names.js';
import { words } from '../../words/words.js';

/**
 * The activities of a call, each with its limits and the reason for each number. The client's own limit for one HTTP
 * exchange is 10 s; no start-to-close time is below it.
 */

/** Set by the worker in front of the bundle, since workflows cannot read its configuration. */
declare global {
  var pigeonflowInvokeTaskQueue: string | undefined;
}

/** Refused for what was asked: another try gives the same answer, the workflow decides at once. */
const REFUSALS: FailureType[] = [
  FailureType.PigeonRefused,
  FailureType.PigeonNotFound,
  FailureType.PigeonUnauthorized,
  FailureType.PigeonForbidden,
];

/** The POST: one attempt, ever. `summary` is shown in the Web UI. */
export function invokeOnce(summary: string, priorityKey?: number): Activities['invoke'] {
  return proxyActivities<Pick<Activities, 'invoke'>>({
    taskQueue: globalThis.pigeonflowInvokeTaskQueue ?? DEFAULT_INVOKE_TASK_QUEUE,
    // 5 s within which the activity may begin to send, and 10 s for the exchange.
    startToCloseTimeout: '15s',
    // Longer than a storm of 1,000 calls waits at 2 POSTs a second; then it is reported that no worker takes it.
    scheduleToStartTimeout: '10m',
    // There is no idempotency key: a second POST is a second telephone call.
    retry: { maximumAttempts: 1 },
    // Not started: cancelled at once, provably never sent. Started: its resultId is still delivered.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
    ...(priorityKey !== undefined && { priority: { priorityKey } }),
  }).invoke;
}

/** A look at the result. Transport faults are absorbed for up to `within`, then the caller shows that and continues. */
export function getResult(summary: string, within: '1m' | '10s' = '1m'): Activities['getResult'] {
  return proxyActivities<Pick<Activities, 'getResult'>>({
    startToCloseTimeout: '15s',
    scheduleToCloseTimeout: within,
    // 1, 2, 4, 8, 10 s …: a short break of the network costs seconds, a long one no storm.
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s', nonRetryableErrorTypes: REFUSALS },
    summary,
  }).getResult;
}

/** Hanging up. Repeating it does no harm; the caller asks again as long as the run is active. */
export const { abort } = proxyActivities<Pick<Activities, 'abort'>>({
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '15s',
  retry: {
    initialInterval: '500ms',
    backoffCoefficient: 2,
    maximumInterval: '5s',
    nonRetryableErrorTypes: [FailureType.PigeonRefused],
  },
  summary: words().call.summaryOfAbort,
  // Before all looks that wait for a worker.
  priority: { priorityKey: 1 },
});

/** Reads a policy by its name from the worker's folder. Local: it changes nothing, and the first call waits for it. */
export const { readPolicy } = proxyLocalActivities<Pick<Activities, 'readPolicy'>>({
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 3, nonRetryableErrorTypes: [FailureType.InvalidInput] },
});

/** A look for a run whose POST was not confirmed: pages of calls, and the results of runs not seen before. */
export const { findRun } = proxyActivities<Pick<Activities, 'findRun'>>({
  startToCloseTimeout: '1m',
  // It reports after each answer of Pigeon, which takes at most 10 s.
  heartbeatTimeout: '15s',
  // The workflow looks again every 5 s in any case.
  retry: { maximumAttempts: 1 },
  summary: words().call.summaryOfSearch,
});

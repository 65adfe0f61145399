import { isCancellation, patched, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../../contract/activities.js';
import { FailureType } from '../../contract/names.js';
import { Patch } from '../../contract/patches.js';
import { words } from '../../words/words.js';
import type { Call } from './call.js';
import { getResult } from './result.js';
import { verdictOf } from './verdict.js';

/** Hanging up. Repeating it does no harm; it is asked again as long as the run is active. */
const { abort } = proxyActivities<Pick<Activities, 'abort'>>({
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

/** A call in progress is not cut at once; after a minute its end is not waited for any longer. */
const END_TIMEOUT_MS = 60_000;
/** A token or a network may come back meanwhile. */
const ABORT_TIMEOUT_MS = 600_000;
const ABORT_INTERVAL_MS = 10_000;
const LOOK_INTERVAL_MS = 2_000;

/** Asks until the run has ended: once, again while it stays active, and longer when nobody has taken the request yet. */
export async function hangUpRun(call: Call, resultId: string): Promise<void> {
  const began = Date.now();
  let askedAt = Number.NEGATIVE_INFINITY;
  let acceptedAt: number | null = null;
  while (Date.now() < (acceptedAt === null ? began + ABORT_TIMEOUT_MS : acceptedAt + END_TIMEOUT_MS)) {
    if (Date.now() - askedAt >= ABORT_INTERVAL_MS) {
      const isFirst = askedAt < began;
      askedAt = Date.now();
      const accepted = await askToHangUp(call, resultId);
      // Versions before counted from the first request, so one that was taken late was not waited for.
      if (accepted) acceptedAt ??= isFirst || !patched(Patch.LostRuns) ? began : Date.now();
    }
    try {
      call.saw(await getResult(words().call.summaryOfPollAfterAbort, '10s')({ resultId }));
      if (!call.isActive) return;
    } catch (error) {
      const { message } = verdictOf(error);
      call.enter('hangingUp', (said) => said.call.hangingUpUnreadable(message));
    }
    await sleep(LOOK_INTERVAL_MS, { summary: words().call.summaryOfAborted });
  }
  // Asked for again when the call is over.
  if (acceptedAt === null && patched(Patch.LostRuns)) call.progress.doubles.push(resultId);
  const { stillActive, stillActiveAndRefused } = words().call;
  call.note((acceptedAt === null ? stillActiveAndRefused : stillActive)(resultId, Date.now() - began));
}

async function askToHangUp(call: Call, resultId: string): Promise<boolean> {
  try {
    return (await abort({ resultId })) === 'asked';
  } catch (error) {
    const { message } = verdictOf(error);
    call.enter('hangingUp', (said) => said.call.notHungUpYet(resultId, message));
    return false;
  }
}

/** It stays among the doubles until Pigeon has taken it, so a cancellation meanwhile forgets nothing. */
export async function hangUpDouble(call: Call, resultId: string): Promise<void> {
  try {
    const answer = await abort({ resultId });
    const { doubleHungUp, doubleRefused } = words().call;
    call.note((answer === 'asked' ? doubleHungUp : doubleRefused)(resultId));
    call.progress.doubles.splice(call.progress.doubles.indexOf(resultId), 1);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { message } = verdictOf(error);
    call.enter(call.progress.state, (said) => said.call.doubleNotHungUpYet(resultId, message));
  }
}

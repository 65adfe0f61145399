import { CancellationScope, isCancellation, patched, sleep } from '@temporalio/workflow';
import { describeMs } from '../../contract/duration.js';
import { Patch } from '../../contract/patches.js';
import { abort, getResult } from './call-activities.js';
import { type Call, timeOf } from './call.js';
import { lookForUnconfirmed, settleLostRuns } from './look-for-run.js';
import type { CallEnding } from './outcome.js';
import { verdictOf } from './verdict.js';

/** A call in progress is not cut at once; after a minute its end is not waited for any longer. */
const END_TIMEOUT_MS = 60_000;
/** A token or a network may come back meanwhile. */
const ABORT_TIMEOUT_MS = 600_000;
const ABORT_INTERVAL_MS = 10_000;
/** Looks that fail while hanging up, over some five minutes. */
const MAX_FAILURES = 8;
const LOOK_INTERVAL_MS = 2_000;

/**
 * Runs `flow` until it ends, finds its run stuck, until the deadline passes, or until somebody cancels. In the last three cases
 * the run, wherever it has come to, is hung up before this returns.
 *
 * @throws CancelledFailure when it was cancelled from outside, after hanging up.
 */
export async function hangUpWhenStopped(call: Call, flow: () => Promise<CallEnding | 'stuck'>): Promise<CallEnding> {
  const stopped = new CancellationScope();
  const deadline = new CancellationScope();
  const { deadlineAt } = call.progress;
  deadline
    .run(() =>
      sleep(Math.max(deadlineAt - Date.now(), 1), {
        summary: `hung up if it still rings at ${timeOf(deadlineAt)} (deadline)`,
      }),
    )
    .then(() => stopped.cancel())
    .catch(() => undefined); // it ended before
  if (Date.now() >= deadlineAt) stopped.cancel();
  try {
    const ending = await stopped.run(flow);
    if (ending !== 'stuck') return ending;
    await CancellationScope.nonCancellable(() => hangUp(call, 'nothing happens in its run any more'));
    return 'deadline';
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const fromOutside = CancellationScope.current().consideredCancelled;
    const why = fromOutside ? 'cancelled' : `the deadline of ${describeMs(call.input.deadlineMs)} has passed`;
    await CancellationScope.nonCancellable(() => hangUp(call, why));
    if (fromOutside) throw error;
    return 'deadline';
  } finally {
    deadline.cancel();
  }
}

/** Aborts whatever run the call has, or may have, and reads its result once more when its end is known. */
async function hangUp(call: Call, why: string): Promise<void> {
  const { progress } = call;
  if (progress.run === null && progress.unconfirmed === null && progress.lost.length === 0) {
    call.note(`Stopped (${why}); no run exists.`);
    return;
  }
  call.note(`Hanging up: ${why}.`);
  if (progress.run === null && progress.unconfirmed !== null) {
    await lookForUnconfirmed(call, progress.unconfirmed, MAX_FAILURES);
  }
  call.enter('hangingUp', `Hanging up: ${why}.`);
  if (progress.run !== null) await hangUpRun(call, progress.run.resultId);
  const ours = progress.run;
  await settleLostRuns(call);
  if (progress.run !== null && progress.run !== ours) await hangUpRun(call, progress.run.resultId);
}

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
      call.saw(await getResult('GET results, after the abort', '10s')({ resultId }));
      if (!call.isActive) return;
    } catch (error) {
      call.enter('hangingUp', `Hanging up; the result cannot be read: ${verdictOf(error).message}`);
    }
    await sleep(LOOK_INTERVAL_MS, { summary: 'until the end of the aborted run is known' });
  }
  // Asked for again when the call is over.
  if (acceptedAt === null && patched(Patch.LostRuns)) call.progress.doubles.push(resultId);
  const lasted = describeMs(Date.now() - began);
  call.note(
    `Run ${resultId} was still active ${lasted} after hanging up${acceptedAt !== null ? '' : ', which Pigeon never accepted'}.`,
  );
}

async function askToHangUp(call: Call, resultId: string): Promise<boolean> {
  try {
    return (await abort({ resultId })) === 'asked';
  } catch (error) {
    call.enter('hangingUp', `Run ${resultId} could not be hung up yet: ${verdictOf(error).message}`);
    return false;
  }
}

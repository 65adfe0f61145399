import { CancellationScope, isCancellation, patched, sleep } from '@temporalio/workflow';
import { Patch } from '../../contract/patches.js';
import { stamp, words } from '../../words/words.js';
import { abort, getResult } from './call-activities.js';
import type { Call, Say } from './call.js';
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
        summary: words().call.summaryOfDeadline(stamp(deadlineAt)),
      }),
    )
    .then(() => stopped.cancel())
    .catch(() => undefined); // it ended before
  if (Date.now() >= deadlineAt) stopped.cancel();
  try {
    const ending = await stopped.run(flow);
    if (ending !== 'stuck') return ending;
    await CancellationScope.nonCancellable(() => hangUp(call, (said) => said.call.whyStuck));
    return 'deadline';
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const fromOutside = CancellationScope.current().consideredCancelled;
    const why: Say = (said) => (fromOutside ? said.call.whyCancelled : said.call.whyDeadline(call.input.deadlineMs));
    await CancellationScope.nonCancellable(() => hangUp(call, why));
    if (fromOutside) throw error;
    return 'deadline';
  } finally {
    deadline.cancel();
  }
}

/** Aborts whatever run the call has, or may have, and reads its result once more when its end is known. */
async function hangUp(call: Call, why: Say): Promise<void> {
  const { progress } = call;
  if (progress.run === null && progress.unconfirmed === null && progress.lost.length === 0) {
    call.note(words().call.stopped(why(words())));
    return;
  }
  call.note(words().call.hangingUp(why(words())));
  if (progress.run === null && progress.unconfirmed !== null) {
    await lookForUnconfirmed(call, progress.unconfirmed, MAX_FAILURES);
  }
  call.hangsUp(why);
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

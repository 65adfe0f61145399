import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { describeMs } from '../../contract/duration.js';
import { timeOf, type Call } from './call.js';
import { abort, getResult } from './call-activities.js';
import { lookForUnconfirmed, settleLostRuns } from './look-for-run.js';
import { verdictOf } from './verdict.js';

/** A call in progress is not cut at once; after a minute its end is not waited for any longer. */
const END_KNOWN_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 2_000;

/**
 * Runs `flow` until it ends, until the deadline passes, or until somebody cancels. In the last two cases the run, wherever
 * it has come to, is hung up before this returns.
 *
 * @throws CancelledFailure when it was cancelled from outside, after hanging up.
 */
export async function hangUpWhenStopped<T>(call: Call, flow: () => Promise<T>): Promise<T | 'deadline'> {
  const stopped = new CancellationScope();
  const alarm = new CancellationScope();
  const { deadlineAt } = call.progress;
  alarm
    .run(() => sleep(Math.max(deadlineAt - Date.now(), 1), { summary: `deadline ${timeOf(deadlineAt)}: hang up` }))
    .then(() => stopped.cancel())
    .catch(() => undefined); // the alarm was turned off
  try {
    return await stopped.run(flow);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const fromOutside = CancellationScope.current().consideredCancelled;
    const why = fromOutside ? 'cancelled' : `the deadline of ${describeMs(call.input.deadlineMs)} has passed`;
    await CancellationScope.nonCancellable(() => hangUp(call, why));
    if (fromOutside) throw error;
    return 'deadline';
  } finally {
    alarm.cancel();
  }
}

/** Aborts whatever run the call has, or may have, waits until its end is known, and reads its result once more. */
async function hangUp(call: Call, why: string): Promise<void> {
  const { progress } = call;
  if (progress.run === null && progress.unconfirmed === null && progress.lost.length === 0) {
    call.note(`Stopped (${why}); no run exists.`);
    return;
  }
  call.note(`Hanging up: ${why}.`);
  if (progress.unconfirmed !== null && !(await lookForUnconfirmed(call, progress.unconfirmed))) {
    call.note(`POST ${progress.unconfirmed.reference} was not found: if Pigeon has it, it goes on ringing.`);
  }
  call.enter('hangingUp', `Hanging up: ${why}.`);
  await settleLostRuns(call);
  if (progress.run === null) return;
  const { resultId } = progress.run;
  const askedAt = Date.now();
  try {
    await abort({ resultId });
  } catch (error) {
    call.note(`Run ${resultId} could not be hung up: ${verdictOf(error).message}`);
  }
  for (;;) {
    try {
      call.saw(await getResult('GET results, after the abort')({ resultId }));
      if (!call.isActive) return;
    } catch (error) {
      call.enter('hangingUp', `Hanging up; the result cannot be read: ${verdictOf(error).message}`);
    }
    if (Date.now() - askedAt >= END_KNOWN_WITHIN_MS) break;
    await sleep(LOOK_EVERY_MS, { summary: 'until the end of the aborted run is known' });
  }
  call.note(`Run ${resultId} was still active ${describeMs(END_KNOWN_WITHIN_MS)} after the abort.`);
}

import {
  CancellationScope,
  ContinueAsNew,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import { CHECK_SIGNAL, STATUS_QUERY } from '../contract/names.js';
import type { PigeonCallInput, PigeonCallResult, PigeonCallStatus } from '../contract/pigeon-call-schema.js';
import { words } from '../words/words.js';
import type { Call, CallProgress } from './call/call.js';
import { hangUpWhenStopped } from './call/hang-up.js';
import { invoke } from './call/invoke.js';
import { leaveLostRuns } from './call/leave-lost-runs.js';
import { lookAtResult } from './call/look.js';
import { openCall } from './call/open-call.js';
import { resultOf, statusOf } from './call/outcome.js';
import type { CallEnding } from './call/outcome.js';
import { showEnd, showProgress } from './call/show.js';
import { continueAsNewIfLong, pause } from './call/wait.js';

const statusQuery = defineQuery<PigeonCallStatus>(STATUS_QUERY);
const checkSignal = defineSignal(CHECK_SIGNAL);

/** The job flow 「障害コール」: invoke, then sleep and look at the result until the run is no longer active. */
export async function jobFlow(call: Call): Promise<CallEnding | 'stuck'> {
  const invoked = await invoke(call); // POST chain/invoke → resultId
  if (invoked !== 'taken') return invoked;
  do {
    await continueAsNewIfLong(call);
    await pause(call, call.input.waitMs, words().call.waitForPoll(call.input.waitMs / 1000));
    await lookAtResult(call); // GET results/{resultId} → isActive, keyInput, status
  } while (call.isActive && !call.isStuck);
  return call.isStuck ? 'stuck' : 'ended';
}

/**
 * One telephone call through Kompira Pigeon: the job flow above, made durable.
 *
 * @param input see the contract; anything else fails at once as `InvalidInput`.
 * @param carried what a continued run takes over; callers leave it out.
 */
export async function pigeonCall(input: PigeonCallInput, carried?: CallProgress): Promise<PigeonCallResult> {
  const call = openCall(input, carried, {
    changed: showProgress,
    continueAsNew: (self) => continueAsNew<typeof pigeonCall>(input, self.progress),
  });
  handleMessages(call);
  try {
    const ending = await hangUpWhenStopped(call, () => jobFlow(call));
    await leaveLostRuns(call);
    const result = resultOf(call, ending);
    call.ended = result;
    showEnd(call, result.outcome);
    return result;
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => leaveLostRuns(call));
    // A run that continues in a new one has not ended.
    if (!(error instanceof ContinueAsNew)) showEnd(call, isCancellation(error) ? 'cancelled' : 'failed');
    throw error;
  }
}

function handleMessages(call: Call): void {
  setHandler(statusQuery, () => statusOf(call), {
    description: 'What is happening, who was called, what was unclear.',
  });
  setHandler(checkSignal, () => void (call.lookNow = true), {
    description: 'Look at the result now, not at the next poll.',
  });
}

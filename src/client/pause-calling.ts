import { setTimeout } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { currentPause, MAX_PAUSE_DELAY_MS } from './calling-pause.js';
import type { CallingPause, CallingPauseInput } from '../contract/calling-pause.js';
import { durationMs } from '../contract/duration.js';
import { CALLING_PAUSE, callingPauseId, RESUME_SIGNAL, STATE_ATTRIBUTE } from '../contract/names.js';
import { firstBytes } from './incident-id.js';
import { translated } from './temporal-errors.js';

/** Of the workers that share these. */
export interface Queues {
  readonly taskQueue: string;
  readonly invokeTaskQueue: string;
}

const ANSWER_TIMEOUT_MS = 20_000;
const RESUME_TIMEOUT_MS = 10_000;
const LOOK_INTERVAL_MS = 250;
const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');

/** `paused`: by this request, or before by somebody else (`before`). */
export async function pauseCalling(
  temporal: Client,
  { taskQueue, invokeTaskQueue }: Queues,
  input: CallingPauseInput,
): Promise<{ readonly paused: 'now' | 'before'; readonly pause: CallingPause }> {
  const now = Date.now();
  const { by, reason } = input;
  const memo = { by, reason, until: new Date(now + durationMs(input.for)).toISOString() };
  return await within(temporal, async () => {
    try {
      await temporal.workflow.start(CALLING_PAUSE, {
        workflowId: callingPauseId(invokeTaskQueue),
        taskQueue,
        args: [input],
        memo,
        typedSearchAttributes: [{ key: STATE, value: 'paused' }],
        staticSummary: firstBytes(`${by}: ${reason}`, 200),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const pause = await currentPause(temporal, invokeTaskQueue);
      if (pause !== null) return { paused: 'before', pause };
      throw error; // it ended in this very moment
    }
    // From here on nothing is sent.
    await setTimeout(MAX_PAUSE_DELAY_MS);
    return { paused: 'now', pause: { ...memo, since: new Date(now).toISOString() } };
  });
}

/** `asked`: it continues as soon as a worker runs. `notPaused`: there was no pause. */
export async function resumeCalling(
  temporal: Client,
  { invokeTaskQueue }: Queues,
  given: { readonly by: string; readonly reason: string },
): Promise<'resumed' | 'asked' | 'notPaused'> {
  return await within(temporal, async () => {
    if ((await currentPause(temporal, invokeTaskQueue)) === null) return 'notPaused';
    try {
      await temporal.workflow.getHandle(callingPauseId(invokeTaskQueue)).signal(RESUME_SIGNAL, given);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'notPaused';
      throw error;
    }
    for (const end = Date.now() + RESUME_TIMEOUT_MS; Date.now() < end; await setTimeout(LOOK_INTERVAL_MS)) {
      if ((await currentPause(temporal, invokeTaskQueue)) === null) return 'resumed';
    }
    return 'asked';
  });
}

export const callingPauseOf = (temporal: Client, { invokeTaskQueue }: Queues): Promise<CallingPause | null> =>
  within(temporal, () => currentPause(temporal, invokeTaskQueue));

async function within<T>(temporal: Client, ask: () => Promise<T>): Promise<T> {
  try {
    return await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, ask);
  } catch (error) {
    throw translated(error, temporal, null);
  }
}

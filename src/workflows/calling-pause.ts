import { defineSearchAttributeKey } from '@temporalio/common';
import {
  ApplicationFailure,
  condition,
  defineSignal,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CallingPauseInput, CallingPauseResult } from '../contract/calling-pause.js';
import { durationMs } from '../contract/duration.js';
import { FailureType, RESUME_SIGNAL, STATE_ATTRIBUTE } from '../contract/names.js';
import { escaped } from '../incident/markdown.js';
import { describePause } from '../words/describe-pause.js';
import { words } from '../words/words.js';

const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');

/**
 * While it runs nothing is sent to Pigeon that would call anybody: each worker looks for it every second. It ends
 * by the signal `resume` or when its time is over; cancelled or terminated, it ends the pause too.
 */
export async function callingPause(input: CallingPauseInput): Promise<CallingPauseResult> {
  const ms = lengthOf(input);
  const since = workflowInfo().startTime;
  const pause = { ...input, since: since.toISOString(), until: new Date(since.getTime() + ms).toISOString() };
  setCurrentDetails(words().pause.details(escaped(describePause(pause))));
  let resumed: CallingPauseResult | null = null;
  setHandler(
    defineSignal<[unknown]>(RESUME_SIGNAL),
    (given) => {
      const { by, reason } = (given ?? {}) as Readonly<Record<string, unknown>>;
      resumed ??= {
        resumedBy: typeof by === 'string' ? by : 'external',
        reason: typeof reason === 'string' ? reason : null,
      };
    },
    { description: 'Continue calling. {"by": "sato", "reason": "the exchange works again"}' },
  );
  await condition(() => resumed !== null, ms);
  upsertSearchAttributes([{ key: STATE, value: 'resumed' }]);
  return resumed ?? { resumedBy: null, reason: null };
}

function lengthOf(input: CallingPauseInput): number {
  try {
    return durationMs(input.for);
  } catch (error) {
    throw ApplicationFailure.nonRetryable(
      `The input of callingPause must be {"by", "reason", "for"}: ${error instanceof Error ? error.message : String(error)}`,
      FailureType.InvalidInput,
    );
  }
}

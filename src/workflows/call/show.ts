import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { STATE_ATTRIBUTE } from '../../contract/names.js';
import type { Outcome } from '../../contract/pigeon-call-schema.js';
import { count } from '../metrics.js';
import type { Call } from './call.js';
import { describeCall } from './details.js';

const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');

/**
 * Keeps what the Web UI shows up to date. Details cost nothing; a search attribute costs a write to the visibility store,
 * so only states that an operator looks for are written while the call runs.
 */
export function showProgress(call: Call): void {
  setCurrentDetails(describeCall(call));
  const { state } = call.progress;
  const shown = workflowInfo().typedSearchAttributes.get(STATE);
  const unusual = state === 'blocked' || state === 'waiting' || state === 'looking';
  if (unusual || shown !== undefined) setState(state);
}

/** The outcome stands in the list of the Web UI when the call is over. */
export function showEnd(call: Call, outcome: Outcome | 'cancelled' | 'failed'): void {
  call.enter('ended', `The call is over: ${outcome}.`);
  count('callsEnded', outcome === 'cancelled' ? 'hungUp' : outcome === 'failed' ? 'refused' : outcome);
  setState(outcome);
}

function setState(value: string): void {
  if (workflowInfo().typedSearchAttributes.get(STATE) !== value) upsertSearchAttributes([{ key: STATE, value }]);
}

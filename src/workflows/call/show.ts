import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { STATE_ATTRIBUTE } from '../../contract/names.js';
import type { Outcome } from '../../contract/pigeon-call-schema.js';
import { escaped } from '../../incident/markdown.js';
import { count } from '../metrics.js';
import { type Call, timeOf } from './call.js';

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

/** The outcome is in the list of the Web UI when the call is over. */
export function showEnd(call: Call, outcome: Outcome | 'cancelled' | 'failed'): void {
  call.enter('ended', `The call is over: ${outcome}.`);
  count('callsEnded', outcome === 'cancelled' ? 'hungUp' : outcome === 'failed' ? 'refused' : outcome);
  setState(outcome);
}

function setState(value: string): void {
  if (workflowInfo().typedSearchAttributes.get(STATE) !== value) upsertSearchAttributes([{ key: STATE, value }]);
}

/** What the Web UI shows of a call while it runs and after it: Markdown, at most some KB. Pure. */
export function describeCall(call: Call): string {
  const { progress } = call;
  const calls = progress.view?.calls ?? [];
  const rows: readonly (readonly [string, string])[] = [
    ['State', `\`${progress.state}\` since ${timeOf(progress.since)}`],
    ['Run in Pigeon', progress.run === null ? 'none yet' : `\`${progress.run.resultId}\``],
    ['Reference', `\`${call.reference}\``],
    ["Pigeon's status", progress.view === null ? 'not seen yet' : `\`${progress.view.status}\``],
    ['Looks at the result', String(progress.polls)],
    ...(call.ended === null
      ? ([
          ['Next', call.next ?? 'under way'],
          ['Hung up at the latest', timeOf(progress.deadlineAt)],
        ] as const)
      : ([
          ['Outcome', `\`${call.ended.outcome}\``],
          ['Key', call.ended.keyInput ?? 'none'],
          ['Answered by', escaped(call.ended.answeredBy ?? 'nobody')],
        ] as const)),
  ];
  return [
    `**${HEADLINE[progress.state]}**: ${escaped(progress.message)}`,
    '',
    '| What | Now |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    ...(calls.length === 0 ? [] : ['', '| Call | Contact | Status | Key | Started |', '|---|---|---|---|---|']),
    ...calls
      .slice(-SHOWN_CALLS)
      .map(
        (one, index, shown) =>
          `| ${calls.length - shown.length + index + 1} | ${escaped(one.contact ?? '?')} | ${escaped(one.status)} | ${escaped(one.keyInput ?? '')} | ${one.startedAt ?? ''} |`,
      ),
    ...(progress.notes.length === 0
      ? []
      : ['', ...progress.notes.slice(-SHOWN_NOTES).map((note) => `- ${escaped(note)}`)]),
    ...(progress.state === 'ended'
      ? []
      : ['', 'To hang up: *Request Cancellation* (not Terminate). To look at once: send the signal `check`.']),
  ].join('\n');
}

const SHOWN_CALLS = 10;
const SHOWN_NOTES = 20;

const HEADLINE = {
  invoking: 'Placing the call',
  waiting: 'Waiting: the queue is full',
  blocked: 'BLOCKED',
  looking: 'Unknown whether it rings',
  calling: 'Calling',
  hangingUp: 'Hanging up',
  ended: 'Ended',
} as const;

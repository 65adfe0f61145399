import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { STATE_ATTRIBUTE } from '../../contract/names.js';
import type { Outcome } from '../../contract/pigeon-call-schema.js';
import { escaped } from '../../incident/markdown.js';
import { count } from '../metrics.js';
import { stamp, words } from '../../words/words.js';
import type { Call } from './call.js';

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
  call.enter('ended', (said) => said.call.over(said.call.outcomes[outcome]));
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
  const { call: said, general } = words();
  const rows: readonly (readonly [string, string])[] = [
    [said.rowState, said.stateSince(`\`${progress.state}\``, stamp(progress.since))],
    [said.rowRun, progress.run === null ? said.noneYet : `\`${progress.run.resultId}\``],
    [said.rowReference, `\`${call.reference}\``],
    [said.rowStatus, progress.view === null ? said.notSeenYet : `\`${progress.view.status}\``],
    [said.rowPolls, String(progress.polls)],
    ...(call.ended === null
      ? ([
          [said.rowNext, call.next ?? said.underWay],
          [said.rowDeadline, stamp(progress.deadlineAt)],
        ] as const)
      : ([
          [said.rowOutcome, `\`${call.ended.outcome}\``],
          [said.rowKey, call.ended.keyInput ?? said.none],
          [said.rowAnsweredBy, escaped(call.ended.answeredBy ?? general.nobody)],
        ] as const)),
  ];
  const columns = [said.columnCall, said.columnContact, said.columnStatus, said.rowKey, said.columnStarted];
  return [
    said.title(said.headlines[progress.state], escaped(progress.message)),
    '',
    `| ${said.rowWhat} | ${said.rowNow} |`,
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    ...(calls.length === 0 ? [] : ['', `| ${columns.join(' | ')} |`, '|---|---|---|---|---|']),
    ...calls
      .slice(-SHOWN_CALLS)
      .map(
        (one, index, shown) =>
          `| ${calls.length - shown.length + index + 1} | ${escaped(one.contact ?? '?')} | ${escaped(one.status)} | ${escaped(one.keyInput ?? '')} | ${one.startedAt === null ? '' : stamp(one.startedAt)} |`,
      ),
    ...(progress.notes.length === 0
      ? []
      : ['', ...progress.notes.slice(-SHOWN_NOTES).map((note) => `- ${escaped(note)}`)]),
    ...(progress.state === 'ended' ? [] : ['', said.howToHangUp]),
  ].join('\n');
}

const SHOWN_CALLS = 10;
const SHOWN_NOTES = 20;

/** What the Web UI shows of an incident and of its levels while a worker lives: Markdown, some KB. Pure. */
import { type CallEnded, describeCallEnd, describeEntry, describeOwner, clock } from '../../incident/describe-entry.js';
import { type Owner, ownerOf, type Level } from '../../incident/state.js';
import type { Policy } from '../../contract/policy-schema.js';
import type { TimelineEntry } from '../../incident/timeline.js';
import { escaped, table } from '../../incident/markdown.js';
import {
  type Described,
  describeLevel,
  describeNow,
  headlineOf,
  type Next,
  nextOf,
  nextOfLevel,
  peopleOfStep,
} from './describe-now.js';

type Row = readonly [string, string];

/**
 * First what is asked first, since little of it is on the screen of a telephone: whether it is to be taken and how, who
 * owns it, who is ringing, what comes next.
 */
export function incidentDetails(
  run: Described & { readonly isOver: boolean },
  newest: readonly TimelineEntry[],
): string {
  const { state, policy, isOver } = run;
  const { message, ringing } = describeNow(run);
  const { level, alert } = state;
  const owner = ownerOf(state);
  const rows: readonly Row[] = [
    ['Owner', owner === null ? '**nobody**' : escaped(describeOwner(owner))],
    ...ringingRows(ringing, message),
    nextRow(policy, nextOf(policy, state)),
    ...(state.phase.kind === 'snoozed' && state.phase.unattended === undefined ? snoozedRow(newest) : []),
    ...lastCallRow(newest),
    ['Level', escaped(`${level.number} "${level.step}"${peopleOfStep(policy, level.step)}`)],
    ['So far', `${count(state.placedCalls)}; in this state since ${clock(state.since)}; policy \`${policy.name}\``],
  ];
  return [
    `**${headlineOf(state)}** (${alert.severity}): ${escaped(alert.summary.slice(0, 300))}`,
    '',
    ...(isOver ? [] : [whatToDo(owner), '']),
    ...table(['Now', escaped(message)], rows),
    ...historyOf(newest),
    ...(isOver ? [] : ['', ...HOW_TO]),
  ].join('\n');
}

interface ShownLevel {
  readonly incidentId: string;
  /** As much of it as the level needs. */
  readonly policy: Policy;
  readonly level: Level;
  readonly ringing: readonly string[];
}

export function levelDetails(
  { incidentId, policy, level, ringing }: ShownLevel,
  newest: readonly TimelineEntry[],
): string {
  const { number, step } = level;
  const isOver = level.status.kind === 'over';
  const message = isOver ? 'This level is over.' : describeLevel(policy, level);
  const rows: readonly Row[] = [
    ...ringingRows(ringing, message),
    ...(isOver ? [] : [nextRow(policy, nextOfLevel(policy, level))]),
    ...lastCallRow(newest),
    ['So far', count(level.calls)],
  ];
  return [
    escaped(`Level ${number} "${step}"${peopleOfStep(policy, step)}.`),
    '',
    ...table(['Now', escaped(message)], rows),
    '',
    `Of the incident \`${incidentId}\`: acknowledge, resolve or escalate there.`,
    ...historyOf(newest),
  ].join('\n');
}

const nextRow = (policy: Policy, next: Next): Row => {
  const said = ({ words, step }: Next) => words + peopleOfStep(policy, step);
  return [
    'Next',
    escaped(
      next.further === undefined ? said(next) : `${said(next)}; after that, if nobody took it, ${said(next.further)}`,
    ),
  ];
};

const count = (calls: number): string => `${calls} telephone call${calls === 1 ? ' has' : 's have'} ended`;

function snoozedRow(newest: readonly TimelineEntry[]): readonly Row[] {
  const snoozed = newest.findLast((entry) => entry.kind === 'snoozed');
  return snoozed === undefined ? [] : [['Snoozed by', escaped(snoozed.by.slice(0, 200))]];
}

/** Why nobody took it yet. */
function lastCallRow(newest: readonly TimelineEntry[]): readonly Row[] {
  const last = newest.findLast((entry): entry is CallEnded => entry.kind === 'callEnded');
  if (last === undefined) return [];
  return [['Last call', escaped(`${clock(last.at)}, "${last.step}": ${describeCallEnd(last).slice(0, 500)}`)]];
}

/** Not what the message says already: why a call is blocked. */
function ringingRows(ringing: readonly string[], message: string): readonly Row[] {
  if (ringing.length === 0) return [['Ringing', 'nobody']];
  return ringing
    .map((words) => words.replace(/ \(reference [^()]*\)$/, ''))
    .filter((words) => !message.includes(words))
    .slice(0, MAX_RINGING)
    .map((words, index) => [index === 0 ? 'Ringing' : '', escaped(words.slice(0, 500))]);
}

const MAX_RINGING = 30;

/** With data that can be typed as it stands, but for the name. */
export const whatToDo = (owner: Owner | null): string =>
  owner === null
    ? '**To take it**: *More Actions*, *Send an Update*, `acknowledge`, as its data `{"by": "sato"}` with your name. Red means refused: nothing was changed.'
    : '**To end it**: *More Actions*, *Send an Update*, `resolve`, as its data `{"by": "sato"}` with your name.';

function historyOf(newest: readonly TimelineEntry[]): readonly string[] {
  const lines = newest.map(
    (entry) => `- ${clock(entry.at).slice(5, -4)} ${escaped(describeEntry(entry).slice(0, 500))}`,
  );
  return lines.length === 0 ? [] : ['', '**What happened** (newest first, UTC)', '', ...lines.toReversed()];
}

const HOW_TO = [
  '**How to act**: *More Actions*, *Send an Update*, and with its data:',
  '',
  ...table(
    ['To', 'Update', 'Data'],
    [
      ['take it', '`acknowledge`', '`{"by": "your name"}`'],
      ['take it from its owner', '`acknowledge`', '`{"by": "your name", "takeOver": true}`'],
      ['end it', '`resolve`', '`{"by": "your name", "note": "what helped"}`'],
      ['call the next people now', '`escalate`', '`{"by": "your name"}`'],
      ['call nobody for a while', '`snooze`', '`{"by": "your name", "for": "30m"}`'],
    ],
  ),
  '',
  'To stop everything: *Request Cancellation*. Never *Terminate*: a telephone that rings would keep ringing.',
];

/** What the Web UI shows of an incident, and of its levels: details while a worker lives, search attributes and memo without one. */
import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { NOBODY, OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../contract/names.js';
import type { Policy } from '../../contract/policy-schema.js';
import { type CallEnded, describeCallEnd, describeEntry, ownerInTable } from '../../incident/describe-entry.js';
import { EXTERNAL } from '../../incident/events.js';
import { escaped, table } from '../../incident/markdown.js';
import { contractState, holdsIn, type IncidentState, type Level, type Owner, ownerOf } from '../../incident/state.js';
import type { TimelineEntry } from '../../incident/timeline.js';
import { clock, clockWithoutZone, zoneName } from '../../words/clock.js';
import { words } from '../../words/words.js';
import { timeOf } from '../call/call.js';
import { clipped } from '../call/wait.js';
import {
  type Described,
  describeLevel,
  describeNow,
  type Next,
  nextOf,
  nextOfLevel,
  peopleOfStep,
} from './describe-now.js';
import type { Journal } from './journal.js';

const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');
const OWNER = defineSearchAttributeKey(OWNER_ATTRIBUTE, 'KEYWORD');

/** Of the timeline. */
const SHOWN = 20;

/** What is shown of an incident. */
interface Shown extends Described {
  readonly journal: Journal;
  readonly telephones: { readonly words: readonly string[]; readonly asked: boolean };
  readonly isOver: boolean;
  readonly isClosed: boolean;
}

/**
 * Keeps what the Web UI shows up to date: details while a worker lives, and search attributes and memo, which can be read
 * without one. Nothing is written before the first request to call has left: people come first.
 */
export function showIncident(run: Shown): void {
  setCurrentDetails(incidentDetails(run, run.journal.newest(SHOWN)));
  if (run.telephones.asked || run.isClosed || holdsIn(run.state.phase) !== null || hasShownMore()) write(run);
}

/** Its policy could not be read at once, and that was shown. */
function hasShownMore(): boolean {
  const state = workflowInfo().typedSearchAttributes.get(STATE);
  return state !== undefined && state !== 'triggered';
}

function write(run: Shown): void {
  const state = contractState(run.state);
  const owner = ownerOf(run.state);
  const shown = workflowInfo().typedSearchAttributes;
  const isNewState = shown.get(STATE) !== state;
  // That nobody owns it is no write of its own.
  const isSaid = isNewState || shown.get(OWNER) !== undefined;
  const owned = owner !== null ? handleOf(run.policy, owner.by, owner.via) : isSaid ? NOBODY : undefined;
  const changes = [
    ...(isNewState ? [{ key: STATE, value: state }] : []),
    ...(owned === undefined || shown.get(OWNER) === owned ? [] : [{ key: OWNER, value: owned }]),
  ];
  const { number: level } = run.state.level;
  // Each write is one to the visibility store: at a new state, a new owner, a further level.
  if (changes.length === 0 && (level <= 1 || workflowInfo().memo?.['level'] === level)) return;
  if (changes.length > 0) upsertSearchAttributes(changes);
  const { summary, severity } = run.state.alert;
  const { message, next } = describeNow(run);
  // The server takes 2 KiB.
  upsertMemo({
    summary: clipped(summary, 400),
    severity,
    policy: run.policy.name,
    level,
    owner: owner === null ? NOBODY : clipped(ownerInTable(owner), 300),
    // What is read when no worker lives, so not what the next seconds change.
    ...(run.isOver
      ? { now: words().incident.isState(state), next: words().general.nothing }
      : { now: clipped(message, 500), next }),
    at: timeOf(Date.now()),
  });
}

/** Never a name: the handle of the policy, or that it is nobody of the policy. */
function handleOf(policy: Policy, by: string, via: 'key' | 'api'): string {
  const contact = Object.entries(policy.contacts).find(
    ([handle, { name }]) => name === by || (via === 'api' && handle === by),
  );
  return contact?.[0] ?? EXTERNAL;
}

type Row = readonly [string, string];

/**
 * Markdown, some KB. First what is asked first, since little of it is on the screen of a telephone: whether it is to be taken and how, who
 * owns it, who is ringing, what comes next.
 */
function incidentDetails(run: Described & { readonly isOver: boolean }, newest: readonly TimelineEntry[]): string {
  const { state, policy, isOver } = run;
  const { message, ringing } = describeNow(run);
  const { level, alert } = state;
  const owner = ownerOf(state);
  const { incident, general } = words();
  const rows: readonly Row[] = [
    [incident.rowOwner, owner === null ? `**${general.nobody}**` : escaped(ownerInTable(owner))],
    ...ringingRows(ringing, message),
    nextRow(policy, nextOf(policy, state)),
    ...(isSnoozedBySomebody(state) ? snoozedRow(newest) : []),
    ...lastCallRow(newest),
    [incident.rowLevel, escaped(incident.levelInTable(level.number, level.step) + peopleOfStep(policy, level.step))],
    [incident.rowSoFar, incident.soFar(state.placedCalls, clock(state.since), policy.name)],
  ];
  return [
    incident.title(contractState(state), alert.severity, escaped(alert.summary.slice(0, 300))),
    '',
    ...(isOver ? [] : [whatToDo(owner), '']),
    ...table([incident.rowNow, escaped(message)], rows),
    ...historyOf(newest),
    ...(isOver ? [] : ['', ...howTo()]),
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
  const { incident } = words();
  const isOver = level.status.kind === 'over';
  const message = isOver ? incident.levelOver : describeLevel(policy, level);
  const rows: readonly Row[] = [
    ...ringingRows(ringing, message),
    ...(isOver ? [] : [nextRow(policy, nextOfLevel(policy, level))]),
    ...lastCallRow(newest),
    [incident.rowSoFar, incident.soFarOfLevel(level.calls)],
  ];
  return [
    escaped(incident.levelTitle(number, step, peopleOfStep(policy, step))),
    '',
    ...table([incident.rowNow, escaped(message)], rows),
    '',
    incident.ofIncident(incidentId),
    ...historyOf(newest),
  ].join('\n');
}

const nextRow = (policy: Policy, next: Next): Row => {
  const { incident } = words();
  const said = (one: Next) => one.words + peopleOfStep(policy, one.step);
  const all = next.further === undefined ? said(next) : incident.nextAfterThat(said(next), said(next.further));
  return [incident.rowNext, escaped(all)];
};

const isSnoozedBySomebody = ({ phase }: IncidentState): boolean =>
  phase.kind === 'snoozed' && phase.unattended === undefined && phase.holds === undefined;

function snoozedRow(newest: readonly TimelineEntry[]): readonly Row[] {
  const snoozed = newest.findLast((entry) => entry.kind === 'snoozed');
  return snoozed === undefined ? [] : [[words().incident.rowSnoozedBy, escaped(snoozed.by.slice(0, 200))]];
}

/** Why nobody took it yet. */
function lastCallRow(newest: readonly TimelineEntry[]): readonly Row[] {
  const last = newest.findLast((entry): entry is CallEnded => entry.kind === 'callEnded');
  if (last === undefined) return [];
  const { incident } = words();
  const end = describeCallEnd(last).slice(0, 500);
  return [[incident.rowLastCall, escaped(incident.lastCall(clock(last.at), last.step, end))]];
}

/** Not what the message says already: why a call is blocked. */
function ringingRows(ringing: readonly string[], message: string): readonly Row[] {
  const { incident, general } = words();
  if (ringing.length === 0) return [[incident.rowRinging, general.nobody]];
  return ringing
    .map(withoutReference)
    .filter((call) => !message.includes(call))
    .slice(0, MAX_RINGING)
    .map((call, index) => [index === 0 ? incident.rowRinging : '', escaped(call.slice(0, 500))]);
}

/** `… (reference incident/x#3)`, in the language of whichever worker runs the level. */
const withoutReference = (call: string): string => call.replace(/ ?[(（]\S+ [^()（）]*#\d+[)）]$/, '');

const MAX_RINGING = 30;

/** With data that can be typed as it stands, but for the name. */
export const whatToDo = (owner: Owner | null): string =>
  owner === null ? words().incident.toTakeIt : words().incident.toEndIt;

function historyOf(newest: readonly TimelineEntry[]): readonly string[] {
  const lines = newest.map(
    (entry) => `- ${clockWithoutZone(entry.at).slice(5)} ${escaped(describeEntry(entry).slice(0, 500))}`,
  );
  const last = newest.at(-1);
  return last === undefined ? [] : ['', words().incident.whatHappened(zoneName(last.at)), '', ...lines.toReversed()];
}

function howTo(): readonly string[] {
  const { incident } = words();
  const by = `"by": "${incident.yourName}"`;
  return [
    incident.howToAct,
    '',
    ...table(
      [incident.howTo, incident.howToUpdate, incident.howToData],
      [
        [incident.howToTakeIt, '`acknowledge`', `\`{${by}}\``],
        [incident.howToTakeOver, '`acknowledge`', `\`{${by}, "takeOver": true}\``],
        [incident.howToEndIt, '`resolve`', `\`{${by}, "note": "${incident.whatHelped}"}\``],
        [incident.howToEscalate, '`escalate`', `\`{${by}}\``],
        [incident.howToSnooze, '`snooze`', `\`{${by}, "for": "30m"}\``],
      ],
    ),
    '',
    incident.howToStop,
  ];
}

/** What the Web UI shows of an incident and of its levels while a worker lives: Markdown, some KB. Pure. */
import { type CallEnded, describeCallEnd, describeEntry, ownerInTable } from '../../incident/describe-entry.js';
import { contractState, type Owner, ownerOf, type Level } from '../../incident/state.js';
import type { Policy } from '../../contract/policy-schema.js';
import type { TimelineEntry } from '../../incident/timeline.js';
import { escaped, table } from '../../incident/markdown.js';
import { clock, clockWithoutZone, zoneName } from '../../words/clock.js';
import { words } from '../../words/words.js';
import {
  type Described,
  describeLevel,
  describeNow,
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
  const { incident, general } = words();
  const rows: readonly Row[] = [
    [incident.rowOwner, owner === null ? `**${general.nobody}**` : escaped(ownerInTable(owner))],
    ...ringingRows(ringing, message),
    nextRow(policy, nextOf(policy, state)),
    ...(state.phase.kind === 'snoozed' && state.phase.unattended === undefined ? snoozedRow(newest) : []),
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

import { describeEntry, ownerInTable } from '../incident/describe-entry.js';
import type { TimelineEntry } from '../incident/timeline.js';
import { words } from '../words/words.js';
import { inColumns } from '../yaml-file/display-width.js';
import type { End, SimulatedCall, Simulation } from './simulation.js';

interface Row {
  readonly at: number;
  readonly step: string;
  readonly who: string;
  readonly what: string;
}

/** A table for a terminal: who is called when, what is said, what is decided, and how it ends. */
export function renderSimulation(simulation: Simulation): string {
  const { calls, timeline, answers, restarts, end } = simulation;
  const rows = [
    ...restarts.map(restartRow),
    ...answers.map(answerRow),
    ...timeline.filter(isTold).map(entryRow),
    ...calls.map(callRow),
  ].toSorted((a, b) => a.at - b.at);
  const { simulation: said } = words();
  const cells = [[said.time, said.step, said.who, said.what], ...rows.map(cellsOf)];
  return [...inColumns(cells), '', endText(end), ''].join('\n');
}

/** Not what the rows of the telephone calls say as well. */
function isTold(entry: TimelineEntry): boolean {
  switch (entry.kind) {
    case 'callsPlaced':
    case 'hangingUp':
      return false;
    case 'callEnded':
      return entry.outcome !== 'answered' && entry.outcome !== 'unanswered' && entry.outcome !== 'hungUp';
    default:
      return true;
  }
}

function entryRow(entry: TimelineEntry): Row {
  return { at: entry.at, step: 'step' in entry ? entry.step : '', who: '', what: describeEntry(entry) };
}

function callRow({ at, step, who, attempt, said, heard, end, endedAt }: SimulatedCall): Row {
  const { simulation } = words();
  const call = endedAt === null ? simulation.call(attempt, end) : simulation.callAfter(attempt, end, endedAt - at);
  const text = [said, heard].filter((text) => text !== null).map((text) => ` 「${text}」`);
  return { at, step, who, what: `${call}${text.join('')}` };
}

function answerRow({ update, answer }: Simulation['answers'][number]): Row {
  const by = update.kind === 'alert' ? '' : (update.by ?? '');
  const { accepted, notAccepted } = words().simulation;
  const what = (answer.accepted ? accepted : notAccepted)(update.kind, answer.message);
  return { at: update.at, step: '', who: by, what };
}

function restartRow(at: number): Row {
  return { at, step: '', who: '', what: words().simulation.restarted };
}

function endText(end: End): string {
  const { simulation } = words();
  const owner = end.owner === null ? '' : simulation.ownedBy(ownerInTable(end.owner));
  switch (end.kind) {
    case 'closed':
      return simulation.ends(end.state, owner, end.at, end.placedCalls);
    case 'horizon':
      return simulation.notOver(end.state, owner, end.at, end.placedCalls);
    case 'tooManyDecisions':
      return simulation.stopped(end.state, owner, end.at, end.placedCalls);
    default:
      return end satisfies never;
  }
}

function cellsOf({ at, step, who, what }: Row): string[] {
  return [clock(at), step, who, what];
}

/** `+1d 02:10:00`. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (number: number): string => String(number).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const time = `${two(Math.floor(seconds / 3_600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return days === 0 ? `+${time}` : `+${days}d ${time}`;
}

import { describeMs } from '../contract/duration.js';
import { describeEntry, describeOwner } from '../incident/describe-entry.js';
import type { TimelineEntry } from '../incident/timeline.js';
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
  const cells = [['time', 'step', 'who', 'what'], ...rows.map(cellsOf)];
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
  const time = endedAt === null ? '' : ` after ${describeMs(endedAt - at)}`;
  const text = [said, heard].filter((text) => text !== null).map((text) => ` 「${text}」`);
  return { at, step, who, what: `☎ attempt ${attempt}: ${end}${time}.${text.join('')}` };
}

function answerRow({ update, answer }: Simulation['answers'][number]): Row {
  const by = update.kind === 'alert' ? '' : (update.by ?? '');
  const verdict = answer.accepted ? 'accepted' : 'not accepted';
  return { at: update.at, step: '', who: by, what: `${update.kind}: ${verdict}. ${answer.message}` };
}

function restartRow(at: number): Row {
  return { at, step: '', who: '', what: 'The worker is restarted: nothing is lost.' };
}

function endText(end: End): string {
  const calls = `${end.placedCalls} telephone call${end.placedCalls === 1 ? '' : 's'}`;
  const owner = end.owner === null ? '' : `, owned by ${describeOwner(end.owner)}`;
  switch (end.kind) {
    case 'closed':
      return `Ends as ${end.state}${owner} after ${describeMs(end.at)} and ${calls}.`;
    case 'horizon':
      return `Not over at the horizon of ${describeMs(end.at)}: ${end.state}${owner}, after ${calls}.`;
    case 'tooManyDecisions':
      return `Stopped after ${describeMs(end.at)}, since too much happens: ${end.state}${owner}, after ${calls}.`;
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

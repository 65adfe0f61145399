/** The workflow that somebody started by a key. */
import { follow } from './course.js';
import type { RunEvent } from './incident-event.js';
import type { RunResult } from './timeline.js';
import type { Turn } from './turn.js';

export function runEnded(turn: Turn, event: RunEvent): void {
  if (!turn.state.runs.some(({ id }) => id === event.run)) return;
  const { phase } = turn.state;
  turn.change({ runs: turn.state.runs.filter(({ id }) => id !== event.run) });
  turn.tell({ kind: 'runEnded', run: event.run, result: resultOf(event) });
  if (phase.kind !== 'running' || phase.run !== event.run) return;
  follow(turn, event.kind === 'runEnded' ? phase.action.then : phase.action.onFailure, phase.owner);
}

function resultOf(event: RunEvent): RunResult {
  switch (event.kind) {
    case 'runEnded':
      return { kind: 'ended' };
    case 'runFailed':
      return { kind: 'failed', message: event.message };
    case 'runCancelled':
      return { kind: 'cancelled' };
    default:
      return event satisfies never;
  }
}

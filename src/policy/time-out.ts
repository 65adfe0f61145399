/** What happens when the time of a phase is over. */
import { beginRound, follow, unattendedLongEnough } from './course.js';
import type { TimerFired } from './incident-event.js';
import { timerOf } from './incident-state.js';
import { callOrWait } from './level.js';
import type { Turn } from './turn.js';
import { newsAreDue } from './worse.js';

export function timerFired(turn: Turn, event: TimerFired): void {
  const { state } = turn;
  if (timerOf(state)?.id !== event.timer) return;
  const { phase } = state;
  switch (phase.kind) {
    case 'calling':
      return turn.onLevel(callOrWait);
    case 'snoozed':
      if (phase.unattended !== undefined) return unattendedLongEnough(turn, phase.unattended);
      turn.tell({ kind: 'snoozeEnded', step: phase.step });
      return beginRound(turn, phase.step);
    case 'acknowledged':
      if (phase.resolveAt !== undefined) return newsAreDue(turn, phase, phase.resolveAt);
      turn.tell({ kind: 'notResolvedInTime', owner: phase.owner });
      return beginRound(turn, turn.policy.acknowledged.otherwise.step);
    case 'running':
      turn.tell({ kind: 'runEnded', run: phase.run, result: { kind: 'tookTooLong' } });
      return follow(turn, phase.action.onFailure, phase.owner);
    case 'next':
    case 'over':
    case 'closed':
      return;
    default:
      return phase satisfies never;
  }
}

import type { IncidentEvent } from './incident-event.js';

/**
 * The order in which events are decided: by time, and of the same instant people before telephones before timers, so that
 * an acknowledge beats the timer that would have called again. Else as they came.
 */
export function inOrder(events: readonly IncidentEvent[]): readonly IncidentEvent[] {
  return events.toSorted((a, b) => a.at - b.at || precedence(a) - precedence(b));
}

function precedence({ kind }: IncidentEvent): number {
  switch (kind) {
    case 'acknowledge':
    case 'resolve':
    case 'cancelled':
      return 0;
    case 'escalate':
    case 'snooze':
    case 'hangUp':
    case 'alert':
    case 'callEnded':
    case 'lostRunAnswered':
    case 'callBlocked':
    case 'callUnblocked':
    case 'callWaiting':
    case 'callTaken':
    case 'levelReported':
    case 'levelLost':
    case 'runEnded':
    case 'runFailed':
    case 'runCancelled':
      return 1;
    case 'timerFired':
      return 2;
    default:
      return kind satisfies never;
  }
}

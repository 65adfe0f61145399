import type { LevelAction } from './decision.js';
import type { CallEvent, TimerFired } from './incident-event.js';
import { callBlocked, callEnded, callOrWait, callTaken, callUnblocked, callWaiting, finishLevel } from './level.js';
import { levelActionsBetween } from './level-actions.js';
import type { Level } from './level-state.js';
import { LevelTurn } from './level-turn.js';
import type { Policy } from './policy.js';
import type { TimelineEntry } from './timeline.js';

/** Everything that can happen to a level by itself, and what its incident asks of it. */
export type LevelEvent =
  | CallEvent
  | TimerFired
  /** Something else was decided: it ends, and hangs up. */
  | { readonly kind: 'standDown'; readonly at: number }
  /** Hang up without ending: it goes on with its next attempt. */
  | { readonly kind: 'hangUpLive'; readonly at: number }
  /** Somebody cancelled it, and nothing else was decided. */
  | { readonly kind: 'levelCancelled'; readonly at: number };

/** What one event led to. */
export interface LevelDecision {
  readonly level: Level;
  readonly actions: readonly LevelAction[];
  readonly timeline: readonly TimelineEntry[];
}

/**
 * The part of `decide` that concerns one level alone, for the child in which a further level runs: the same rules, and the
 * same decisions as if it ran in its incident. Pure and deterministic.
 */
export function decideLevel(policy: Policy, level: Level, event: LevelEvent): LevelDecision {
  const turn = new LevelTurn(policy, level, event.at, []);
  reactToLevelEvent(turn, event);
  finishLevel(turn);
  return { level: turn.level, actions: levelActionsBetween(policy, level, turn.level), timeline: turn.told };
}

export function reactToLevelEvent(turn: LevelTurn, event: LevelEvent): void {
  switch (event.kind) {
    case 'callEnded':
      return callEnded(turn, event);
    case 'callBlocked':
      return callBlocked(turn, event);
    case 'callUnblocked':
      return callUnblocked(turn, event);
    case 'callWaiting':
      return callWaiting(turn, event);
    case 'callTaken':
      return callTaken(turn, event);
    case 'timerFired':
      // A level that is ending calls nobody, whatever timer it was begun with.
      if (turn.level.status.kind === 'running' && turn.level.waiting?.id === event.timer) callOrWait(turn);
      return;
    case 'standDown':
      turn.end(STOOD_DOWN);
      return turn.hangUp();
    case 'hangUpLive':
      return turn.hangUp();
    case 'levelCancelled':
      return levelCancelled(turn);
    default:
      return event satisfies never;
  }
}

function levelCancelled(turn: LevelTurn): void {
  const { number, step, status } = turn.level;
  if (status.kind !== 'running') return;
  turn.tell({ kind: 'levelCancelled', level: number, step });
  turn.end(STOOD_DOWN);
}

const STOOD_DOWN = { outcome: 'stoodDown', keyInput: null, contact: null } as const;

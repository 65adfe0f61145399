/** One level: its attempts, the ends of its calls, and the key that decides it. */
import { budgetAllowsAt, countRun } from './budget.js';
import type { Decided } from './course.js';
import type { CallBlocked, CallEnded, CallTaken, CallUnblocked, CallWaiting } from './incident-event.js';
import type { Level, LiveCall } from './level-state.js';
import type { LevelTurn } from './level-turn.js';
import type { Policy } from './policy.js';
import { stepOf } from './step-of.js';
import type { Happening, WaitReason } from './timeline.js';

/** The only place that calls anybody: the next attempt of the level, as soon as the budget allows it. */
export function callOrWait(turn: LevelTurn): void {
  const { level } = turn;
  const step = stepOf(turn.policy, level.step);
  const allowedAt = budgetAllowsAt(turn.policy, level.rung, step, turn.at);
  if (allowedAt > turn.at) return wait(turn, 'budget', allowedAt);
  const live = step.call.map((_, index): LiveCall => ({ id: turn.newId(), index, blocked: null, hangingUp: false }));
  turn.change({ live, waiting: null });
  turn.tell({
    kind: 'callsPlaced',
    ...ofLevel(turn),
    attempt: level.attempts + 1,
    attempts: step.attempts,
    calls: live.map(({ id }) => id),
  });
}

export function wait(turn: LevelTurn, reason: WaitReason, until: number | string): void {
  const waiting = turn.timer(until);
  turn.change({ waiting });
  turn.tell({ kind: 'waiting', ...ofLevel(turn), reason, until: waiting.at });
}

export function callEnded(turn: LevelTurn, event: CallEnded): void {
  const call = turn.level.live.find(({ id }) => id === event.call);
  if (call === undefined) return;
  account(turn, call, event);
  const { keyInput, contact } = event;
  const { level } = turn;
  if (level.status.kind !== 'running') {
    if (keyInput !== null) tellLateKey(turn, keyInput, contact);
  } else if (keyInput !== null && keyDecides(turn.policy, level, keyInput) !== null) {
    turn.end({ outcome: 'answered', keyInput, contact });
  } else {
    // Calls that were only ever blocked rang nobody for a reason that is not theirs: they use no attempt.
    const rang = event.calls > 0 || event.outcome === 'refused' || (event.unfound ?? 0) > 0;
    const counts = rang || (call.blocked === null && event.notPlaced !== true);
    turn.change({ attemptCounts: level.attemptCounts || counts });
    if (turn.level.live.length > 0) return;
    const gaveWay = event.notPlaced === true && !turn.level.attemptCounts && givesWay(turn.policy, level);
    if (gaveWay) turn.end({ outcome: 'notPlaced', keyInput: null, contact: null });
    else attemptEnded(turn);
  }
}

/** What the key decides; null where it only sends Pigeon on to the next contact. */
export function keyDecides(policy: Policy, { step }: Level, keyInput: string): Decided | null {
  const { keys, otherwise } = stepOf(policy, step);
  const action = Object.hasOwn(keys, keyInput) ? keys[keyInput] : undefined;
  if (action === undefined) return otherwise;
  return action.kind === 'next' || action.kind === 'leave' ? null : action;
}

/**
 * Whether somebody else is called when the level cannot be placed for long: the next step, or after the last one the first. A
 * step that is called until somebody takes it does not give way, nor does a policy's only one.
 */
export function givesWay(policy: Policy, { step, number }: Level): boolean {
  const { attempts, otherwise } = stepOf(policy, step);
  if (attempts === 'unlimited') return false;
  return otherwise.kind === 'escalate' ? otherwise.step !== step : number > 1 && step !== policy.start;
}

function attemptEnded(turn: LevelTurn): void {
  const { level } = turn;
  const step = stepOf(turn.policy, level.step);
  const attempts = level.attempts + (level.attemptCounts ? 1 : 0);
  turn.change({ attempts, attemptCounts: false });
  if (step.attempts === 'unlimited' || attempts < step.attempts) return wait(turn, 'nextAttempt', step.every);
  turn.end({ outcome: 'unanswered', keyInput: null, contact: null });
}

/** The call is over whatever it means: it is no longer live, and what it placed counts. */
export function account(turn: LevelTurn, call: LiveCall, event: CallEnded): void {
  const { live, rung, calls, step } = turn.level;
  const run = stepOf(turn.policy, step).call[call.index] ?? {};
  turn.change({
    live: live.filter(({ id }) => id !== call.id),
    rung: countRun(turn.policy, rung, run, event),
    calls: calls + event.calls,
  });
  const { outcome, keyInput, contact, calls: placed, message = null, reference = null, resultId = null } = event;
  const ended = { outcome, keyInput, contact, calls: placed, message, reference, resultId };
  turn.tell({ kind: 'callEnded', ...ofLevel(turn), call: call.id, ...ended });
}

/** It was pressed when the level had been decided already. */
export function tellLateKey(turn: LevelTurn, keyInput: string, contact: string | null): void {
  turn.tell(lateKey(turn.policy, { ...ofLevel(turn), keyInput, contact }));
}

interface LateKey {
  readonly level: number;
  readonly step: string;
  readonly keyInput: string;
  readonly contact: string | null;
}

export function lateKey(policy: Policy, { level, step, keyInput, contact }: LateKey): Happening {
  const { keys } = stepOf(policy, step);
  const acknowledges = Object.hasOwn(keys, keyInput) && keys[keyInput]?.kind === 'acknowledge';
  return { kind: acknowledges ? 'alsoAcknowledged' : 'keyLate', level, step, keyInput, contact };
}

export function callBlocked(turn: LevelTurn, event: CallBlocked): void {
  const call = turn.level.live.find(({ id }) => id === event.call);
  if (call === undefined || call.blocked === event.reason) return;
  setBlocked(turn, call, event.reason);
  if (!call.hangingUp) turn.tell({ kind: 'callBlocked', ...ofLevel(turn), call: call.id, reason: event.reason });
}

export function callUnblocked(turn: LevelTurn, event: CallUnblocked): void {
  const call = turn.level.live.find(({ id }) => id === event.call);
  if (call === undefined || call.blocked === null) return;
  setBlocked(turn, call, null);
  if (!call.hangingUp) turn.tell({ kind: 'callUnblocked', ...ofLevel(turn), call: call.id });
}

export function callWaiting(turn: LevelTurn, event: CallWaiting): void {
  setWaiting(turn, event.call, event.reason);
}

export function callTaken(turn: LevelTurn, event: CallTaken): void {
  setWaiting(turn, event.call, null);
}

function setWaiting(turn: LevelTurn, id: number, reason: string | null): void {
  const call = turn.level.live.find((one) => one.id === id);
  if (call === undefined || (call.waiting ?? null) === reason) return;
  const { waiting: _, ...others } = call;
  const changed = reason === null ? others : { ...others, waiting: reason };
  turn.change({ live: turn.level.live.map((one) => (one.id === id ? changed : one)) });
  if (call.hangingUp) return;
  if (reason === null) turn.tell({ kind: 'callTaken', ...ofLevel(turn), call: id });
  else turn.tell({ kind: 'callWaiting', ...ofLevel(turn), call: id, reason });
}

function setBlocked(turn: LevelTurn, call: LiveCall, blocked: string | null): void {
  turn.change({ live: turn.level.live.map((one) => (one.id === call.id ? { ...one, blocked } : one)) });
}

/** When it was decided and its last call is no longer live. */
export function finishLevel(turn: LevelTurn): void {
  const { status, live, calls } = turn.level;
  if (status.kind !== 'ending' || live.length > 0) return;
  const { outcome, keyInput, contact } = status;
  turn.tell({ kind: 'levelEnded', ...ofLevel(turn), outcome, keyInput, contact, calls });
  turn.change({ status: { ...status, kind: 'over' } });
}

const ofLevel = ({ level }: LevelTurn) => ({ level: level.number, step: level.step });

/** One level: its attempts, the ends of its calls, and what their keys decide. */
import { budgetAllowsAt, countRun } from './budget.js';
import { type Decided, goOn, keyDecided } from './course.js';
import type { CallBlocked, CallEnded, CallUnblocked } from './incident-event.js';
import type { LiveCall } from './incident-state.js';
import { stepOf } from './step-of.js';
import type { WaitReason } from './timeline.js';
import type { Turn } from './turn.js';

/** Only when nothing of the level before is live. */
export function beginLevel(turn: Turn, step: string): void {
  const number = turn.state.level.number + 1;
  const status = { kind: 'running' } as const;
  turn.change({ level: { number, step, attempts: 0, attemptCounts: false, calls: 0, status } });
  turn.tell({ kind: 'levelBegan', level: number, step });
  // Went through as many levels as there are steps, and nothing rang: no budget stops such a circle, so time must.
  const inCircle = turn.state.levelsInVain >= Object.keys(turn.policy.steps).length;
  if (inCircle) wait(turn, 'nothingRang', stepOf(turn.policy, step).every);
  else callOrWait(turn);
}

/** When the last call of a level that was ended is no longer live. */
export function finishLevel(turn: Turn): void {
  const { level, levelsInVain } = turn.state;
  if (level.status.kind !== 'ending') return;
  const { outcome, keyInput, contact } = level.status;
  turn.tell({ kind: 'levelEnded', ...ofLevel(turn), outcome, keyInput, contact, calls: level.calls });
  turn.change({
    level: { ...level, status: { kind: 'over' } },
    levelsInVain: outcome === 'unanswered' && level.calls === 0 ? levelsInVain + 1 : 0,
  });
}

/** The only place that calls anybody: the next attempt of the running level, as soon as the budget allows it. */
export function callOrWait(turn: Turn): void {
  const { level, rung } = turn.state;
  const step = stepOf(turn.policy, level.step);
  const allowedAt = budgetAllowsAt(turn.policy, rung, step, turn.at);
  if (allowedAt > turn.at) return wait(turn, 'budget', allowedAt);
  const calls = step.call.map((_, index): LiveCall => {
    return { id: turn.newId(), level: level.number, step: level.step, index, blocked: null, hangingUp: false };
  });
  turn.change({ calls });
  turn.tell({
    kind: 'callsPlaced',
    ...ofLevel(turn),
    attempt: level.attempts + 1,
    attempts: step.attempts,
    calls: calls.map(({ id }) => id),
  });
  turn.enter({ kind: 'calling' });
}

function wait(turn: Turn, reason: WaitReason, until: number | string): void {
  const timer = turn.timer(until);
  turn.tell({ kind: 'waiting', ...ofLevel(turn), reason, until: timer.at });
  turn.enter({ kind: 'waiting', timer });
}

export function callEnded(turn: Turn, event: CallEnded): void {
  const call = turn.state.calls.find(({ id }) => id === event.call);
  if (call === undefined) return;
  account(turn, call, event);
  const action = keyAction(turn, call, event);
  const { level } = turn.state;
  const levelGoesOn = level.status.kind === 'running' && level.number === call.level;
  if (!levelGoesOn) {
    if (event.keyInput !== null) tellLateKey(turn, call, event.keyInput, event.contact);
  } else if (action !== null && event.keyInput !== null) {
    const { keyInput, contact } = event;
    turn.endLevel({ outcome: 'answered', keyInput, contact });
    keyDecided(turn, action, { by: contact ?? 'unknown', via: 'key', step: call.step, keyInput });
  } else {
    // Calls that were only ever blocked rang nobody for a reason that is not theirs: they use no attempt.
    const counts = call.blocked === null || event.calls > 0 || event.outcome === 'refused';
    turn.change({ level: { ...level, attemptCounts: level.attemptCounts || counts } });
    if (turn.state.calls.length === 0) attemptEnded(turn);
  }
}

/** What the key decides; null where none was pressed or it only sends Pigeon on to the next contact. */
function keyAction(turn: Turn, call: LiveCall, { keyInput }: CallEnded): Decided | null {
  if (keyInput === null) return null;
  const { keys, otherwise } = stepOf(turn.policy, call.step);
  const action = Object.hasOwn(keys, keyInput) ? keys[keyInput] : undefined;
  if (action === undefined) return otherwise;
  return action.kind === 'next' || action.kind === 'leave' ? null : action;
}

function attemptEnded(turn: Turn): void {
  const { level } = turn.state;
  const step = stepOf(turn.policy, level.step);
  const attempts = level.attempts + (level.attemptCounts ? 1 : 0);
  turn.change({ level: { ...level, attempts, attemptCounts: false } });
  if (step.attempts === 'unlimited' || attempts < step.attempts) return wait(turn, 'nextAttempt', step.every);
  turn.endLevel({ outcome: 'unanswered', keyInput: null, contact: null });
  goOn(turn, step.otherwise);
}

/** The call is over whatever it means: it is no longer live, and what it placed counts. */
function account(turn: Turn, call: LiveCall, event: CallEnded): void {
  const { calls, level, rung, placedCalls } = turn.state;
  const run = stepOf(turn.policy, call.step).call[call.index] ?? {};
  turn.change({
    calls: calls.filter(({ id }) => id !== call.id),
    rung: countRun(turn.policy, rung, run, event),
    placedCalls: placedCalls + event.calls,
    level: { ...level, calls: level.calls + event.calls },
  });
  const { outcome, keyInput, contact, calls: placed, message = null } = event;
  turn.tell({ kind: 'callEnded', ...ofCall(call), call: call.id, outcome, keyInput, contact, calls: placed, message });
}

function tellLateKey(turn: Turn, call: LiveCall, keyInput: string, contact: string | null): void {
  const { keys } = stepOf(turn.policy, call.step);
  const acknowledges = Object.hasOwn(keys, keyInput) && keys[keyInput]?.kind === 'acknowledge';
  turn.tell({ kind: acknowledges ? 'alsoAcknowledged' : 'keyLate', ...ofCall(call), keyInput, contact });
}

export function callBlocked(turn: Turn, event: CallBlocked): void {
  const call = turn.state.calls.find(({ id }) => id === event.call);
  if (call === undefined || call.blocked === event.reason) return;
  setBlocked(turn, call, event.reason);
  if (!call.hangingUp) turn.tell({ kind: 'callBlocked', ...ofCall(call), call: call.id, reason: event.reason });
}

export function callUnblocked(turn: Turn, event: CallUnblocked): void {
  const call = turn.state.calls.find(({ id }) => id === event.call);
  if (call === undefined || call.blocked === null) return;
  setBlocked(turn, call, null);
  if (!call.hangingUp) turn.tell({ kind: 'callUnblocked', ...ofCall(call), call: call.id });
}

function setBlocked(turn: Turn, call: LiveCall, blocked: string | null): void {
  turn.change({ calls: turn.state.calls.map((one) => (one.id === call.id ? { ...one, blocked } : one)) });
}

const ofLevel = ({ state: { level } }: Turn) => ({ level: level.number, step: level.step });
const ofCall = ({ level, step }: LiveCall) => ({ level, step });

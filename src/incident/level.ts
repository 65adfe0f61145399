/** One level: its attempts, the ends of its calls, the key that decides it, and the budget of calls. */
import { durationMs } from '../contract/duration.js';
import type { Decided, Policy, Step, StepCall } from '../contract/policy.js';
import { levelActionsBetween, type LevelAction } from './actions.js';
import type { CallBlocked, CallEnded, CallTaken, CallUnblocked, CallWaiting, CallEvent, TimerFired } from './events.js';
import { stepOf } from './policy.js';
import type { Level, LiveCall, LevelEnding, Timer, Rung } from './state.js';
import type { Happening, WaitReason, TimelineEntry } from './timeline.js';

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

function callEnded(turn: LevelTurn, event: CallEnded): void {
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

/** What the key decides; null where it only sends Pigeon on to the next contact. */
export function keyDecides(policy: Policy, { step }: Level, keyInput: string): Decided | null {
  const { keys, otherwise } = stepOf(policy, step);
  const action = Object.hasOwn(keys, keyInput) ? keys[keyInput] : undefined;
  if (action === undefined) return otherwise;
  return action.kind === 'next' || action.kind === 'leave' ? null : action;
}

function attemptEnded(turn: LevelTurn): void {
  const { level } = turn;
  const step = stepOf(turn.policy, level.step);
  const attempts = level.attempts + (level.attemptCounts ? 1 : 0);
  turn.change({ attempts, attemptCounts: false });
  if (step.attempts === 'unlimited' || attempts < step.attempts) return wait(turn, 'nextAttempt', step.every);
  turn.end({ outcome: 'unanswered', keyInput: null, contact: null });
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

/** When it was decided and its last call is no longer live. */
export function finishLevel(turn: LevelTurn): void {
  const { status, live, calls } = turn.level;
  if (status.kind !== 'ending' || live.length > 0) return;
  const { outcome, keyInput, contact } = status;
  turn.tell({ kind: 'levelEnded', ...ofLevel(turn), outcome, keyInput, contact, calls });
  turn.change({ status: { ...status, kind: 'over' } });
}

function levelCancelled(turn: LevelTurn): void {
  const { number, step, status } = turn.level;
  if (status.kind !== 'running') return;
  turn.tell({ kind: 'levelCancelled', level: number, step });
  turn.end(STOOD_DOWN);
}

const STOOD_DOWN = { outcome: 'stoodDown', keyInput: null, contact: null } as const;

interface LateKey {
  readonly level: number;
  readonly step: string;
  readonly keyInput: string;
  readonly contact: string | null;
}

/** It was pressed when the level had been decided already. */
export function tellLateKey(turn: LevelTurn, keyInput: string, contact: string | null): void {
  turn.tell(lateKey(turn.policy, { ...ofLevel(turn), keyInput, contact }));
}

export function lateKey(policy: Policy, { level, step, keyInput, contact }: LateKey): Happening {
  const { keys } = stepOf(policy, step);
  const acknowledges = Object.hasOwn(keys, keyInput) && keys[keyInput]?.kind === 'acknowledge';
  return { kind: acknowledges ? 'alsoAcknowledged' : 'keyLate', level, step, keyInput, contact };
}

function callBlocked(turn: LevelTurn, event: CallBlocked): void {
  const call = turn.level.live.find(({ id }) => id === event.call);
  if (call === undefined || call.blocked === event.reason) return;
  setBlocked(turn, call, event.reason);
  if (!call.hangingUp) turn.tell({ kind: 'callBlocked', ...ofLevel(turn), call: call.id, reason: event.reason });
}

function callUnblocked(turn: LevelTurn, event: CallUnblocked): void {
  const call = turn.level.live.find(({ id }) => id === event.call);
  if (call === undefined || call.blocked === null) return;
  setBlocked(turn, call, null);
  if (!call.hangingUp) turn.tell({ kind: 'callUnblocked', ...ofLevel(turn), call: call.id });
}

function callWaiting(turn: LevelTurn, event: CallWaiting): void {
  setWaiting(turn, event.call, event.reason);
}

function callTaken(turn: LevelTurn, event: CallTaken): void {
  setWaiting(turn, event.call, null);
}

function setBlocked(turn: LevelTurn, call: LiveCall, blocked: string | null): void {
  turn.change({ live: turn.level.live.map((one) => (one.id === call.id ? { ...one, blocked } : one)) });
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

/** One decision about a level in the making: the level as it stands by now, and what was told on the way. */
export class LevelTurn {
  #level: Level;

  constructor(
    readonly policy: Policy,
    level: Level,
    readonly at: number,
    readonly told: TimelineEntry[],
  ) {
    this.#level = level;
  }

  get level(): Level {
    return this.#level;
  }

  change(part: Partial<Level>): void {
    this.#level = { ...this.#level, ...part };
  }

  tell(happening: Happening): void {
    this.told.push({ at: this.at, ...happening });
  }

  newId(): number {
    const serial = this.level.serial + 1;
    this.change({ serial });
    return serial;
  }

  /** A timer until this moment, or for this duration of the policy. */
  timer(until: number | string): Timer {
    return { id: this.newId(), at: typeof until === 'number' ? until : this.at + durationMs(until) };
  }

  /** Nothing new begins any more and nothing may ring. Does nothing when it is over, or ending, already. */
  end(ending: LevelEnding): void {
    if (this.level.status.kind !== 'running') return;
    this.change({ status: { kind: 'ending', ...ending }, waiting: null });
    this.hangUp();
  }

  /** Every call that may still ring. */
  hangUp(): void {
    const ringing = this.level.live.filter(({ hangingUp }) => !hangingUp).map(({ id }) => id);
    if (ringing.length === 0) return;
    this.change({ live: this.level.live.map((call) => ({ ...call, hangingUp: true })) });
    this.tell({ kind: 'hangingUp', calls: ringing });
  }
}

const ofLevel = ({ level }: LevelTurn) => ({ level: level.number, step: level.step });

/** When an attempt of this step fits into the budget: now, or at the first moment when enough calls have left the span. */
export function budgetAllowsAt(policy: Policy, rung: readonly Rung[], step: Step, now: number): number {
  // An attempt larger than the whole budget is an error of the policy; rather call once the span is empty than never.
  const room = policy.budget.calls - Math.min(mostCalls(step), policy.budget.calls);
  const inSpan = withinSpan(policy, rung, now);
  let used = inSpan.reduce((sum, { calls }) => sum + calls, 0);
  let time = now;
  for (const { at, calls } of inSpan) {
    if (used <= room) break;
    used -= calls;
    time = at + durationMs(policy.budget.within);
  }
  return time;
}

/** A run counts from its end, since its last telephone call may have rung until then. */
export function countRun(policy: Policy, rung: readonly Rung[], run: StepCall, ended: CallEnded): readonly Rung[] {
  // Nobody knows what a lost run did: all that it may have done counts.
  const { outcome, unfound = outcome === 'unknown' ? 1 : 0 } = ended;
  const calls = Math.max(ended.calls, unfound * mostCallsOfRun(run) + (outcome === 'unknown' ? 0 : ended.calls));
  const inSpan = withinSpan(policy, rung, ended.at);
  return calls === 0 ? inSpan : inPortions([...inSpan, { at: ended.at, calls }]);
}

/**
 * The most telephone calls that one attempt of a step may place; so much must be left of the budget before it begins. A
 * call flow stored in Pigeon counts as one, since nobody knows its contacts: what it really placed counts afterwards.
 */
export function mostCalls(step: Step): number {
  return step.call.reduce((sum, call) => sum + mostCallsOfRun(call), 0);
}

/** The most telephone calls that one run may place; one for a stored call flow, since nobody knows its contacts. */
export function mostCallsOfRun({ callflow }: Pick<StepCall, 'callflow'>): number {
  if (callflow === undefined) return 1;
  return callflow.loopLimit * callflow.contacts.reduce((sum, { phones }) => sum + phones.length, 0);
}

function withinSpan(policy: Policy, rung: readonly Rung[], now: number): readonly Rung[] {
  const begin = now - durationMs(policy.budget.within);
  return rung.filter(({ at }) => at > begin);
}

/** Many entries become few: two neighbours count as one of the later time, so that the budget is never exceeded. */
function inPortions(rung: readonly Rung[]): readonly Rung[] {
  if (rung.length <= MOST_ENTRIES) return rung;
  return rung.flatMap((entry, index) => {
    const next = rung[index + 1];
    if (index % 2 === 1) return [];
    return [next === undefined ? entry : { at: next.at, calls: entry.calls + next.calls }];
  });
}

const MOST_ENTRIES = 200;

/** One level: its attempts, the ends of its calls, the key that decides it, and the budget of calls. */
import { durationMs } from '../contract/duration.js';
import type { Decided, Directory, Policy, Step, StepCall } from '../contract/policy-schema.js';
import { type LevelAction, levelActionsBetween } from './actions.js';
import type {
  CalleesFound,
  CallBlocked,
  CallEnded,
  CallEvent,
  CallTaken,
  CallUnblocked,
  CallWaiting,
  TimerFired,
} from './events.js';
import { maxPhones } from './callees.js';
import { stepOf } from './policy.js';
import type { Level, LevelEnding, LiveCall, Rung, Timer } from './state.js';
import type { TimelineEntry, TimelineEvent, WaitReason } from './timeline.js';

/** Everything that can happen to a level, and what its incident asks of it. */
export type LevelEvent =
  | CallEvent
  | TimerFired
  /** Something else was decided: it ends, and hangs up. */
  | { readonly kind: 'standDown'; readonly at: number }
  /** Hang up without ending: it continues with its next attempt. */
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
  const transition = new LevelTransition(policy, level, event.at, []);
  reactToLevelEvent(transition, event);
  finishLevel(transition);
  return {
    level: transition.level,
    actions: levelActionsBetween(policy, level, transition.level),
    timeline: transition.timeline,
  };
}

export function reactToLevelEvent(transition: LevelTransition, event: LevelEvent): void {
  switch (event.kind) {
    case 'callEnded':
      return callEnded(transition, event);
    case 'callBlocked':
      return callBlocked(transition, event);
    case 'callUnblocked':
      return callUnblocked(transition, event);
    case 'callWaiting':
      return callWaiting(transition, event);
    case 'callTaken':
      return callTaken(transition, event);
    case 'calleesFound':
      return calleesFound(transition, event);
    case 'timerFired':
      // A level that is ending calls nobody, whatever timer it was begun with.
      if (transition.level.status.kind === 'running' && transition.level.waiting?.id === event.timer)
        callOrWait(transition);
      return;
    case 'standDown':
      transition.end(STOOD_DOWN);
      return transition.hangUp();
    case 'hangUpLive':
      return transition.hangUp();
    case 'levelCancelled':
      return levelCancelled(transition);
    default:
      return event satisfies never;
  }
}

function callEnded(transition: LevelTransition, event: CallEnded): void {
  const call = transition.level.live.find(({ id }) => id === event.call);
  if (call === undefined) return;
  endCall(transition, call, event);
  const { keyInput, contact } = event;
  const { level } = transition;
  if (level.status.kind !== 'running') {
    if (keyInput !== null) recordLateKey(transition, keyInput, contact);
  } else if (keyInput !== null && actionOfKey(transition.policy, level, keyInput) !== null) {
    transition.end({ outcome: 'answered', keyInput, contact });
  } else {
    // Calls that were only ever blocked rang nobody for a reason that is not theirs: they use no attempt.
    const rang = event.calls > 0 || event.outcome === 'refused' || (event.unfound ?? 0) > 0;
    const counts = rang || (call.blocked === null && event.hadNoRoom !== true && event.outcome !== 'nobody');
    transition.change({ attemptCounts: level.attemptCounts || counts });
    if (transition.level.live.length > 0) return;
    const gaveWay = event.hadNoRoom === true && !transition.level.attemptCounts && givesWay(transition.policy, level);
    const nobody = event.outcome === 'nobody' && !transition.level.attemptCounts;
    if (gaveWay) transition.end({ outcome: 'notPlaced', keyInput: null, contact: null });
    else if (nobody) transition.end({ outcome: 'nobody', keyInput: null, contact: null });
    else attemptEnded(transition);
  }
}

/** The call is over whatever it means: it is no longer live, and what it placed counts. */
export function endCall(transition: LevelTransition, call: LiveCall, event: CallEnded): void {
  const { live, rung, calls, step } = transition.level;
  const run = stepOf(transition.policy, step).call[call.index] ?? {};
  transition.change({
    live: live.filter(({ id }) => id !== call.id),
    rung: countRun(transition.policy, rung, run, event),
    calls: calls + event.calls,
  });
  const { outcome, keyInput, contact, message = null, reference = null, resultId = null } = event;
  const ended = { outcome, keyInput, contact, calls: event.calls, message, reference, resultId };
  transition.record({ kind: 'callEnded', ...ofLevel(transition), call: call.id, ...ended });
}

/** What the key decides; null where it only sends Pigeon on to the next contact. */
export function actionOfKey(policy: Policy, { step }: Level, keyInput: string): Decided | null {
  const { keys, otherwise } = stepOf(policy, step);
  const action = Object.hasOwn(keys, keyInput) ? keys[keyInput] : undefined;
  if (action === undefined) return otherwise;
  return action.kind === 'next' || action.kind === 'leave' ? null : action;
}

function attemptEnded(transition: LevelTransition): void {
  const { level } = transition;
  const step = stepOf(transition.policy, level.step);
  const attempts = level.attempts + (level.attemptCounts ? 1 : 0);
  transition.change({ attempts, attemptCounts: false });
  if (step.attempts === 'unlimited' || attempts < step.attempts) return wait(transition, 'nextAttempt', step.every);
  transition.end({ outcome: 'unanswered', keyInput: null, contact: null });
}

/**
 * Whether somebody else is called when the level cannot be placed for long: the next step, or after the last one the first. A
 * step that is called until somebody takes it does not give way, nor does a policy's only one.
 */
export function givesWay(policy: Policy, { step, number }: Pick<Level, 'step' | 'number'>): boolean {
  const { attempts, otherwise } = stepOf(policy, step);
  if (attempts === 'unlimited') return false;
  return otherwise.kind === 'escalate' ? otherwise.step !== step : number > 1 && step !== policy.start;
}

/** The only place that decides that anybody is called: the next attempt of the level, as soon as the budget allows it. */
export function callOrWait(transition: LevelTransition): void {
  const { level } = transition;
  const step = stepOf(transition.policy, level.step);
  const allowedAt = budgetAllowsAt(transition.policy, level.rung, step, transition.at);
  if (allowedAt > transition.at) return wait(transition, 'budget', allowedAt);
  const live = step.call.map((_, index): LiveCall => ({
    id: transition.newId(),
    index,
    blocked: null,
    hangingUp: false,
  }));
  transition.change({ live, waiting: null });
  transition.record({
    kind: 'callsPlaced',
    ...ofLevel(transition),
    attempt: level.attempts + 1,
    attempts: step.attempts,
    calls: live.map(({ id }) => id),
  });
}

export function wait(transition: LevelTransition, reason: WaitReason, until: number | string): void {
  const waiting = transition.timer(until);
  transition.change({ waiting });
  transition.record({ kind: 'waiting', ...ofLevel(transition), reason, until: waiting.at });
}

/** When it was decided and its last call is no longer live. */
export function finishLevel(transition: LevelTransition): void {
  const { status, live, calls } = transition.level;
  if (status.kind !== 'ending' || live.length > 0) return;
  const { outcome, keyInput, contact } = status;
  transition.record({ kind: 'levelEnded', ...ofLevel(transition), outcome, keyInput, contact, calls });
  transition.change({ status: { ...status, kind: 'over' } });
}

function levelCancelled(transition: LevelTransition): void {
  const { number, step, status } = transition.level;
  if (status.kind !== 'running') return;
  transition.record({ kind: 'levelCancelled', level: number, step });
  transition.end(STOOD_DOWN);
}

const STOOD_DOWN = { outcome: 'stoodDown', keyInput: null, contact: null } as const;

interface LateKey {
  readonly level: number;
  readonly step: string;
  readonly keyInput: string;
  readonly contact: string | null;
}

/** It was pressed when the level had been decided already. */
export function recordLateKey(transition: LevelTransition, keyInput: string, contact: string | null): void {
  transition.record(lateKey(transition.policy, { ...ofLevel(transition), keyInput, contact }));
}

export function lateKey(policy: Policy, { level, step, keyInput, contact }: LateKey): TimelineEvent {
  const { keys } = stepOf(policy, step);
  const acknowledges = Object.hasOwn(keys, keyInput) && keys[keyInput]?.kind === 'acknowledge';
  return { kind: acknowledges ? 'alsoAcknowledged' : 'keyLate', level, step, keyInput, contact };
}

function callBlocked(transition: LevelTransition, event: CallBlocked): void {
  const call = transition.level.live.find(({ id }) => id === event.call);
  if (call === undefined || call.blocked === event.reason) return;
  const { reason, by = null, nothingRings = false } = event;
  const blocked = { ...(by !== null && { blockedBy: by }), ...(nothingRings && { nothingRings: true as const }) };
  setBlocked(transition, call, { blocked: reason, ...blocked });
  if (!call.hangingUp)
    transition.record({ kind: 'callBlocked', ...ofLevel(transition), call: call.id, reason: event.reason });
}

function callUnblocked(transition: LevelTransition, event: CallUnblocked): void {
  const call = transition.level.live.find(({ id }) => id === event.call);
  if (call === undefined || call.blocked === null) return;
  setBlocked(transition, call, { blocked: null });
  if (!call.hangingUp) transition.record({ kind: 'callUnblocked', ...ofLevel(transition), call: call.id });
}

function callWaiting(transition: LevelTransition, event: CallWaiting): void {
  setWaiting(transition, event.call, event.reason);
}

function callTaken(transition: LevelTransition, event: CallTaken): void {
  setWaiting(transition, event.call, null);
}

function calleesFound(transition: LevelTransition, { call, people, missing }: CalleesFound): void {
  const { called = [], live } = transition.level;
  if (live.every(({ id }) => id !== call)) return;
  const all = [...new Set([...called, ...people.map(({ handle }) => handle)])];
  transition.change({ called: all.slice(-MAX_CALLED) });
  transition.record({ kind: 'calleesFound', ...ofLevel(transition), call, people, missing });
}

type Blocked = Pick<LiveCall, 'blocked' | 'blockedBy' | 'nothingRings'>;

function setBlocked(transition: LevelTransition, call: LiveCall, blocked: Blocked): void {
  const { blockedBy: _, nothingRings: __, ...others } = call;
  const changed = { ...others, ...blocked };
  transition.change({ live: transition.level.live.map((one) => (one.id === call.id ? changed : one)) });
}

function setWaiting(transition: LevelTransition, id: number, reason: string | null): void {
  const call = transition.level.live.find((one) => one.id === id);
  if (call === undefined || (call.waiting ?? null) === reason) return;
  const { waiting: _, ...others } = call;
  const changed = reason === null ? others : { ...others, waiting: reason };
  transition.change({ live: transition.level.live.map((one) => (one.id === id ? changed : one)) });
  if (call.hangingUp) return;
  if (reason === null) transition.record({ kind: 'callTaken', ...ofLevel(transition), call: id });
  else transition.record({ kind: 'callWaiting', ...ofLevel(transition), call: id, reason });
}

/** The level while an event is being decided: as it is by now, and what was recorded on the way. */
export class LevelTransition {
  #level: Level;

  constructor(
    readonly policy: Policy,
    level: Level,
    readonly at: number,
    readonly timeline: TimelineEntry[],
  ) {
    this.#level = level;
  }

  get level(): Level {
    return this.#level;
  }

  change(part: Partial<Level>): void {
    this.#level = { ...this.#level, ...part };
  }

  record(event: TimelineEvent): void {
    this.timeline.push({ at: this.at, ...event });
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
    this.record({ kind: 'hangingUp', calls: ringing });
  }
}

const ofLevel = ({ level }: LevelTransition) => ({ level: level.number, step: level.step });

/** When an attempt of this step fits into the budget: now, or at the first moment when enough calls have left the span. */
export function budgetAllowsAt(policy: Policy, rung: readonly Rung[], step: Step, now: number): number {
  // An attempt larger than the whole budget is an error of the policy; rather call once the span is empty than never.
  const room = policy.budget.calls - Math.min(maxCalls(step, policy.directory), policy.budget.calls);
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
function countRun(policy: Policy, rung: readonly Rung[], run: StepCall, ended: CallEnded): readonly Rung[] {
  // Nobody knows what a lost run did: all that it may have done counts.
  const { outcome, unfound = outcome === 'unknown' ? 1 : 0 } = ended;
  const calls = Math.max(
    ended.calls,
    unfound * maxCallsOfRun(run, policy.directory) + (outcome === 'unknown' ? 0 : ended.calls),
  );
  const inSpan = withinSpan(policy, rung, ended.at);
  return calls === 0 ? inSpan : inPortions([...inSpan, { at: ended.at, calls }]);
}

/**
 * The most telephone calls that one attempt of a step may place; so much must be left of the budget before it begins. A
 * call flow stored in Pigeon counts as one, since nobody knows its contacts: what it really placed counts afterwards.
 */
export function maxCalls(step: Step, directory?: Directory): number {
  return step.call.reduce((sum, call) => sum + maxCallsOfRun(call, directory), 0);
}

/** The most telephone calls that one run may place; one for a stored call flow, since nobody knows its contacts. */
export function maxCallsOfRun(
  { callflow, callees }: Pick<StepCall, 'callflow' | 'callees'>,
  directory?: Directory,
): number {
  if (callees !== undefined) return callees.loopLimit * maxPhones(callees, directory);
  if (callflow === undefined) return 1;
  return callflow.loopLimit * callflow.contacts.reduce((sum, { phones }) => sum + phones.length, 0);
}

function withinSpan(policy: Policy, rung: readonly Rung[], now: number): readonly Rung[] {
  const begin = now - durationMs(policy.budget.within);
  return rung.filter(({ at }) => at > begin);
}

/** Many entries become few: two neighbours count as one of the later time, so that the budget is never exceeded. */
function inPortions(rung: readonly Rung[]): readonly Rung[] {
  if (rung.length <= MAX_ENTRIES) return rung;
  return rung.flatMap((entry, index) => {
    const next = rung[index + 1];
    if (index % 2 === 1) return [];
    return [next === undefined ? entry : { at: next.at, calls: entry.calls + next.calls }];
  });
}

const MAX_ENTRIES = 200;
const MAX_CALLED = 200;

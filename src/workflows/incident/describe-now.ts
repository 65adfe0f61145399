import { whomItCalls } from '../../incident/callees.js';
import { describeOwner, limitOf } from '../../incident/describe-entry.js';
import { currentHold } from '../../incident/hold.js';
import {
  type Hold,
  isInChild,
  type IncidentState,
  type Kept,
  timerOf,
  type Unattended,
  type Level,
  type LiveCall,
} from '../../incident/state.js';
import type { AutomationOutcome, Escalate, Policy } from '../../contract/policy-schema.js';
import { findStep, stepOf } from '../../incident/policy.js';
import { furtherRounds } from '../../incident/transitions.js';
import { clock } from '../../words/clock.js';
import { words } from '../../words/words.js';
import { summaryOf } from '../call/wait.js';

export interface Now {
  /** What is happening, in one sentence. */
  readonly message: string;
  /** What comes next, and when; at most 200 bytes. */
  readonly next: string;
  /** Each live call in words. */
  readonly ringing: readonly string[];
}

export interface Described {
  readonly policy: Policy;
  readonly state: IncidentState;
  readonly telephones: { readonly words: readonly string[] };
  readonly ringingInChild: readonly string[];
}

/** What an operator at night has to know of an incident. Pure. */
export function describeNow({ policy, state, telephones, ringingInChild }: Described): Now {
  const isOver = state.level.status.kind === 'over';
  const ringing = isOver ? [] : isInChild(state.level) ? ringingInChild : telephones.words;
  return { message: messageOf(policy, state), next: summaryOf(nextOf(policy, state).words), ringing };
}

function messageOf(policy: Policy, state: IncidentState): string {
  const { phase, level, placedCalls } = state;
  const { incident } = words();
  switch (phase.kind) {
    case 'next':
      return keeps(phase.kept) + incident.hangingUpFirst(phase.step);
    case 'calling':
      return keeps(phase.kept) + describeLevel(policy, level);
    case 'snoozed':
      if (phase.unattended !== undefined) return messageOfUnattended(phase.unattended, placedCalls);
      return phase.holds === undefined ? incident.snoozed(clock(phase.timer.at)) : messageOfHold(phase.holds, state);
    case 'acknowledged':
      return incident.owned(describeOwner(phase.owner));
    case 'running':
      return incident.running(describeOwner(phase.owner), phase.action.workflow);
    case 'over':
      return incident.notOver(phase.state);
    case 'closed':
      if (phase.state === 'exhausted') return incident.exhausted(placedCalls);
      // A workflow does not know who cancelled it.
      return incident.over(phase.state, placedCalls) + (phase.state === 'cancelled' ? incident.cancelledByWhom : '');
    default:
      return phase satisfies never;
  }
}

function messageOfHold(holds: readonly Hold[], { alert, since }: IncidentState): string {
  const hold = currentHold(holds, alert.severity, since);
  return hold === null ? '' : words().incident.held(clock(hold.until), hold.by, hold.reason);
}

const keeps = (kept: Kept | undefined): string =>
  kept === undefined ? '' : words().incident.worse(describeOwner(kept.owner));

function messageOfUnattended(unattended: Unattended, placedCalls: number): string {
  const { incident } = words();
  return unattended.kind === 'exhausted'
    ? incident.exhaustedAndOpen(placedCalls)
    : incident.nothingRang(unattended.reason);
}

/** A level that is under way. */
export function describeLevel(policy: Policy, level: Level): string {
  const { incident } = words();
  const attempts = limitOf(stepOf(policy, level.step).attempts);
  const where = incident.level(level.number, level.step);
  const held = blockedCall(level);
  if (held !== null) {
    // A call that was placed may ring although its result cannot be read.
    return held.nothingRings === true
      ? incident.blockedAndNobodyCalled(held.blocked, where)
      : incident.blocked(held.blocked, where);
  }
  const place = level.live.find(({ waiting, hangingUp }) => waiting !== undefined && !hangingUp)?.waiting;
  if (place !== undefined) return incident.waitingForPlace(where, place);
  if (level.waiting !== null) {
    return incident.waiting(where, level.attempts + 1, attempts, clock(level.waiting.at));
  }
  if (level.live.some(({ hangingUp }) => hangingUp)) return incident.hangingUp(where);
  return incident.calling(where, level.attempts + 1, attempts);
}

type BlockedCall = LiveCall & { readonly blocked: string };

function blockedCall({ live }: Level): BlockedCall | null {
  return live.find((call): call is BlockedCall => call.blocked !== null && !call.hangingUp) ?? null;
}

/** What comes next, and which step that calls; null where none, or where it is not known. */
export interface Next {
  readonly words: string;
  readonly step: string | null;
  /** What follows that, where nobody takes it. */
  readonly further?: Next;
}

export function nextOf(policy: Policy, state: IncidentState): Next {
  const { phase, level } = state;
  const timer = timerOf(state);
  const at = timer === null ? '' : clock(timer.at);
  const { incident } = words();
  switch (phase.kind) {
    case 'next':
      return { words: incident.nextStep(phase.step), step: phase.step };
    case 'calling':
      return nextOfLevel(policy, level, furtherRounds(policy, state));
    case 'snoozed':
      if (phase.unattended?.kind === 'exhausted') {
        return { words: incident.nextOfUnattended(phase.step, at), step: phase.step };
      }
      if (phase.holds !== undefined) return { words: incident.nextAfterHold(at, phase.step), step: phase.step };
      return { words: incident.nextAfterSnooze(at, phase.step), step: phase.step };
    case 'acknowledged': {
      if (phase.resolveAt !== undefined) return { words: incident.nextForOwner(at), step: null };
      const { step } = policy.acknowledged.otherwise;
      if (timer === null) return { words: incident.nextWhenResolved, step: null };
      return { words: incident.nextUnresolved(at, step), step };
    }
    case 'running': {
      const { workflow, then, onFailure } = phase.action;
      const next = incident.nextOfRun(workflow, afterRun(then), at, afterRun(onFailure));
      return { words: next, step: onFailure.kind === 'escalate' ? onFailure.step : null };
    }
    case 'over':
      return { words: incident.nextCloses, step: null };
    case 'closed':
      return { words: phase.state === 'exhausted' ? incident.nextOfExhausted : incident.nextOfClosed, step: null };
    default:
      return phase satisfies never;
  }
}

type Rounds = NonNullable<Policy['rounds']>;

/** After the attempt that is under way, or waited for. `rounds`: those that may follow. */
export function nextOfLevel(policy: Policy, level: Level, rounds: Rounds | null = policy.rounds ?? null): Next {
  const { step, waiting } = level;
  const { incident } = words();
  const held = blockedCall(level);
  if (held !== null) {
    if (held.nothingRings !== true) return { words: incident.nextWhenReadable, step: null };
    const next = held.blockedBy === 'paused' ? incident.nextWhenResumed(step) : incident.nextWhenItWorks(step);
    return { words: next, step };
  }
  const further = afterAttempt(policy, step, level.attempts + 1, rounds);
  if (waiting !== null) {
    const isAgain = level.calls > 0 || level.attempts > 0;
    const when = isAgain ? incident.nextAfterSnooze : incident.nextAfterDelay;
    return { words: when(clock(waiting.at), step), step, further };
  }
  return { ...further, words: incident.nextAfterTheseCalls(further.words) };
}

function afterAttempt(policy: Policy, step: string, attempt: number, rounds: Rounds | null): Next {
  const { incident } = words();
  const { attempts, every, otherwise } = stepOf(policy, step);
  if (attempts === 'unlimited' || attempt < attempts) return { words: incident.nextAttempt(step, every), step };
  if (otherwise.kind === 'escalate') return { words: thenCalled(otherwise), step: otherwise.step };
  if (rounds === null) return { words: incident.thenExhausted, step: null };
  return { words: incident.thenNextRound(policy.start, rounds.every), step: policy.start };
}

function thenCalled({ step, after }: Escalate): string {
  const { incident } = words();
  return after === undefined ? incident.thenCalled(step) : incident.thenCalledAfter(step, after);
}

function afterRun(outcome: AutomationOutcome): string {
  const { incident } = words();
  switch (outcome.kind) {
    case 'acknowledge':
      return incident.thenOwnerKeeps;
    case 'resolve':
      return incident.thenResolved;
    case 'escalate':
      return thenCalled(outcome);
    case 'snooze':
      return incident.thenSnoozed(outcome.for);
    case 'exhausted':
      return incident.thenExhausted;
    default:
      return outcome satisfies never;
  }
}

/** ` (田中, 山田)`: whom a step calls; nothing where Pigeon keeps the people, or the step is another level's. */
export function peopleOfStep(policy: Policy, step: string | null): string {
  const calls = (step === null ? undefined : findStep(policy, step))?.call ?? [];
  const people = [...new Set(calls.flatMap((call) => whomItCalls(call, policy.contacts) ?? []))];
  if (people.length === 0) return '';
  const named = [...people.slice(0, MAX_PEOPLE), ...(people.length > MAX_PEOPLE ? ['…'] : [])];
  return words().general.people(named.join(', '));
}

const MAX_PEOPLE = 4;

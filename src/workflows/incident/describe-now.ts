import { PAUSED } from '../../contract/calling-pause.js';
import { whomItCalls } from '../../incident/callees.js';
import { describeOwner, clock } from '../../incident/describe-entry.js';
import {
  contractState,
  isInChild,
  type IncidentState,
  type Kept,
  timerOf,
  type Unattended,
  type Level,
} from '../../incident/state.js';
import type { Policy, AutomationOutcome, Step } from '../../contract/policy-schema.js';
import { findStep, stepOf } from '../../incident/policy.js';
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
  const calls = `${placedCalls} telephone call${placedCalls === 1 ? '' : 's'}`;
  switch (phase.kind) {
    case 'next':
      return `${keeps(phase.kept)}Hanging up; then "${phase.step}" is called.`;
    case 'calling':
      return `${keeps(phase.kept)}${describeLevel(policy, level)}`;
    case 'snoozed':
      if (phase.unattended !== undefined) return messageOfUnattended(phase.unattended, calls);
      return `Snoozed until ${clock(phase.timer.at)}. Nobody is called until then.`;
    case 'acknowledged':
      return `${describeOwner(phase.owner)} owns it. Nobody is called.`;
    case 'running':
      return `${describeOwner(phase.owner)} owns it, and the workflow ${phase.action.workflow} is running. Nobody is called.`;
    case 'over':
      return `It is ${phase.state}; what still rings or runs is being ended.`;
    case 'closed':
      return phase.state === 'exhausted'
        ? `EXHAUSTED: the policy has ended and nobody was reached, after ${calls}.`
        : `It is ${phase.state}, after ${calls}.${phase.state === 'cancelled' ? BY_WHOM : ''}`;
    default:
      return phase satisfies never;
  }
}

const keeps = (kept: Kept | undefined): string =>
  kept === undefined ? '' : `It has got worse; ${describeOwner(kept.owner)} owns it. `;

function messageOfUnattended(unattended: Unattended, calls: string): string {
  return unattended.kind === 'exhausted'
    ? `EXHAUSTED: the policy has ended and nobody was reached, after ${calls}. Nobody is called, and nobody attends to it.`
    : `BLOCKED, nobody is called: in the last round of the policy no telephone rang (${unattended.reason}).`;
}

/** A level that is under way. */
export function describeLevel(policy: Policy, level: Level): string {
  const { attempts } = stepOf(policy, level.step);
  const of = attempts === 'unlimited' ? '' : ` of ${attempts}`;
  const where = `level ${level.number} "${level.step}"`;
  const reason = blockedBy(level);
  // A call that was placed may ring although its result cannot be read.
  if (reason !== null)
    return `BLOCKED${reason.startsWith(NOTHING_RINGS) ? ', nobody is called' : ''}: ${reason} (${where})`;
  const place = level.live.find(({ waiting, hangingUp }) => waiting !== undefined && !hangingUp)?.waiting;
  if (place !== undefined) return `WAITING for a place (${where}): ${place} It is asked again; this uses no attempt.`;
  if (level.waiting !== null) {
    return `Waiting: ${where}, attempt ${level.attempts + 1}${of} at ${clock(level.waiting.at)}. Nobody is ringing.`;
  }
  if (level.live.some(({ hangingUp }) => hangingUp)) return `Hanging up (${where}).`;
  return `Calling: ${where}, attempt ${level.attempts + 1}${of}.`;
}

/** How `invoke` begins why it waits. */
const NOTHING_RINGS = 'Nothing rings';

function blockedBy({ live }: Level): string | null {
  return live.find((call) => call.blocked !== null && !call.hangingUp)?.blocked ?? null;
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
  switch (phase.kind) {
    case 'next':
      return { words: `"${phase.step}" is called as soon as nothing rings`, step: phase.step };
    case 'calling':
      return nextOfLevel(policy, level);
    case 'snoozed':
      if (phase.unattended?.kind === 'exhausted') {
        const words = `somebody must look; its next report calls "${phase.step}" again; without one it closes ${at}`;
        return { words, step: phase.step };
      }
      return { words: `${at}: "${phase.step}" is called again`, step: phase.step };
    case 'acknowledged': {
      if (phase.resolveAt !== undefined)
        return { words: `${at}: the owner is called again, as it has got worse`, step: null };
      const { step } = policy.acknowledged.otherwise;
      return { words: `${at}: not resolved by then, "${step}" is called`, step };
    }
    case 'running': {
      const { workflow, then, onFailure } = phase.action;
      const words = `when ${workflow} succeeds, ${afterRun(then)}; when it fails, or still runs at ${at}, ${afterRun(onFailure)}`;
      return { words, step: onFailure.kind === 'escalate' ? onFailure.step : null };
    }
    case 'over':
      return { words: 'it closes as soon as nothing rings or runs', step: null };
    case 'closed':
      return {
        words:
          phase.state === 'exhausted'
            ? `nobody is called any more, somebody must look; ${REOPENS}`
            : `nothing; ${REOPENS}`,
        step: null,
      };
    default:
      return phase satisfies never;
  }
}

/** A workflow is not told. */
const BY_WHOM = ' By whom is in its Event History, at WorkflowExecutionCancelRequested.';
const REOPENS = 'the next report opens a new incident';

/** After the attempt that is under way, or waited for. */
export function nextOfLevel(policy: Policy, level: Level): Next {
  const { step, waiting } = level;
  const reason = blockedBy(level);
  if (reason !== null) {
    if (!reason.startsWith(NOTHING_RINGS)) return { words: 'it continues as soon as Pigeon answers', step: null };
    const when = reason.startsWith(`${NOTHING_RINGS}: ${PAUSED}`)
      ? 'when calling is resumed, or the pause has ended'
      : 'it is tried again about every minute; when it works';
    return { words: `${when}, "${step}" is called`, step };
  }
  const further = afterAttempt(stepOf(policy, step), step, level.attempts + 1);
  if (waiting !== null) return { words: `${clock(waiting.at)}: "${step}" is called again`, step, further };
  return { ...further, words: `when these calls have ended and nobody took it, ${further.words}` };
}

function afterAttempt({ attempts, every, otherwise }: Step, step: string, attempt: number): Next {
  if (attempts === 'unlimited' || attempt < attempts) {
    return { words: `"${step}" is called again ${every} later`, step };
  }
  return otherwise.kind === 'escalate'
    ? { words: `"${otherwise.step}" is called`, step: otherwise.step }
    : { words: 'the incident ends as exhausted', step: null };
}

function afterRun(outcome: AutomationOutcome): string {
  switch (outcome.kind) {
    case 'acknowledge':
      return 'the owner keeps it';
    case 'resolve':
      return 'the incident is resolved';
    case 'escalate':
      return `"${outcome.step}" is called`;
    case 'snooze':
      return `nobody is called for ${outcome.for}`;
    case 'exhausted':
      return 'the incident ends as exhausted';
    default:
      return outcome satisfies never;
  }
}

/** ` (田中, 山田)`: whom a step calls; nothing where Pigeon keeps the people, or the step is another level's. */
export function peopleOfStep(policy: Policy, step: string | null): string {
  const calls = (step === null ? undefined : findStep(policy, step))?.call ?? [];
  const people = [...new Set(calls.flatMap((call) => whomItCalls(call, policy.contacts) ?? []))];
  if (people.length === 0) return '';
  return ` (${[...people.slice(0, MAX_PEOPLE), ...(people.length > MAX_PEOPLE ? ['…'] : [])].join(', ')})`;
}

const MAX_PEOPLE = 4;

/** What the state is called in headlines. */
export const headlineOf = (state: IncidentState): string => contractState(state).toUpperCase();

import { describeOwner } from '../../policy/describe-entry.js';
import { contractState, type IncidentState, timerOf } from '../../policy/incident-state.js';
import type { Level } from '../../policy/level-state.js';
import type { Policy } from '../../policy/policy.js';
import { stepOf } from '../../policy/step-of.js';
import { summaryOf } from '../call/pause.js';

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
  readonly ringingElsewhere: readonly string[];
}

/** What an operator at night has to know of an incident. Pure. */
export function describeNow({ policy, state, telephones, ringingElsewhere }: Described): Now {
  const isOver = state.level.status.kind === 'over';
  const ringing = isOver ? [] : state.level.runs === 'here' ? telephones.words : ringingElsewhere;
  return { message: messageOf(policy, state), next: summaryOf(nextOf(policy, state)), ringing };
}

function messageOf(policy: Policy, state: IncidentState): string {
  const { phase, level, placedCalls } = state;
  switch (phase.kind) {
    case 'next':
      return `Hanging up; then "${phase.step}" is called.`;
    case 'calling':
      return describeLevel(policy, level);
    case 'snoozed':
      return `Snoozed until ${clock(phase.timer.at)}. Nobody is called until then.`;
    case 'acknowledged':
      return `${describeOwner(phase.owner)} owns it. Nobody is called.`;
    case 'running':
      return `${describeOwner(phase.owner)} owns it, and the workflow ${phase.action.workflow} is running.`;
    case 'over':
      return `It is ${phase.state}; what still rings or runs is being ended.`;
    case 'closed':
      return phase.state === 'exhausted'
        ? `EXHAUSTED: the policy has ended and nobody was reached, after ${placedCalls} telephone calls.`
        : `It is ${phase.state}, after ${placedCalls} telephone calls.`;
    default:
      return phase satisfies never;
  }
}

/** A level that is under way. */
export function describeLevel(policy: Policy, level: Level): string {
  const { attempts } = stepOf(policy, level.step);
  const of = attempts === 'unlimited' ? '' : ` of ${attempts}`;
  const where = `level ${level.number} "${level.step}"`;
  const blocked = level.live.find((call) => call.blocked !== null && !call.hangingUp)?.blocked;
  if (blocked !== undefined && blocked !== null) return `BLOCKED, nobody is called: ${blocked} (${where})`;
  if (level.waiting !== null) {
    return `Waiting: ${where}, attempt ${level.attempts + 1}${of} at ${clock(level.waiting.at)}. Nobody is ringing.`;
  }
  if (level.live.some(({ hangingUp }) => hangingUp)) return `Hanging up (${where}).`;
  return `Calling: ${where}, attempt ${level.attempts + 1}${of}.`;
}

function nextOf(policy: Policy, state: IncidentState): string {
  const { phase, level } = state;
  const timer = timerOf(state);
  const at = timer === null ? '' : `${clock(timer.at)}: `;
  switch (phase.kind) {
    case 'next':
      return `"${phase.step}" is called as soon as nothing rings`;
    case 'calling':
      return level.waiting === null ? unanswered(policy, level) : `${at}"${level.step}" is called again`;
    case 'snoozed':
      return `${at}"${phase.step}" is called again`;
    case 'acknowledged':
      return `${at}not resolved by then, "${policy.acknowledged.otherwise.step}" is called`;
    case 'running':
      return `${at}not ended by then, what the policy says on failure`;
    case 'over':
      return 'it closes as soon as nothing rings or runs';
    case 'closed':
      return 'nothing';
    default:
      return phase satisfies never;
  }
}

function unanswered(policy: Policy, level: Level): string {
  const { attempts, every, otherwise } = stepOf(policy, level.step);
  if (attempts === 'unlimited' || level.attempts + 1 < attempts) {
    return `if nobody takes it, "${level.step}" is called again ${every} later`;
  }
  return otherwise.kind === 'escalate'
    ? `if nobody takes it, "${otherwise.step}" is called`
    : 'if nobody takes it, the incident ends as exhausted';
}

/** What the state is called in headlines. */
export const headlineOf = (state: IncidentState): string => contractState(state).toUpperCase();

const clock = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

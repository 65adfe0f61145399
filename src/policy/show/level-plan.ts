import { durationMs } from '../../contract/duration.js';
import type { Policy, Step, StepCall } from '../../contract/policy-schema.js';
import { edgesOf, unansweredPath, type Via } from '../graph.js';
import { readingSeconds, unansweredSeconds } from '../speech.js';

/** A telephone that nobody picks up rings this long (manual). */
export const RING_SECONDS = 30;

/** The end of the last run of these is seen at the next look, at most this much later. */
export function lookSeconds(calls: readonly StepCall[]): number {
  return Math.max(...calls.map(({ waitTime = 15 }) => waitTime));
}

/** Time or number that is known, or at least this: what is stored in Pigeon is not known here. */
export interface Bound {
  readonly value: number;
  readonly atLeast: boolean;
}

export interface LevelPlan {
  readonly step: string;
  /** Telephone calls of one attempt, and of all; null: no end but the budget. */
  readonly callsPerAttempt: Bound;
  readonly calls: Bound | null;
  /** How an incident comes here. */
  readonly reached:
    | {
        readonly kind: 'unanswered';
        /** At most, from the start of the incident, when every telephone rings out; and when machines pick up all. */
        readonly afterSeconds: Bound;
        readonly afterSecondsWithMachines: Bound;
        /** Telephone calls before. */
        readonly callsBefore: Bound;
        /** The budget may be used up by then, and this level waits for it. */
        readonly budgetMayDelay: boolean;
      }
    | { readonly kind: 'onlyBy'; readonly ways: readonly { readonly from: string; readonly via: Via }[] }
    | { readonly kind: 'notResolved' };
}

export interface PolicyPlan {
  readonly levels: readonly LevelPlan[];
  /** When nobody decides: how it ends, and after how many telephone calls (null: never, the budget alone bounds it). */
  readonly end: ReturnType<typeof unansweredPath>['end'];
  readonly callsAtMost: Bound | null;
}

/** What each level costs and when it is reached, in the worst case: nobody presses a key. */
export function planOf(policy: Policy): PolicyPlan {
  const path = unansweredPath(policy, policy.start);
  const levels: LevelPlan[] = [];
  let after = exactly(0);
  let afterWithMachines = exactly(0);
  let before = exactly(0);
  for (const [name, step] of onPath(policy, path.steps)) {
    after = atLeast(after, ownDelaySeconds(step));
    afterWithMachines = atLeast(afterWithMachines, ownDelaySeconds(step));
    const perAttempt = sum(step.call.map(telephoneCalls));
    const calls = ofAllAttempts(step, perAttempt);
    levels.push({
      step: name,
      callsPerAttempt: perAttempt,
      calls,
      reached: {
        kind: 'unanswered',
        afterSeconds: after,
        afterSecondsWithMachines: afterWithMachines,
        callsBefore: before,
        budgetMayDelay: before.value + perAttempt.value > policy.budget.calls,
      },
    });
    const pause = exactly(pauseSeconds(step));
    after = sum([after, levelSeconds(step, () => exactly(RING_SECONDS)), pause]);
    afterWithMachines = sum([afterWithMachines, levelSeconds(step, machineSeconds), pause]);
    before = plus(before, calls ?? exactly(0));
  }
  for (const [name, step] of Object.entries(policy.steps)) {
    if (path.steps.includes(name)) continue;
    const perAttempt = sum(step.call.map(telephoneCalls));
    const ways = edgesOf(policy).filter(({ to, from }) => to === name && from !== name);
    levels.push({
      step: name,
      callsPerAttempt: perAttempt,
      calls: ofAllAttempts(step, perAttempt),
      reached: ways.length === 0 ? { kind: 'notResolved' } : { kind: 'onlyBy', ways },
    });
  }
  const { times = 1 } = policy.rounds ?? {};
  const ofAll = { ...before, value: before.value * times };
  return { levels, end: path.end, callsAtMost: path.end.kind === 'exhausted' ? ofAll : null };
}

/** Of the severity that waits longest. */
function ownDelaySeconds({ after = {} }: Step): number {
  return Math.max(0, ...Object.values(after).map((time) => durationMs(time) / 1000));
}

/** Before the next step. */
function pauseSeconds({ otherwise }: Step): number {
  return otherwise.kind === 'escalate' && otherwise.after !== undefined ? durationMs(otherwise.after) / 1000 : 0;
}

const atLeast = ({ value, ...rest }: Bound, seconds: number): Bound => ({ ...rest, value: Math.max(value, seconds) });

function onPath(policy: Policy, names: readonly string[]): readonly (readonly [string, Step])[] {
  return names.flatMap((name) => {
    const step = policy.steps[name];
    return step === undefined ? [] : [[name, step] as const];
  });
}

function telephoneCalls({ callflow, callees }: StepCall): Bound {
  if (callees !== undefined) return exactly(callees.contacts.length * callees.loopLimit);
  return callflow === undefined ? { value: 1, atLeast: true } : exactly(callflow.contacts.length * callflow.loopLimit);
}

function ofAllAttempts({ attempts }: Step, { value, atLeast }: Bound): Bound | null {
  return attempts === 'unlimited' ? null : { value: value * attempts, atLeast };
}

/** How long the level calls before the next follows. The calls of a list are placed together. */
function levelSeconds(step: Step, secondsOfCall: (call: StepCall) => Bound): Bound {
  const attempts = step.attempts === 'unlimited' ? 1 : step.attempts;
  const durations = step.call.map((call) => {
    const calls = telephoneCalls(call);
    const each = secondsOfCall(call);
    return { value: calls.value * each.value, atLeast: calls.atLeast || each.atLeast };
  });
  const longest = Math.max(...durations.map(({ value }) => value));
  return {
    value: attempts * (longest + lookSeconds(step.call)) + (attempts - 1) * (durationMs(step.every) / 1000),
    atLeast: durations.some(({ atLeast }) => atLeast),
  };
}

function machineSeconds({ guidance, parameters = {} }: StepCall): Bound {
  if (guidance === undefined) return { value: RING_SECONDS, atLeast: true };
  const given = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  return exactly(unansweredSeconds(readingSeconds(guidance.messageTemplate, given)));
}

function exactly(value: number): Bound {
  return { value, atLeast: false };
}

function plus(a: Bound, b: Bound): Bound {
  return { value: a.value + b.value, atLeast: a.atLeast || b.atLeast };
}

function sum(bounds: readonly Bound[]): Bound {
  return bounds.reduce(plus, exactly(0));
}

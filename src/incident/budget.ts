import { durationMs } from '../contract/duration.js';
import type { CallEnded } from './events.js';
import type { Rung } from './state.js';
import type { Policy, Step, StepCall } from '../contract/policy.js';

/**
 * The most telephone calls that one attempt of a step may place; so much must be left of the budget before it begins. A
 * call flow stored in Pigeon counts as one, since nobody knows its contacts: what it really placed counts afterwards.
 */
export function mostCalls(step: Step): number {
  return step.call.reduce((sum, call) => sum + mostCallsOfRun(call), 0);
}

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

/** The most telephone calls that one run may place; one for a stored call flow, since nobody knows its contacts. */
export function mostCallsOfRun({ callflow }: Pick<StepCall, 'callflow'>): number {
  if (callflow === undefined) return 1;
  return callflow.loopLimit * callflow.contacts.reduce((sum, { phones }) => sum + phones.length, 0);
}

function withinSpan(policy: Policy, rung: readonly Rung[], now: number): readonly Rung[] {
  const begin = now - durationMs(policy.budget.within);
  return rung.filter(({ at }) => at > begin);
}

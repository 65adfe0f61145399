import type { AutomationOutcome, Policy, Step, StepCall } from '../../contract/policy-schema.js';
import { SEVERITIES } from '../../contract/severity.js';
import { whomItCalls } from '../../incident/callees.js';
import { words } from '../../words/words.js';
import type { Exit, Via } from '../graph.js';

/** Who is called, in order: names, never numbers. */
export function describeCallees(call: StepCall, contacts: Policy['contacts'] = {}): string {
  const { policy } = words();
  const people = whomItCalls(call, contacts);
  if (people === null) return policy.storedCallFlow(call.callflowId ?? '');
  const names = people.join(', ');
  const { loopLimit = 1 } = call.callflow ?? call.callees ?? {};
  return loopLimit === 1 ? names : policy.loops(names, loopLimit);
}

export function describeOutcome(outcome: Exit['outcome'] | AutomationOutcome): string {
  const { policy } = words();
  switch (outcome.kind) {
    case 'acknowledge':
    case 'resolve':
    case 'next':
    case 'leave':
    case 'exhausted':
      return policy.outcomes[outcome.kind];
    case 'escalate':
      return outcome.after === undefined
        ? policy.escalateTo(outcome.step)
        : policy.escalateAfter(outcome.step, outcome.after);
    case 'snooze':
      return policy.againAfter(outcome.for);
    default:
      return outcome satisfies never;
  }
}

/** `key 2`, `otherwise`, … of a step. */
export function describeVia(via: Via): string {
  const { policy } = words();
  switch (via.kind) {
    case 'key':
      return policy.key(via.key);
    case 'runEnded':
      return policy.keyWhenEnded(via.key);
    case 'runFailed':
      return policy.keyWhenFailed(via.key);
    case 'otherwise':
      return policy.otherwise;
    default:
      return via satisfies never;
  }
}

/** How long a step is not called after the opening, and which severities wait for so long; empty: for none. */
export function describeDelay({ after = {} }: Step): string {
  const { policy, general } = words();
  const delayed = SEVERITIES.filter((severity) => after[severity] !== undefined);
  const times = [...new Set(delayed.map((severity) => after[severity] ?? ''))];
  const of = (time: string): string =>
    delayed
      .filter((severity) => after[severity] === time)
      .map((severity) => general.severities[severity])
      .join(policy.andDelay);
  return times.map((time) => policy.delayOf(time, of(time))).join(policy.andDelay);
}

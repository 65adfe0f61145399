import type { AutomationOutcome, StepCall } from '../../contract/policy-schema.js';
import { words } from '../../words/words.js';
import type { Exit, Via } from '../graph.js';

/** Who is called, in order: names, never numbers. */
export function describeCallees({ callflow, callflowId }: StepCall): string {
  const { policy } = words();
  if (callflow === undefined) return policy.storedCallFlow(callflowId ?? '');
  const names = callflow.contacts.map(({ displayName }) => displayName).join(', ');
  return callflow.loopLimit === 1 ? names : policy.loops(names, callflow.loopLimit);
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
      return policy.escalateTo(outcome.step);
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

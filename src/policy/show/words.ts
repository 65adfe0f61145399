import type { AutomationOutcome, Policy, StepCall } from '../../contract/policy-schema.js';
import { whomItCalls } from '../../incident/callees.js';
import type { Exit, Via } from '../graph.js';

/** Who is called, in order: names, never numbers. */
export function describeCallees(call: StepCall, contacts: Policy['contacts'] = {}): string {
  const people = whomItCalls(call, contacts);
  if (people === null) return `stored call flow ${call.callflowId ?? ''}`;
  const names = people.join(', ');
  const { loopLimit = 1 } = call.callflow ?? call.callees ?? {};
  return loopLimit === 1 ? names : `${names} (${loopLimit} loops)`;
}

export function describeOutcome(outcome: Exit['outcome'] | AutomationOutcome): string {
  switch (outcome.kind) {
    case 'acknowledge':
      return 'acknowledge';
    case 'resolve':
      return 'resolve';
    case 'next':
      return 'next contact';
    case 'leave':
      return 'next contact, this one is left out';
    case 'escalate':
      return `escalate to ${outcome.step}`;
    case 'snooze':
      return `call again after ${outcome.for}`;
    case 'exhausted':
      return 'exhausted: nobody was reached';
    default:
      return outcome satisfies never;
  }
}

/** `key 2`, `otherwise`, … of a step. */
export function describeVia(via: Via): string {
  switch (via.kind) {
    case 'key':
      return `key ${via.key}`;
    case 'runEnded':
      return `key ${via.key}, when its workflow has ended`;
    case 'runFailed':
      return `key ${via.key}, when its workflow fails`;
    case 'otherwise':
      return 'otherwise';
    default:
      return via satisfies never;
  }
}

export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

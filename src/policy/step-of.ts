import type { Owner } from './incident-state.js';
import type { Policy, Step } from './policy.js';

/**
 * A step by its name.
 *
 * @throws RangeError for a name that the policy does not have; a checked policy names none.
 */
export function stepOf(policy: Policy, name: string): Step {
  const step = findStep(policy, name);
  if (step === undefined) throw new RangeError(`The policy "${policy.name}" has no step "${name}"`);
  return step;
}

export function findStep(policy: Policy, name: string): Step | undefined {
  return hasStep(policy, name) ? policy.steps[name] : stepOfOne(policy, name);
}

/** `primary@tanaka`: one telephone of the step `primary`, once; then the policy begins at its start. Null: it is not known. */
export function ownersStep(policy: Policy, owner: Owner): string | null {
  const handle = Object.entries(policy.contacts).find(([one, { name }]) => owner.by === one || owner.by === name)?.[0];
  const steps = [...(owner.step === null ? [] : owner.step.split('@', 1)), ...Object.keys(policy.steps)];
  return steps.map((step) => `${step}@${handle}`).find((name) => stepOfOne(policy, name) !== undefined) ?? null;
}

function stepOfOne(policy: Policy, name: string): Step | undefined {
  const [base = '', handle = ''] = name.split('@');
  const contact = policy.contacts[handle]?.name;
  const step = hasStep(policy, base) ? policy.steps[base] : undefined;
  for (const call of step?.call ?? []) {
    const one = call.callflow?.contacts.find(({ displayName }) => displayName === contact);
    if (step === undefined || one === undefined) continue;
    const { every, keys } = step;
    const otherwise = { kind: 'escalate', step: policy.start } as const;
    return { call: [{ ...call, callflow: { loopLimit: 1, contacts: [one] } }], attempts: 1, every, keys, otherwise };
  }
  return undefined;
}

/** Whether the policy itself has it. */
export function hasStep(policy: Policy, name: string): boolean {
  return Object.hasOwn(policy.steps, name);
}

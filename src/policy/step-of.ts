import type { Policy, Step } from './policy.js';

/**
 * A step by its name.
 *
 * @throws RangeError for a name that the policy does not have; a checked policy names none.
 */
export function stepOf(policy: Policy, name: string): Step {
  const step = hasStep(policy, name) ? policy.steps[name] : undefined;
  if (step === undefined) throw new RangeError(`The policy "${policy.name}" has no step "${name}"`);
  return step;
}

export function hasStep(policy: Policy, name: string): boolean {
  return Object.hasOwn(policy.steps, name);
}

import type { Policy } from '../policy/policy.js';
import { describeProblem } from './describe-problems.js';
import { readPolicy } from './read-policy.js';

export const POLICY_SUFFIX = '.yaml';

/** A policy cannot be used. The message says what is wrong with its file. */
export class PolicyUnusable extends Error {
  override readonly name = 'PolicyUnusable';
}

/**
 * The policy `name`, out of the text of its file `<name>.yaml`.
 *
 * @throws PolicyUnusable
 */
export function namedPolicy(name: string, text: string): Policy {
  const file = `${name}${POLICY_SUFFIX}`;
  const reading = readPolicy(text);
  if (!reading.ok) {
    // Behind warnings nobody would see why it cannot be used.
    const errors = reading.problems.filter(({ severity }) => severity === 'error');
    const problems = errors.map((problem) => describeProblem(problem, file, text));
    throw new PolicyUnusable(`the policy "${name}" has errors:\n${problems.slice(0, 5).join('\n')}`);
  }
  if (reading.policy.name !== name) {
    throw new PolicyUnusable(`the file ${file} holds the policy "${reading.policy.name}": rename one of the two`);
  }
  return reading.policy;
}

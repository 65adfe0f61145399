import { utf8Length } from '../contract/describe-errors.js';
import { MAX_POLICY_BYTES } from '../contract/limits.js';
import type { Policy } from '../contract/policy-schema.js';
import { describeProblem } from '../yaml-file/describe-problems.js';
import { Problems, type Place, type Problem } from '../yaml-file/problem.js';
import { readYamlFile } from '../yaml-file/read-file.js';
import { checkContacts } from './check/check-contacts.js';
import { checkGraph } from './check/check-graph.js';
import { checkKeys, checkSomebodyCanTakeIt } from './check/check-keys.js';
import { checkSteps } from './check/check-steps.js';
import { checkParametersUsed, checkTexts } from './check/check-texts.js';
import { toPolicy } from './normal-form.js';
import { PolicyFileSchema } from './policy-file-schema.js';

export type PolicyReading =
  /** `problems` are warnings. */
  | { readonly ok: true; readonly policy: Policy; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What other files have that a policy may name. */
export interface KnownNames {
  /** Handles of the file of people; `unknown` where there is one that cannot be read. Default: there is none. */
  readonly people?: readonly string[] | 'unknown';
  /** Names of the schedules. Default: not known. */
  readonly schedules?: readonly string[] | 'unknown';
}

/**
 * Reads and checks a policy file (YAML, and so JSON too). Shows all mistakes that can be told apart from their
 * consequences in one go. Never throws, whatever the text is.
 */
export function readPolicy(text: string, { people = [], schedules = 'unknown' }: KnownNames = {}): PolicyReading {
  const problems = new Problems();
  const file = readYamlFile(text, PolicyFileSchema, problems, undefined, { contacts: people, schedules });
  const written = file?.value;
  if (file === undefined || written === undefined) return { ok: false, problems: problems.found };
  checkTexts(written, file, text, problems);
  checkKeys(written, file, problems);
  checkSteps(written, file, problems);
  // With a part missing, contacts would seem unused and steps out of reach.
  if (problems.hasErrors) return { ok: false, problems: problems.found };
  const policy = toPolicy(written);
  checkSize(policy, file.at(['name']), problems);
  checkContacts(written, people === 'unknown' ? [] : people, file, problems);
  checkParametersUsed(written, file, problems);
  checkSomebodyCanTakeIt(written, file, problems);
  checkGraph(policy, file, problems);
  return problems.hasErrors ? { ok: false, problems: problems.found } : { ok: true, policy, problems: problems.found };
}

/** What is larger could be read, and not be sent along with an incident. */
function checkSize(policy: Policy, place: Place, problems: Problems): void {
  const bytes = utf8Length(policy);
  if (bytes <= MAX_POLICY_BYTES) return;
  const message = `the policy is too large: ${bytes} bytes in its normal form, at most ${MAX_POLICY_BYTES}; divide it, or shorten its texts`;
  problems.error('policy-too-large', place, message);
}

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
export function namedPolicy(name: string, text: string, known: KnownNames = {}): Policy {
  const file = `${name}${POLICY_SUFFIX}`;
  const reading = readPolicy(text, known);
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

import { utf8Length } from '../contract/describe-errors.js';
import { MAX_POLICY_BYTES } from '../contract/limits.js';
import type { Policy } from '../contract/policy.js';
import { describeProblem } from '../yaml-file/describe-problems.js';
import { suggestion } from '../yaml-file/did-you-mean.js';
import { shortened, type Located } from '../yaml-file/located.js';
import { parseYaml } from '../yaml-file/parse-yaml.js';
import { Reading, type Problem, type Placed } from '../yaml-file/problem.js';
import { checkContacts } from './check/check-contacts.js';
import { checkGraph } from './check/check-graph.js';
import { checkKeys, checkSomebodyCanTakeIt } from './check/check-keys.js';
import { checkSteps } from './check/check-steps.js';
import { checkParametersUsed, checkTexts } from './check/check-texts.js';
import type { Draft } from './draft.js';
import { toPolicy } from './normal-form.js';
import { readDraft, type PartialDraft } from './read/read-draft.js';

export type PolicyReading =
  /** `problems` are warnings. */
  | { readonly ok: true; readonly policy: Policy; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads and checks a policy file (YAML, and so JSON too). Shows all mistakes that can be told apart from their
 * consequences in one go. Never throws, whatever the text is.
 */
export function readPolicy(text: string): PolicyReading {
  const problems = new Reading();
  const located = parseYaml(text, problems);
  const partial = located && readDraft(located, problems);
  if (located === undefined || partial === undefined) return { ok: false, problems: problems.found };
  checkNames(located, problems);
  const draft = whole(partial);
  if (draft === undefined) return { ok: false, problems: problems.found };
  checkTexts(draft, text, problems);
  checkKeys(draft, problems);
  checkSteps(draft, problems);
  // With a part missing, contacts would seem unused and steps out of reach.
  if (problems.hasErrors) return { ok: false, problems: problems.found };
  const policy = toPolicy(draft);
  checkSize(draft, policy, problems);
  checkContacts(draft, problems);
  checkParametersUsed(draft, problems);
  checkSomebodyCanTakeIt(draft, problems);
  checkGraph(draft, policy, problems);
  return problems.hasErrors ? { ok: false, problems: problems.found } : { ok: true, policy, problems: problems.found };
}

/** What is larger could be read, and not be sent along with an incident. */
function checkSize({ name }: Draft, policy: Policy, problems: Reading): void {
  const bytes = utf8Length(policy);
  if (bytes <= MAX_POLICY_BYTES) return;
  const message = `the policy is too large: ${bytes} bytes in its normal form, at most ${MAX_POLICY_BYTES}; divide it, or shorten its texts`;
  problems.error('policy-too-large', name.place, message);
}

function whole({
  name,
  start,
  parameters,
  contacts,
  steps,
  acknowledged,
  worse,
  budget,
}: PartialDraft): Draft | undefined {
  return name && start && parameters && contacts && steps && acknowledged && budget
    ? { name, start, parameters, contacts, steps, acknowledged, worse, budget }
    : undefined;
}

/** Whether everything that is named exists. A step or contact that is wrong in itself exists all the same. */
function checkNames(file: Located, reading: Reading): void {
  const steps = keysUnder(file, 'steps');
  // Without any steps that is what has to be corrected first.
  if (steps.length > 0) check('step', reading.steps, steps, reading);
  check('contact', reading.contacts, keysUnder(file, 'contacts'), reading);
}

function check(
  what: 'step' | 'contact',
  mentioned: readonly Placed<string>[],
  known: readonly string[],
  reading: Reading,
): void {
  for (const { value, place } of mentioned) {
    if (known.includes(value)) continue;
    const none = `; there are no contacts, describe them at the top: contacts: { tanaka: { phone: "0300000001" } }`;
    const instead = known.length === 0 ? none : suggestion(value, known, `${what}s`);
    reading.error(`unknown-${what}`, place, `there is no ${what} "${shortened(value)}"${instead}`);
  }
}

function keysUnder(file: Located, key: string): readonly string[] {
  const value = file.kind === 'map' ? file.entries.find((entry) => entry.key === key)?.value : undefined;
  return value?.kind === 'map' ? value.entries.map((entry) => entry.key) : [];
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

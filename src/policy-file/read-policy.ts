import { utf8Length } from '../contract/describe-errors.js';
import { MAX_POLICY_BYTES } from '../contract/limits.js';
import type { Policy } from '../policy/policy.js';
import { checkContacts } from './check/check-contacts.js';
import { checkGraph } from './check/check-graph.js';
import { checkKeys, checkSomebodyCanTakeIt } from './check/check-keys.js';
import { checkNames } from './check/check-names.js';
import { checkParametersUsed } from './check/check-parameters-used.js';
import { checkSteps } from './check/check-steps.js';
import { checkTexts } from './check/check-texts.js';
import type { Draft } from './draft.js';
import { toPolicy } from './normal-form.js';
import type { Problem } from './problem.js';
import { readDraft, type PartialDraft } from './read/read-draft.js';
import { Reading } from './read/reading.js';
import { parseYaml } from './yaml/parse-yaml.js';

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

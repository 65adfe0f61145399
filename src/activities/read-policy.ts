import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/names.js';
import type { Policy } from '../policy/policy.js';
import { describeProblem } from '../policy-file/describe-problems.js';
import { readPolicy } from '../policy-file/read-policy.js';

const SUFFIX = '.yaml';
/** By path: what a file said when it was last checked, which takes longer than to read it. */
const checked = new Map<string, { readonly text: string; readonly policy: Policy }>();

/**
 * The policy `<name>.yaml` of a folder; read anew each time, so that a change counts from the next incident on.
 *
 * @throws ApplicationFailure `InvalidInput` that says what there is instead, or what is wrong with it.
 */
export async function policyByName(folder: string, name: string): Promise<Policy> {
  const file = `${name}${SUFFIX}`;
  const path = join(folder, file);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    const there = await namesIn(folder);
    throw wrong(
      there === null
        ? `the worker's policy folder ${folder} cannot be read: set PIGEONFLOW_POLICIES to a folder of policies`
        : `there is no policy "${name}" in the worker's folder ${folder}; there are ${there.join(', ') || 'none'}`,
    );
  }
  const known = checked.get(path);
  if (known?.text === text) return known.policy;
  const reading = readPolicy(text);
  if (!reading.ok) {
    const problems = reading.problems.map((problem) => describeProblem(problem, file, text));
    throw wrong(`the policy "${name}" has errors:\n${problems.slice(0, 5).join('\n')}`);
  }
  if (reading.policy.name !== name) {
    throw wrong(`the file ${file} holds the policy "${reading.policy.name}": rename one of the two`);
  }
  checked.set(path, { text, policy: reading.policy });
  return reading.policy;
}

async function namesIn(folder: string): Promise<readonly string[] | null> {
  try {
    const files = await readdir(folder);
    return files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
  } catch {
    return null;
  }
}

function wrong(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, FailureType.InvalidInput, [message]);
}

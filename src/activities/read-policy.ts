import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/names.js';
import type { Policy } from '../policy/policy.js';
import { namedPolicy, POLICY_SUFFIX, PolicyUnusable } from '../policy-file/named-policy.js';

/** By path: what a file said when it was last checked, which takes longer than to read it. */
const checked = new Map<string, { readonly text: string; readonly policy: Policy }>();

/**
 * The policy `<name>.yaml` of a folder; read anew each time, so that a change counts from the next incident on.
 *
 * @throws ApplicationFailure `InvalidInput` that says what there is instead, or what is wrong with it.
 */
export async function policyByName(folder: string, name: string): Promise<Policy> {
  const path = join(folder, `${name}${POLICY_SUFFIX}`);
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
  try {
    const policy = namedPolicy(name, text);
    checked.set(path, { text, policy });
    return policy;
  } catch (error) {
    throw error instanceof PolicyUnusable ? wrong(error.message) : error;
  }
}

async function namesIn(folder: string): Promise<readonly string[] | null> {
  try {
    const files = await readdir(folder);
    return files.filter((file) => file.endsWith(POLICY_SUFFIX)).map((file) => file.slice(0, -POLICY_SUFFIX.length));
  } catch {
    return null;
  }
}

function wrong(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, FailureType.InvalidInput, [message]);
}

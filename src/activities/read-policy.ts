import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/names.js';
import type { Policy } from '../contract/policy-schema.js';
import { type KnownNames, namedPolicy, POLICY_SUFFIX, PolicyUnusable } from '../policy/read-policy.js';

/** By path: what a file said when it was last right. To check it takes longer than to read it. */
const right = new Map<string, { readonly text: string; readonly policy: Policy }>();

/**
 * The policy `<name>.yaml` of a folder; read again each time, so that a change counts from the next incident on. Where it
 * cannot be read, or has mistakes, it counts as it was when this process last found it right, and `unusable` says why.
 *
 * @throws ApplicationFailure `InvalidInput` that says what there is instead, or what is wrong with it; the error of the
 *   file system for anything that the next try may find mended.
 */
export async function policyByName(
  folder: string,
  name: string,
  unusable: (why: string) => void = () => undefined,
  names: KnownNames = {},
): Promise<Policy> {
  const path = join(folder, `${name}${POLICY_SUFFIX}`);
  const known = right.get(path);
  try {
    const text = await readFile(path, 'utf8');
    if (known?.text === text) return known.policy;
    const policy = namedPolicy(name, text, names);
    right.set(path, { text, policy });
    return policy;
  } catch (error) {
    if (known === undefined) throw await whyNot(error, folder, name);
    unusable(error instanceof Error ? error.message : String(error));
    return known.policy;
  }
}

async function whyNot(error: unknown, folder: string, name: string): Promise<unknown> {
  if (error instanceof PolicyUnusable) return wrong(error.message);
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return error;
  const there = await namesIn(folder);
  return wrong(
    there === null
      ? `the worker's policy folder ${folder} cannot be read: set PIGEONFLOW_POLICIES to a folder of policies`
      : `there is no policy "${name}" in the worker's folder ${folder}; there are ${there.join(', ') || 'none'}`,
  );
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

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Policy } from '../contract/policy-schema.js';
import { type KnownNames, namedPolicy, POLICY_SUFFIX, PolicyUnusable } from '../policy/read-policy.js';
import type { KnownPolicy } from './check-rules.js';

/**
 * What rules may name: the policies of a folder as the workers find them, by the names of the files. One that has mistakes, or
 * another name than its file, is known as unusable.
 *
 * @throws the error of the file system where the folder or a file cannot be read.
 */
export function knownPolicies(folder: string, known: KnownNames = {}): ReadonlyMap<string, KnownPolicy> {
  const files = readdirSync(folder).filter((file) => file.endsWith(POLICY_SUFFIX));
  return new Map(
    files.map((file) => {
      const name = basename(file, POLICY_SUFFIX);
      return [name, knownPolicy(usable(name, readFileSync(join(folder, file), 'utf8'), known))];
    }),
  );
}

/** As much of it as rules need; null is one that cannot be used. */
export function knownPolicy(policy: Policy | null): KnownPolicy {
  if (policy === null) return { ok: false };
  const calls = Object.values(policy.steps).flatMap(({ call }) => call);
  return {
    ok: true,
    parameters: policy.parameters,
    hasStoredGuidance: calls.some(({ guidanceId }) => guidanceId !== undefined),
  };
}

function usable(name: string, text: string, known: KnownNames): Policy | null {
  try {
    return namedPolicy(name, text, known);
  } catch (error) {
    if (error instanceof PolicyUnusable) return null;
    throw error;
  }
}

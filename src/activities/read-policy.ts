import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/names.js';
import type { Policy } from '../policy/policy.js';
import { describeProblem } from '../policy-file/describe-problems.js';
import { readPolicy } from '../policy-file/read-policy.js';

const SUFFIX = '.yaml';

/**
 * The policy `<name>.yaml` of a folder; read anew each time, so that a change counts from the next incident on.
 *
 * @throws ApplicationFailure `InvalidInput` that says what there is instead, or what is wrong with it.
 */
export async function policyByName(folder: string, name: string): Promise<Policy> {
  const file = `${name}${SUFFIX}`;
  let text: string;
  try {
    text = await readFile(join(folder, file), 'utf8');
  } catch {
    const there = await namesIn(folder);
    throw wrong(
      there === null
        ? `the worker's policy folder ${folder} cannot be read: set PIGEONFLOW_POLICIES to a folder of policies`
        : `there is no policy "${name}" in the worker's folder ${folder}; there are ${there.join(', ') || 'none'}`,
    );
  }
  const reading = readPolicy(text);
  if (!reading.ok) {
    const problems = reading.problems.map((problem) => describeProblem(problem, file, text));
    throw wrong(`the policy "${name}" has errors:\n${problems.slice(0, 5).join('\n')}`);
  }
  if (reading.policy.name !== name) {
    throw wrong(`the file ${file} holds the policy "${reading.policy.name}": rename one of the two`);
  }
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

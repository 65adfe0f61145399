import { readPolicy } from '../policy-file/read-policy.js';
import type { Policy } from '../policy/policy.js';
import { fileProblems, readSource, type FileProblems } from './file-problems.js';

/** What has become of one file: with a policy there are only warnings. */
export interface PolicyFileReading extends FileProblems {
  readonly policy: Policy | undefined;
  /** Whether the file itself says `worse`, whose default is newer than the format. */
  readonly saysWorse?: boolean;
}

export function readPolicyFile(file: string): PolicyFileReading {
  const read = readSource(file);
  if (!read.ok) return { ...read, policy: undefined };
  const reading = readPolicy(read.source);
  return {
    ...fileProblems(file, read.source, reading.problems),
    policy: reading.ok ? reading.policy : undefined,
    saysWorse: /^["']?worse["']?\s*:/m.test(read.source),
  };
}

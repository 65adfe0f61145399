import { readFileSync } from 'node:fs';
import { describeProblem, reportProblem, type ReportedProblem } from '../policy-file/describe-problems.js';
import { readPolicy } from '../policy-file/read-policy.js';
import type { Policy } from '../policy/policy.js';

/** What has become of one file: with a policy there are only warnings. */
export interface PolicyFileReading {
  readonly file: string;
  readonly policy: Policy | undefined;
  readonly problems: readonly ReportedProblem[];
  /** The problems for people. */
  readonly described: readonly string[];
}

export function readPolicyFile(file: string): PolicyFileReading {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    return cannotRead(file, error);
  }
  const reading = readPolicy(source);
  return {
    file,
    policy: reading.ok ? reading.policy : undefined,
    problems: reading.problems.map((problem) => reportProblem(problem, source)),
    described: reading.problems.map((problem) => describeProblem(problem, file, source)),
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder; name the files in it',
  EACCES: 'it may not be read by this user',
};

/** Why a file cannot be read, and what to do. */
export function describeReadFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

function cannotRead(file: string, error: unknown): PolicyFileReading {
  const message = describeReadFailure(error);
  const problem = {
    severity: 'error',
    code: 'no-file',
    message,
    path: '',
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
  } as const;
  return { file, policy: undefined, problems: [problem], described: [`${file}: error: ${message}`] };
}

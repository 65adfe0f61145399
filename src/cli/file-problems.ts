import { readFileSync } from 'node:fs';
import type { Policy } from '../contract/policy-schema.js';
import { readPeople, type People } from '../people/read-people.js';
import { type KnownNames, readPolicy } from '../policy/read-policy.js';
import { describeProblem, reportProblem, type ReportedProblem } from '../yaml-file/describe-problems.js';
import type { Problem } from '../yaml-file/problem.js';
import { UsageError } from './exit-code.js';

/** What was found in one file. */
export interface FileProblems {
  readonly file: string;
  readonly problems: readonly ReportedProblem[];
  /** The problems for people. */
  readonly described: readonly string[];
}

export type SourceReading = { readonly ok: true; readonly source: string } | ({ readonly ok: false } & FileProblems);

/** The text of a file, or why it cannot be read. */
export function readSource(file: string): SourceReading {
  try {
    return { ok: true, source: readFileSync(file, 'utf8') };
  } catch (error) {
    const message = describeReadFailure(error);
    const place = { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
    const problem = { severity: 'error', code: 'no-file', message, ...place } as const;
    return { ok: false, file, problems: [problem], described: [`${file}: error: ${message}`] };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder; name the files in it',
  EACCES: 'it may not be read by this user',
};

/** Why a file or folder cannot be read, and what to do. */
export function describeReadFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

/** What a reader has found in this text. */
export function fileProblems(file: string, source: string, problems: readonly Problem[]): FileProblems {
  return {
    file,
    problems: problems.map((problem) => reportProblem(problem, source)),
    described: problems.map((problem) => describeProblem(problem, file, source)),
  };
}

export interface Counts {
  readonly errors: number;
  readonly warnings: number;
}

export function countProblems(files: readonly FileProblems[]): Counts {
  const count = (severity: 'error' | 'warning') =>
    files.flatMap(({ problems }) => problems).filter((problem) => problem.severity === severity).length;
  return { errors: count('error'), warnings: count('warning') };
}

/** Each problem, then a line for each file, and one for all. */
export function printProblems(files: readonly FileProblems[]): void {
  for (const { described } of files) for (const text of described) console.log(`${text}\n`);
  for (const file of files) console.log(`${file.file}: ${describeCounts(countProblems([file]))}`);
  if (files.length > 1) console.log(`${files.length} files: ${describeCounts(countProblems(files))}`);
}

function describeCounts({ errors, warnings }: Counts): string {
  if (errors + warnings === 0) return 'ok';
  return [
    ...(errors > 0 ? [`${errors} error${errors === 1 ? '' : 's'}`] : []),
    ...(warnings > 0 ? [`${warnings} warning${warnings === 1 ? '' : 's'}`] : []),
  ].join(', ');
}

/** What has become of one file: with a policy there are only warnings. */
export interface PolicyFileReading extends FileProblems {
  readonly policy: Policy | undefined;
  /** Whether the file itself says `worse`, whose default is newer than the format. */
  readonly saysWorse?: boolean;
}

export interface PeopleFileReading extends FileProblems {
  readonly people: People | undefined;
}

export function readPeopleFile(file: string): PeopleFileReading {
  const read = readSource(file);
  if (!read.ok) return { ...read, people: undefined };
  const reading = readPeople(read.source);
  return { ...fileProblems(file, read.source, reading.problems), people: reading.ok ? reading.people : undefined };
}

/** The flag of commands that read policies. */
export const PEOPLE_FLAG = ['--people <file>', 'the file of people whom the policies may name'] as const;

/**
 * What policies may name beside what is in them.
 *
 * @param file of the flag; undefined: there is none.
 * @throws UsageError where it cannot be used.
 */
export function peopleOf(file: string | undefined): People {
  if (file === undefined) return new Map();
  const { people, described } = readPeopleFile(file);
  if (people === undefined) throw new UsageError([...described, `--people ${file}: correct its errors first`]);
  return people;
}

export function readPolicyFile(file: string, known: KnownNames = {}): PolicyFileReading {
  const read = readSource(file);
  if (!read.ok) return { ...read, policy: undefined };
  const reading = readPolicy(read.source, known);
  return {
    ...fileProblems(file, read.source, reading.problems),
    policy: reading.ok ? reading.policy : undefined,
    saysWorse: /^["']?worse["']?\s*:/m.test(read.source),
  };
}

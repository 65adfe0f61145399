import { TemporalUnreachable } from '../client/errors.js';
import { ExitCode } from './exit-code.js';

/** One thing that was looked at. */
export type Finding =
  /** `note`: nothing is wrong, but it is off, not there yet, or less than most want. */
  | { readonly check: Check; readonly ok: true; readonly message: string; readonly note?: true }
  /** `exitCode` is what the command ends with, unless something before it is wrong as well. */
  | { readonly check: Check; readonly ok: false; readonly message: string; readonly exitCode: ExitCode };

export type Check =
  | 'configuration'
  | 'encryption'
  | 'temporal'
  | 'namespace'
  | 'searchAttributes'
  | 'upgrade'
  | 'version'
  | 'workers'
  | 'pause'
  | 'canary'
  | 'people'
  | 'duty'
  | 'pigeon';

export const right = (check: Check, message: string): Finding => ({ check, ok: true, message });

export const note = (check: Check, message: string): Finding => ({ check, ok: true, message, note: true });

export function wrong(check: Check, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const exitCode = error instanceof TemporalUnreachable ? ExitCode.unreachable : ExitCode.usage;
  return { check, ok: false, message, exitCode };
}

/** Prints them, and gives the exit code. */
export function printFindings(findings: readonly Finding[], { json }: { readonly json: true | undefined }): ExitCode {
  if (json === true) console.log(asJson(findings));
  else for (const finding of findings) console.log(`${markOf(finding)} ${finding.message}`);
  return exitCodeFor(findings);
}

function markOf(finding: Finding): string {
  if (!finding.ok) return '✗';
  return finding.note === true ? '–' : '✓';
}

/** The first thing that is wrong decides: what comes after it may follow from it. */
function exitCodeFor(findings: readonly Finding[]): ExitCode {
  return findings.find((finding) => !finding.ok)?.exitCode ?? ExitCode.done;
}

function asJson(findings: readonly Finding[]): string {
  const exitCode = exitCodeFor(findings);
  const checks = findings.map(({ check, ok, message }) => ({ check, ok, message }));
  return JSON.stringify({ ok: exitCode === ExitCode.done, exitCode, checks }, null, 2);
}

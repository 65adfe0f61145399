import type { Outcome } from '../contract/pigeon-call-schema.js';

/** Exit codes of the command; scripts rely on them. */
export const ExitCode = {
  /** Answered, owned, done. */
  done: 0,
  internal: 1,
  /** Wrong flags, ids or configuration: nothing was done. */
  usage: 2,
  unanswered: 3,
  rejected: 4,
  /** Aborted in Pigeon, or cancelled or terminated in Temporal. */
  stopped: 5,
  timedOut: 6,
  unknown: 7,
  exhausted: 8,
  /** Pigeon refuses the call, or us. */
  refused: 9,
  /** Temporal, the workers or Pigeon are out of reach. */
  unreachable: 10,
  notAllowed: 11,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const EXIT_CODE_OF_OUTCOME: Readonly<Record<Outcome, ExitCode>> = {
  answered: ExitCode.done,
  unanswered: ExitCode.unanswered,
  rejected: ExitCode.rejected,
  aborted: ExitCode.stopped,
  timedOut: ExitCode.timedOut,
  unknown: ExitCode.unknown,
};

/** What was typed cannot be carried out; `problems` has a line for each, naming the flag and what it must be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

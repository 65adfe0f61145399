/** Names of what a run does otherwise than in an earlier version, as they are in its history; read by `patched`. */
export const Patch = {
  AwaitPolicy: 'await-policy',
  FullQueue: 'full-queue',
  Holds: 'holds',
  HandBackWhileRinging: 'hand-back-while-ringing',
  LostRuns: 'lost-runs',
  ReportAgain: 'report-again',
  ShortHistories: 'short-histories',
  StuckRuns: 'stuck-runs',
  TellAgain: 'tell-again',
  Unattended: 'unattended',
} as const;

const KNOWN_BEFORE: readonly string[] = [Patch.ShortHistories];

/** Whether workers of the version before can take up a run that has it. */
export const isKnownBefore = (patch: string): boolean => KNOWN_BEFORE.includes(patch);

import { validateLevelReport } from '../../contract/validators.generated.js';
import { describeEntryIn } from '../../incident/describe-entry.js';
import { en } from '../../words/words.js';
import type { Level } from '../../incident/state.js';
import type { TimelineEntry } from '../../incident/timeline.js';

/** From an incident to the child in which its level runs. */
export const STAND_DOWN_SIGNAL = 'standDown';
export const HANG_UP_SIGNAL = 'hangUp';
export const ALERT_SIGNAL = 'alert';
export const HAND_BACK_SIGNAL = 'handBack';

/** Argument of `handBack`; none from an incident of an earlier version, which cannot pass on calls that ring. */
export interface HandBack {
  readonly ringing: true;
}

/** From the child to its incident. */
export const LEVEL_SIGNAL = 'level';

/** From the search for a lost run to the incident of its call. */
export const LOST_RUN_SIGNAL = 'lostRun';

/** A key that was pressed in a run which turned up after its call was over. */
export interface LostRunReport {
  /** First run id of the incident. */
  readonly run: string;
  readonly level: number;
  readonly step: string;
  readonly keyInput: string;
  readonly contact: string | null;
}

export function isLostRunReport(value: unknown): value is LostRunReport {
  if (typeof value !== 'object' || value === null) return false;
  const { run, level, step, keyInput, contact } = value as Partial<Record<keyof LostRunReport, unknown>>;
  const texts = [run, step, keyInput, contact ?? ''].every((text) => typeof text === 'string' && text.length <= 200);
  return texts && Number.isSafeInteger(level);
}

export interface LevelReport {
  /** First run id of the incident: another incident may have its id by now. */
  readonly run: string;
  readonly level: Level;
  /** What happened since the last report. */
  readonly timeline: readonly TimelineEntry[];
  /** Each live call in words. */
  readonly ringing: readonly string[];
}

/** Anybody can send a signal; what is no report must not stop the incident. */
export function isLevelReport(value: unknown): value is LevelReport {
  return validateLevelReport(value) && (value as LevelReport).timeline.every(isEntry);
}

/** What cannot be described is no entry; in one language, since workers of another must find the same. */
function isEntry(entry: TimelineEntry): boolean {
  try {
    return typeof describeEntryIn(en, entry) === 'string';
  } catch {
    return false;
  }
}

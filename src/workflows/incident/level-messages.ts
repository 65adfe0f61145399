/** What an incident and the child in which a level of it runs tell one another, from its input to its result. */
import type { Directory, Policy, Step } from '../../contract/policy-schema.js';
import { validateLevelReport } from '../../contract/validators.generated.js';
import { describeEntryIn } from '../../incident/describe-entry.js';
import { en } from '../../words/words.js';
import type { Alert, Level, LevelEnding } from '../../incident/state.js';
import type { TimelineEntry } from '../../incident/timeline.js';

/** What an incident gives to the child in which a level runs. */
export interface EscalationInput {
  /** `start`: of the whole policy; absent where a version before began it. */
  readonly incident: { readonly id: string; readonly run: string; readonly policy: string; readonly start?: string };
  readonly alert: Alert;
  readonly step: Step;
  readonly budget: Policy['budget'];
  /** Those that may follow the round of this level; absent: none. */
  readonly rounds?: NonNullable<Policy['rounds']>;
  /** Of the policy; absent where the step needs none. */
  readonly directory?: Directory;
  /** As it begins: its first attempt is decided already. Or as an earlier child handed it back, with what rings. */
  readonly level: Level;
  /** POSTs of earlier children, which had the same workflow id. */
  readonly posts: number;
}

/** What a level comes to. */
export interface EscalationResult {
  readonly step: string;
  /** `handedBack`: it is not over, and continues in another child. */
  readonly outcome: LevelEnding['outcome'] | 'handedBack';
  readonly keyInput: string | null;
  readonly contact: string | null;
  /** Telephone calls placed. */
  readonly calls: number;
  /** For the incident: the level as it ended, what was not reported yet, and all POSTs so far. */
  readonly level: Level;
  readonly timeline: readonly TimelineEntry[];
  readonly posts: number;
}

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

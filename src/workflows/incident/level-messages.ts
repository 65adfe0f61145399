import type { Level } from '../../policy/level-state.js';
import type { TimelineEntry } from '../../policy/timeline.js';

/** From an incident to the child in which its level runs. */
export const STAND_DOWN_SIGNAL = 'standDown';
export const HANG_UP_SIGNAL = 'hangUp';
export const ALERT_SIGNAL = 'alert';
export const HAND_BACK_SIGNAL = 'handBack';

/** From the child to its incident. */
export const LEVEL_SIGNAL = 'level';

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
  if (!isRecord(value) || !isRecord(value['level'])) return false;
  const { level, timeline, ringing } = value;
  const { number, attempts, calls, serial, live, rung, status } = level;
  return (
    [number, attempts, calls, serial].every(Number.isSafeInteger) &&
    Array.isArray(live) &&
    Array.isArray(rung) &&
    Array.isArray(timeline) &&
    timeline.every((entry) => isRecord(entry) && Number.isFinite(entry['at']) && typeof entry['kind'] === 'string') &&
    Array.isArray(ringing) &&
    ringing.every((words) => typeof words === 'string') &&
    isRecord(status) &&
    ['running', 'ending', 'over'].includes(String(status['kind']))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

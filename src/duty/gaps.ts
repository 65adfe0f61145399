import { shiftsOf, stretches, type Stretch } from './on-duty.js';
import type { Layer, Override, Schedule } from './schedule.js';

/** Milliseconds since 1970. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** When somebody is required and nobody is on duty, within `from` and `to`. */
export function* gapsOf(
  schedule: Schedule,
  overrides: readonly Override[],
  from: number,
  to: number,
  final: Iterable<Stretch> = stretches(schedule, overrides, from, to),
): Generator<Gap> {
  for (const empty of final) {
    if (empty.people.length > 0) continue;
    for (const needed of shiftsOf(schedule, requiredOf(schedule), [], empty.from, empty.to)) {
      if (needed.people.length > 0) yield { from: needed.from, to: needed.to };
    }
  }
}

/** As a layer, to which no override belongs: none in a file has this name. */
const requiredOf = ({ timeZone, required }: Schedule): Layer => ({
  name: '',
  timeZone,
  when: required,
  rotation: null,
  turns: [['somebody']],
  changes: [],
});

/** How far ahead the metric of gaps looks. */
export const GAP_HORIZON_MS = 14 * 86_400_000;

/** Seconds until the next gap: 0 while there is one, `GAP_HORIZON_MS` where there is none before it. */
export function secondsToGap(schedule: Schedule, overrides: readonly Override[], at: number): number {
  for (const { from } of gapsOf(schedule, overrides, at, at + GAP_HORIZON_MS)) return Math.floor((from - at) / 1000);
  return GAP_HORIZON_MS / 1000;
}

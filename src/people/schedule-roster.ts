import type { Shift } from '../contract/policy-schema.js';
import { onDuty, stretchAt, stretches } from '../duty/on-duty.js';
import type { Override, Schedule } from '../duty/schedule.js';
import { clockAt } from '../duty/zone.js';
import { words } from '../words/words.js';
import type { DutyRoster, OnDuty } from './resolve-callees.js';

/** So many who follow are known; more are hardly called in one level. */
const MAX_NEXT = 10;
/** Of a shift in a copy. */
const MAX_NEXT_COPIED = 5;
/** So far it is looked for them: a POST waits for the answer. */
const LOOK_AHEAD_MS = 35 * 24 * 3_600_000;

/** A schedule as it is now, with the overrides that are not in its file. */
export interface ScheduleNow {
  readonly schedule: Schedule;
  readonly overrides: readonly Override[];
}

/** Who is on duty by schedules as they are now. One that is not there, or is null, has not been read. */
export function rosterOf(schedules: ReadonlyMap<string, ScheduleNow | null>): DutyRoster {
  return {
    onDuty: (name, at) => {
      const now = schedules.get(name) ?? null;
      if (now === null) return null;
      const { schedule, overrides } = now;
      const { people, layer, override, to } = stretchAt(schedule, overrides, at);
      return {
        people: [...people],
        layer: layerOf(layer, override),
        until: to === Infinity ? null : clockAt(to, schedule.timeZone),
        ...liveOverride(now, override, at),
        // Hardly any question is for them.
        get next() {
          return followersOf(now, at);
        },
      };
    },
    shifts: (name, from, to) => {
      const now = schedules.get(name) ?? null;
      return now === null ? null : shiftsOf(now, from, to);
    },
  };
}

/** Who would be on duty without it is asked only where there is one. */
function liveOverride(
  { schedule, overrides }: ScheduleNow,
  override: Override | null,
  at: number,
): Pick<OnDuty, 'override'> {
  if (override?.live === undefined) return {};
  const others = overrides.filter((other) => other !== override);
  const without = stretchAt(schedule, others, at).people.filter((person) => !override.people.includes(person));
  const { of: span, people, note: reason, live, unconfirmed } = override;
  const instead = span.instead ?? null;
  const of = instead === null ? without : [instead];
  return { override: { people, of, by: live.by, reason, unconfirmed: unconfirmed === true } };
}

function followersOf({ schedule, overrides }: ScheduleNow, at: number): readonly string[] {
  const { people, next } = onDuty(schedule, overrides, at);
  const followers = new Set<string>();
  for (const { people } of stretches(schedule, overrides, at, at + LOOK_AHEAD_MS)) {
    for (const handle of people) followers.add(handle);
    if (followers.size >= MAX_NEXT) break;
  }
  for (const handle of people) followers.delete(handle);
  return followers.size === 0 ? (next?.people ?? []) : [...followers];
}

function shiftsOf({ schedule, overrides }: ScheduleNow, from: number, to: number): readonly Shift[] {
  const all = [...stretches(schedule, overrides, from, to + LOOK_AHEAD_MS)];
  return all.flatMap((stretch, index) => {
    if (stretch.from >= to) return [];
    const { people, layer, override } = stretch;
    const later = all.slice(index + 1).flatMap((one) => one.people);
    const next = [...new Set(later)].filter((handle) => !people.includes(handle)).slice(0, MAX_NEXT_COPIED);
    return [
      {
        from: clockAt(stretch.from, schedule.timeZone),
        until: clockAt(stretch.to, schedule.timeZone),
        people: [...people],
        layer: layerOf(layer, override),
        next,
      },
    ];
  });
}

const layerOf = (layer: string | null, override: { readonly note: string | null } | null): string | null =>
  override === null ? layer : words().callees.override(override.note).slice(0, 200);

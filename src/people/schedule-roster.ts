import type { Shift } from '../contract/policy-schema.js';
import { onDuty, stretches } from '../duty/on-duty.js';
import type { Schedule } from '../duty/schedule.js';
import { toLocal } from '../duty/zone.js';
import { words } from '../words/words.js';
import type { DutyRoster } from './resolve-callees.js';

/** So many who follow are known; more are hardly called in one level. */
const MAX_NEXT = 10;
/** Of a shift in a copy. */
const MAX_NEXT_COPIED = 5;
/** So far it is looked for them: a POST waits for the answer. */
const LOOK_AHEAD_MS = 35 * 24 * 3_600_000;

/** Who is on duty by schedules as they are now. One that is not there, or is null, has not been read. */
export function rosterOf(schedules: ReadonlyMap<string, Schedule | null>): DutyRoster {
  return {
    onDuty: (name, at) => {
      const schedule = schedules.get(name) ?? null;
      if (schedule === null) return null;
      const { people, layer, override, to } = onDuty(schedule, [], at);
      return {
        people: [...people],
        layer: layerOf(layer, override),
        until: to === Infinity ? null : clockAt(to, schedule.timeZone),
        // Hardly any question is for them.
        get next() {
          return followersOf(schedule, at);
        },
      };
    },
    shifts: (name, from, to) => {
      const schedule = schedules.get(name) ?? null;
      return schedule === null ? null : shiftsOf(schedule, from, to);
    },
  };
}

function followersOf(schedule: Schedule, at: number): readonly string[] {
  const { people, next } = onDuty(schedule, [], at);
  const followers = new Set<string>();
  for (const { people } of stretches(schedule, [], at, at + LOOK_AHEAD_MS)) {
    for (const handle of people) followers.add(handle);
    if (followers.size >= MAX_NEXT) break;
  }
  for (const handle of people) followers.delete(handle);
  return followers.size === 0 ? (next?.people ?? []) : [...followers];
}

function shiftsOf(schedule: Schedule, from: number, to: number): readonly Shift[] {
  const all = [...stretches(schedule, [], from, to + LOOK_AHEAD_MS)];
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

/** RFC 3339, by the clock of the time zone. */
function clockAt(at: number, zone: string): string {
  const local = toLocal(at, zone);
  const minutes = Math.round((local - at) / 60_000);
  const two = (number: number) => String(number).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${new Date(local).toISOString().slice(0, 19)}${offset}`;
}

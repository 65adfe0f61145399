import { DAY, weekdayOf, type Turn } from '../schedule.js';
import { WEEKDAYS } from '../schedule-file-schema.js';
import { toLocal } from '../zone.js';

/** `mon 2026-12-07 09:00` */
export function describeMoment(at: number, zone: string): string {
  if (!Number.isFinite(at)) return at < 0 ? 'always' : 'for ever';
  const local = toLocal(at, zone);
  const written = new Date(local).toISOString();
  return `${WEEKDAYS[weekdayOf(Math.floor(local / DAY))]} ${written.slice(0, 10)} ${written.slice(11, 16)}`;
}

/** `mon 2026-12-07 09:00 to mon 2026-12-14 09:00` */
export const describeSpan = (from: number, to: number, zone: string): string =>
  `${describeMoment(from, zone)} to ${describeMoment(to, zone)}`;

/** By handle. */
export type Names = ReadonlyMap<string, string>;

export const describeTurn = (people: Turn, names: Names = new Map()): string =>
  people.length === 0 ? 'nobody' : people.map((handle) => names.get(handle) ?? handle).join(', ');

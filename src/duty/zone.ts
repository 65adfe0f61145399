import { Temporal } from 'temporal-polyfill/implementation';

/** What calendar and clock show, in milliseconds as if it were UTC: arithmetic of days and hours is plain arithmetic. */
export type Local = number;

/** A time between two changes of the clock, to the second of which it does not belong. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** Clocks were moved by a day at most (Apia, 2011): farther from a change each time of day has one answer. */
const FAR_FROM_A_CHANGE = 2 * 86_400_000;

/** What is known of each zone. The rules are those of this Node; they are asked once for each half year. */
const known = new Map<string, Stretch[]>();

export function toLocal(at: number, zone: string): Local {
  return at + stretchAt(at, zone).offset;
}

/**
 * RFC 5545, and Temporal's `compatible`: a time that is left out moves on by what is left out; of a time that comes twice it
 * is the first.
 */
export function toInstant(local: Local, zone: string): number {
  const near = stretchAt(local - stretchAt(local, zone).offset, zone);
  const at = local - near.offset;
  const changesBefore = at - near.from <= FAR_FROM_A_CHANGE;
  if (!changesBefore && near.to - at > FAR_FROM_A_CHANGE) return at;
  const before = changesBefore ? stretchAt(near.from - 1, zone) : near;
  const [early, late] = [local - before.offset, local - stretchAt(before.to, zone).offset];
  return early < before.to || late < before.to ? early : late;
}

/** RFC 3339, by the clock of the time zone. */
export function clockAt(at: number, zone: string): string {
  const local = toLocal(at, zone);
  const minutes = Math.round((local - at) / 60_000);
  const two = (number: number) => String(number).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${new Date(local).toISOString().slice(0, 19)}${offset}`;
}

function stretchAt(at: number, zone: string): Stretch {
  let stretches = known.get(zone);
  if (stretches === undefined) known.set(zone, (stretches = []));
  const found = stretches.find(({ from, to }) => from <= at && at < to);
  if (found !== undefined) return found;
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const stretch = {
    // The one that begins at this very moment too.
    from: zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity,
    to: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    offset: zoned.offsetNanoseconds / 1_000_000,
  };
  stretches.push(stretch);
  return stretch;
}

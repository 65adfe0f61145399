/** The events of a calendar in a window of time: one by one, those that repeat too. */
import { RRuleTemporal } from 'rrule-temporal';
import { DAY } from '../schedule.js';
import { toInstant, toLocal, type Local } from '../zone.js';
import { CalendarUnusable, icsTime, type IcsEvent, type IcsProblem } from './read-ics.js';

/** Milliseconds since 1970. */
export interface Occurrence {
  readonly from: number;
  readonly to: number;
  readonly summary: string;
  /** Of its event. */
  readonly line: number;
}

interface Expansion {
  /** In the order in which they begin; exactly those that take time in the window. */
  readonly occurrences: readonly Occurrence[];
  readonly problems: readonly IcsProblem[];
}

const MAX_OCCURRENCES = 50_000;
/** Steps of one rule; a day each is ten years, where it counts how often. */
const MAX_STEPS = 4_000;
/** A worker has other things to do. Hundreds of rules take a tenth of it. */
const EXPANSION_TIMEOUT_MS = 1_000;

/** @throws CalendarUnusable where it would take too long. */
export function expand(
  events: readonly IcsEvent[],
  window: { readonly from: number; readonly to: number },
  now: () => number = () => performance.now(),
): Expansion {
  const deadline = now() + EXPANSION_TIMEOUT_MS;
  const occurrences: Occurrence[] = [];
  const problems: IcsProblem[] = [];
  for (const event of events) {
    const { summary, line, zone, removed } = event;
    try {
      for (const [start, length] of startsOf(event, window)) {
        const [from, to] = [toInstant(start, zone), toInstant(start + length, zone)];
        const day = start - (((start % DAY) + DAY) % DAY);
        if (from >= to || to <= window.from || window.to <= from) continue;
        if (removed.moments.has(from) || removed.days.has(day)) continue;
        occurrences.push({ from, to, summary, line });
        if (occurrences.length > MAX_OCCURRENCES) {
          throw new CalendarUnusable(`it has more than ${MAX_OCCURRENCES} shifts within three years`);
        }
      }
    } catch (error) {
      if (error instanceof CalendarUnusable) throw error;
      problems.push({ line, message: 'the event is left out: its RRULE is none, or cannot be followed' });
    }
    if (now() > deadline) throw new CalendarUnusable('its rules take too long to follow: export the shifts alone');
  }
  return { occurrences: occurrences.toSorted((one, other) => one.from - other.from), problems };
}

/** By the clock. Where the clocks change a rule is followed by what they show: no shift is left out. */
function startsOf(
  { zone, start, length, rules, added }: IcsEvent,
  window: { readonly from: number; readonly to: number },
): ReadonlyMap<Local, number> {
  const starts = new Map<Local, number>([[start, length]]);
  for (const { start, length } of added) starts.set(start, Math.max(length, starts.get(start) ?? 0));
  for (const rule of rules) {
    const repeated = new RRuleTemporal({
      rruleString: `DTSTART:${icsTime(start)}\nRRULE:${rule}`,
      maxIterations: MAX_STEPS,
      cache: false,
    });
    const [from, to] = [toLocal(window.from, zone) - length - DAY, toLocal(window.to, zone) + DAY];
    for (const { epochMilliseconds } of repeated.between(new Date(from), new Date(to), true)) {
      if (!starts.has(epochMilliseconds)) starts.set(epochMilliseconds, length);
    }
  }
  return starts;
}

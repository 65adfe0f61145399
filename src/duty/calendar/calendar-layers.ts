/** Who is on duty by a calendar: the names in its events, and the shifts of a layer. */
import { nearest } from '../../yaml-file/did-you-mean.js';
import {
  DAY,
  type CalendarShift,
  type CalendarShifts,
  type CalendarSource,
  type Layer,
  type Schedule,
  type Turn,
} from '../schedule.js';
import { expand, type Occurrence } from './expand.js';
import { CalendarUnusable, readIcs, type IcsProblem } from './read-ics.js';

/** Everybody who can be called, by handle; undefined: any handle is taken on trust. */
export type Names = ReadonlyMap<string, { readonly name: string }> | undefined;

export interface CalendarSurroundings {
  /** The moment around which shifts are known. */
  readonly around: number;
  readonly people: Names;
}

/** What has become of the calendar of a layer. */
export interface CalendarReading {
  readonly layer: string;
  readonly source: CalendarSource;
  /** Why nothing of it is known; null: it is read. */
  readonly why: string | null;
  /** Of events that could not be read as they are written. */
  readonly problems: readonly IcsProblem[];
  /** Summaries that name nobody, each once. */
  readonly unknown: readonly { readonly summary: string; readonly line: number; readonly meant: string | null }[];
}

/** Somebody may ask who was on duty, and `check` looks at a year and a month, and from each end of it as far again. */
const BEHIND = 100 * DAY;
const AHEAD = 800 * DAY;
/** Of a team: more are not called. */
const MAX_AT_ONCE = 50;

const windowAround = (at: number) => ({ from: at - BEHIND, to: at + AHEAD });

/**
 * The schedule with the shifts of its calendars. One that cannot be read has none, and says why.
 *
 * @param bytesOf throws an Error that says why there are none.
 */
export function withCalendars(
  schedule: Schedule,
  bytesOf: (source: CalendarSource) => Uint8Array,
  surroundings: CalendarSurroundings,
): { readonly schedule: Schedule; readonly calendars: readonly CalendarReading[] } {
  const calendars: CalendarReading[] = [];
  const layers = schedule.layers.map((layer): Layer => {
    if (layer.calendar === undefined) return layer;
    const { source } = layer.calendar;
    try {
      const { shifts, ...found } = shiftsIn(bytesOf(source), layer.timeZone, surroundings);
      calendars.push({ layer: layer.name, source, why: null, ...found });
      return { ...layer, calendar: { source, shifts } };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      calendars.push({ layer: layer.name, source, why, problems: [], unknown: [] });
      return { ...layer, calendar: { source, shifts: null } };
    }
  });
  return { schedule: { ...schedule, layers }, calendars };
}

/** @throws CalendarUnusable */
function shiftsIn(
  bytes: Uint8Array,
  timeZone: string,
  { around, people }: CalendarSurroundings,
): Pick<CalendarReading, 'problems' | 'unknown'> & { readonly shifts: CalendarShifts } {
  const { events, problems } = readIcs(bytes, timeZone);
  const window = windowAround(around);
  const expansion = expand(events, window);
  const finder = new NameFinder(people);
  const unknown = new Map<string, CalendarReading['unknown'][number]>();
  const named = expansion.occurrences.flatMap((occurrence) => {
    const found = finder.find(occurrence.summary);
    // What is over calls nobody.
    for (const part of occurrence.to > around ? found.unknown : []) {
      if (!unknown.has(part)) unknown.set(part, { summary: part, line: occurrence.line, meant: finder.meant(part) });
    }
    return found.people.length === 0 ? [] : [{ ...occurrence, people: found.people }];
  });
  const [problem] = problems;
  if (events.length === 0 && problem !== undefined) {
    throw new CalendarUnusable(`no event of it can be read; line ${problem.line}: ${problem.message}`);
  }
  return {
    shifts: { ...window, shifts: sideBySide(named, window) },
    problems: [...problems, ...expansion.problems],
    unknown: [...unknown.values()],
  };
}

type Named = Occurrence & { readonly people: Turn };

/** Whoever has an event at the same time is on duty at once: who began first is called first. */
function sideBySide(
  named: readonly Named[],
  window: { readonly from: number; readonly to: number },
): readonly CalendarShift[] {
  const inOrder = named.toSorted(
    (one, other) => one.from - other.from || one.people.join().localeCompare(other.people.join(), 'en'),
  );
  const edges = [...new Set(inOrder.flatMap(({ from, to }) => [Math.max(from, window.from), Math.min(to, window.to)]))];
  const active = new Set<Named>();
  const shifts: CalendarShift[] = [];
  let next = 0;
  let open: { readonly from: number; readonly people: Turn } | null = null;
  for (const at of edges.toSorted((one, other) => one - other)) {
    if (open !== null && open.people.length > 0) shifts.push({ ...open, to: at });
    for (const event of active) if (event.to <= at) active.delete(event);
    for (let event = inOrder[next]; event !== undefined && event.from <= at; event = inOrder[(next += 1)]) {
      if (event.to > at) active.add(event);
    }
    if (active.size > MAX_AT_ONCE) throw new CalendarUnusable(`it has more than ${MAX_AT_ONCE} events at once`);
    open = { from: at, people: [...new Set([...active].flatMap(({ people }) => people))] };
  }
  return shifts;
}

const HANDLE = /^(?!(?:external|unknown)$)[a-z0-9][a-z0-9-]{0,39}$/;

interface Found {
  readonly people: Turn;
  readonly unknown: readonly string[];
}

/** Whom a summary names: handles or names, whatever their width, case and spaces, with commas between them. */
class NameFinder {
  /** Null: of two. */
  readonly #handles = new Map<string, string | null>();
  readonly #found = new Map<string, Found>();

  constructor(private readonly people: Names) {
    for (const [handle, { name }] of people ?? []) {
      const key = keyOf(name);
      this.#handles.set(key, this.#handles.has(key) ? null : handle);
    }
    for (const handle of people?.keys() ?? []) this.#handles.set(keyOf(handle), handle);
  }

  find(summary: string): Found {
    const known = this.#found.get(summary);
    if (known !== undefined) return known;
    const found = this.#find(summary.normalize('NFKC'));
    this.#found.set(summary, found);
    return found;
  }

  /** A person whom a misspelt name may mean. */
  meant(part: string): string | null {
    const names = [...(this.people ?? [])].flatMap(([handle, { name }]) => [handle, name]);
    return nearest(part, names) ?? null;
  }

  #find(summary: string): Found {
    // What is before a colon says what it is: "web: tanaka".
    const afterColon = summary.slice(summary.indexOf(':') + 1);
    for (const whole of [summary, afterColon]) {
      const person = this.#person(whole);
      if (person !== null) return { people: person, unknown: [] };
    }
    const parts = afterColon.split(/[,、;\n]/).filter((part) => part.trim() !== '');
    const people: string[] = [];
    const unknown: string[] = [];
    for (const part of parts) {
      const person = this.#person(part);
      if (person === null) unknown.push(shown(part));
      else people.push(...person);
    }
    if (parts.length === 0) unknown.push('');
    return { people: [...new Set(people)].slice(0, MAX_AT_ONCE), unknown };
  }

  /** `nobody` is a pause. Null: there is no such person. */
  #person(written: string): Turn | null {
    const key = keyOf(written);
    if (key === 'nobody') return [];
    const handle = this.people === undefined && HANDLE.test(key) ? key : this.#handles.get(key);
    return handle == null ? null : [handle];
  }
}

const keyOf = (name: string): string => name.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '');

const shown = (part: string): string => {
  const line = part.trim().replaceAll(/\p{Cc}/gu, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};

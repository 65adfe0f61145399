/** Reads what schedules need of an iCalendar file (RFC 5545): its events, with times by the clock of their zone. */
import { DAY, HOUR } from '../schedule.js';
import { toInstant, toLocal, type Local } from '../zone.js';
import { zoneOf } from './windows-zones.js';

export const MAX_BYTES = 5 * 1024 * 1024;
const MAX_EVENTS = 20_000;

/** The file is none, or one that is not read: nothing of it is known. The message repeats nothing that is in it. */
export class CalendarUnusable extends Error {
  override readonly name = 'CalendarUnusable';
}

/** One event, or the rule of many. */
export interface IcsEvent {
  readonly summary: string;
  /** Of the line with which it begins. */
  readonly line: number;
  /** Its times are by the clock there. */
  readonly zone: string;
  readonly start: Local;
  /** By the clock: from 09:00 to 09:00 is a day, also where the clocks change. */
  readonly length: number;
  /** `FREQ=…`, with an `UNTIL` by the clock. */
  readonly rules: readonly string[];
  readonly added: readonly { readonly start: Local; readonly length: number }[];
  /** Begins at these moments, or whole days by the clock, of which there is none. */
  readonly removed: { readonly moments: ReadonlySet<number>; readonly days: ReadonlySet<Local> };
}

export interface IcsProblem {
  readonly line: number;
  readonly message: string;
}

export interface IcsReading {
  readonly events: readonly IcsEvent[];
  /** What could not be read as it is written. The rest is in `events`. */
  readonly problems: readonly IcsProblem[];
}

interface Property {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly value: string;
}

interface WrittenEvent {
  readonly line: number;
  readonly properties: Property[];
}

/**
 * @param zone Of times that name none, where the calendar has no `X-WR-TIMEZONE`.
 * @throws CalendarUnusable
 */
export function readIcs(bytes: Uint8Array, zone: string): IcsReading {
  const { events, calendarZone } = componentsOf(bytes);
  const problems: IcsProblem[] = [];
  const known = calendarZone === null ? null : zoneOf(calendarZone);
  if (calendarZone !== null && known === null) {
    problems.push({ line: 1, message: `X-WR-TIMEZONE is no time zone that is known: its times count as ${zone}` });
  }
  const reader = new EventReader(known ?? zone, problems);
  const series = new Map<string, Written>();
  const single: Written[] = [];
  for (const event of events) {
    const written = reader.read(event);
    if (written === null) continue;
    if (written.uid === '') single.push(written);
    else {
      // The same one again, as it was changed later.
      const key = `${written.uid}\n${written.replaces === null ? '' : `${written.replaces.kind} ${written.replaces.at}`}`;
      const other = series.get(key);
      if (other === undefined || written.sequence >= other.sequence) series.set(key, written);
    }
  }
  const all = [...series.values(), ...single];
  const replaced = new Map<string, Removed[]>();
  for (const { uid, replaces } of all) {
    if (replaces === null) continue;
    const others = replaced.get(uid);
    if (others === undefined) replaced.set(uid, [replaces]);
    else others.push(replaces);
  }
  return { events: all.flatMap((one) => eventOf(one, replaced.get(one.uid) ?? [])), problems };
}

type Removed = { readonly kind: 'moment' | 'day'; readonly at: number };

interface Written extends Omit<IcsEvent, 'removed'> {
  readonly uid: string;
  readonly sequence: number;
  readonly isCancelled: boolean;
  /** Null: it is the series itself, or there is none. */
  readonly replaces: Removed | null;
  readonly removed: readonly Removed[];
}

function eventOf(written: Written, replaced: readonly Removed[]): readonly IcsEvent[] {
  const { summary, line, zone, start, length, rules, added, isCancelled, replaces } = written;
  if (isCancelled) return [];
  const removed = replaces === null ? [...written.removed, ...replaced] : [];
  const at = (kind: Removed['kind']) => new Set(removed.flatMap((one) => (one.kind === kind ? [one.at] : [])));
  return [{ summary, line, zone, start, length, rules, added, removed: { moments: at('moment'), days: at('day') } }];
}

/** Of these alone anything is read. */
const READ = new Set(
  'UID SUMMARY DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID STATUS SEQUENCE'.split(' '),
);

function componentsOf(bytes: Uint8Array): {
  readonly events: readonly WrittenEvent[];
  readonly calendarZone: string | null;
} {
  if (bytes.length > MAX_BYTES) {
    throw new CalendarUnusable(`it has more than ${MAX_BYTES / 1024 / 1024} MB: export the shifts alone`);
  }
  const events: WrittenEvent[] = [];
  const open: string[] = [];
  let event: WrittenEvent | null = null;
  let calendarZone: string | null = null;
  let isWhole = false;
  for (const { text, line } of linesOf(bytes)) {
    const name = /^[A-Za-z0-9-]+/.exec(text)?.[0].toUpperCase() ?? '';
    if (open.length === 0 && name !== 'BEGIN') {
      if (text.trim() === '' || isWhole) continue;
      throw new CalendarUnusable('it is no iCalendar file: it does not begin with BEGIN:VCALENDAR');
    }
    if (name === 'BEGIN') {
      const component = text.slice('BEGIN:'.length).trim().toUpperCase();
      if (open.length === 0 && component !== 'VCALENDAR') {
        throw new CalendarUnusable('it is no iCalendar file: it does not begin with BEGIN:VCALENDAR');
      }
      open.push(component);
      if (open.length > 10) throw new CalendarUnusable('its parts are nested too deep');
      if (open.length === 2 && component === 'VEVENT') {
        events.push((event = { line, properties: [] }));
        if (events.length > MAX_EVENTS) throw new CalendarUnusable(`it has more than ${MAX_EVENTS} events`);
      }
    } else if (name === 'END') {
      if (open.pop() !== text.slice('END:'.length).trim().toUpperCase()) {
        throw new CalendarUnusable(`its parts do not end as they begin (line ${line}): is it cut off?`);
      }
      if (open.length < 2) event = null;
      isWhole ||= open.length === 0;
    } else if (name === 'X-WR-TIMEZONE' && open.length === 1) {
      calendarZone ??= propertyOf(text)?.value.trim() ?? null;
    } else if (event !== null && open.length === 2 && READ.has(name)) {
      const property = propertyOf(text);
      if (property !== null) event.properties.push(property);
    }
  }
  if (open.length > 0 || !isWhole) throw new CalendarUnusable('it is cut off: END:VCALENDAR is missing');
  return { events, calendarZone };
}

/** Unfolded before they are decoded: some programs cut a character in two. */
function* linesOf(bytes: Uint8Array): Generator<{ readonly text: string; readonly line: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let parts: Buffer[] = [];
  let [line, first] = [0, 1];
  const whole = () => {
    try {
      return { text: decoder.decode(Buffer.concat(parts)), line: first };
    } catch {
      throw new CalendarUnusable(`it is not written in UTF-8 (line ${first})`);
    }
  };
  for (let at = 0; at < raw.length;) {
    const feed = raw.indexOf(0x0a, at);
    const next = feed === -1 ? raw.length : feed + 1;
    let end = feed === -1 ? raw.length : feed;
    if (end > at && raw[end - 1] === 0x0d) end -= 1;
    line += 1;
    const isFolded = parts.length > 0 && (raw[at] === 0x20 || raw[at] === 0x09) && end > at;
    if (!isFolded) {
      if (parts.length > 0) yield whole();
      [parts, first] = [[], line];
    }
    parts.push(raw.subarray(isFolded ? at + 1 : at, end));
    at = next;
  }
  if (parts.length > 0) yield whole();
}

/** `NAME;PARAMETER="value":value`; null: it has no value. */
function propertyOf(text: string): Property | null {
  const parameters: Record<string, string> = {};
  const [name = ''] = /^[A-Za-z0-9-]+/.exec(text) ?? [];
  let rest = text.slice(name.length);
  while (rest.startsWith(';')) {
    const [whole, parameter, quoted, plain] = /^;([A-Za-z0-9-]+)=(?:"([^"]*)"|([^;:]*))[^;:]*/.exec(rest) ?? [];
    if (whole === undefined || parameter === undefined) return null;
    parameters[parameter.toUpperCase()] = quoted ?? plain ?? '';
    rest = rest.slice(whole.length);
  }
  return rest.startsWith(':') ? { name: name.toUpperCase(), parameters, value: rest.slice(1) } : null;
}

/** It is left out, since nobody can say when it is. */
class EventUnreadable extends Error {}

/** A time by the clock of a zone; a day has none. */
interface Time {
  readonly local: Local;
  readonly zone: string;
  readonly isDay: boolean;
}

class EventReader {
  #line = 0;

  constructor(
    private readonly zone: string,
    private readonly problems: IcsProblem[],
  ) {}

  /** Null: it cannot be read, or takes no time. */
  read(event: WrittenEvent): Written | null {
    this.#line = event.line;
    try {
      return this.#read(event);
    } catch (error) {
      if (!(error instanceof EventUnreadable)) throw error;
      this.#problem(`the event is left out: ${error.message}`);
      return null;
    }
  }

  #problem(message: string): void {
    this.problems.push({ line: this.#line, message });
  }

  #read({ properties, line }: WrittenEvent): Written | null {
    const one = (name: string) => properties.find((property) => property.name === name);
    const all = (name: string) => properties.filter((property) => property.name === name);
    const begin = one('DTSTART');
    if (begin === undefined) throw new EventUnreadable('it has no DTSTART');
    const start = this.#time(begin, begin.value);
    const { zone } = start;
    if (one('EXRULE') !== undefined) throw new EventUnreadable('it has an EXRULE; write the days as EXDATE');
    const replaces = one('RECURRENCE-ID');
    if (replaces?.parameters['RANGE'] !== undefined) {
      throw new EventUnreadable('it changes all that follow (RANGE): end the series, and begin another');
    }
    const length = this.#length(start, one('DTEND'), one('DURATION'));
    if (length === 0) return null;
    const times = (property: Property) => property.value.split(',').filter((value) => value.trim() !== '');
    const removed = all('EXDATE').flatMap((property) => times(property).map((value) => this.#removed(property, value)));
    const added = all('RDATE').flatMap((property) => times(property).map((value) => this.#added(property, value)));
    return {
      uid: one('UID')?.value.trim() ?? '',
      summary: textOf(one('SUMMARY')?.value ?? ''),
      line,
      sequence: Number(one('SEQUENCE')?.value) || 0,
      isCancelled: one('STATUS')?.value.trim().toUpperCase() === 'CANCELLED',
      replaces: replaces === undefined ? null : this.#removed(replaces, replaces.value),
      zone,
      start: start.local,
      length,
      rules: all('RRULE').map(({ value }) => ruleOf(value, zone)),
      added: added.map(({ time, length: own }) => ({ start: inZone(time, zone), length: own ?? length })),
      removed,
    };
  }

  #time({ parameters }: Pick<Property, 'parameters'>, written: string): Time {
    const value = written.trim();
    const [, year, month, day, clock, hour = '0', minute = '0', second = '0', utc] =
      /^(\d{4})(\d\d)(\d\d)(T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(value) ?? [];
    const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
    // 31 February has the form of a date.
    if (year === undefined || new Date(date).toISOString().slice(5, 10) !== `${month}-${day}`) {
      throw new EventUnreadable('a time of it is none, such as 20261201T090000');
    }
    if (Number(year) < 1900 || Number(hour) > 23 || Number(minute) > 59) {
      throw new EventUnreadable('a time of it cannot be');
    }
    const time = Number(hour) * HOUR + Number(minute) * 60_000 + Math.min(59, Number(second)) * 1_000;
    if (utc !== undefined) return { local: date + time, zone: 'UTC', isDay: false };
    return { local: date + time, zone: this.#zoneOf(parameters['TZID']), isDay: clock === undefined };
  }

  #zoneOf(tzid: string | undefined): string {
    if (tzid === undefined) return this.zone;
    const zone = zoneOf(tzid);
    if (zone !== null) return zone;
    // Somebody is on duty then, at a wrong hour perhaps.
    const shown = tzid.length > 60 ? `${tzid.slice(0, 60)}…` : tzid;
    this.#problem(`the time zone "${shown}" is not known: its times count as ${this.zone}`);
    return this.zone;
  }

  #length(start: Time, end: Property | undefined, duration: Property | undefined): number {
    if (end !== undefined) {
      const length = inZone(this.#time(end, end.value), start.zone) - start.local;
      // Some programs write the day itself as the end of it.
      if (length === 0 && start.isDay) return DAY;
      if (length >= 0) return length;
      throw new EventUnreadable('it ends before it begins');
    }
    if (duration !== undefined) return durationOf(duration.value);
    return start.isDay ? DAY : 0;
  }

  #removed(property: Property, value: string): Removed {
    const { local, zone, isDay } = this.#time(property, value);
    return isDay ? { kind: 'day', at: local } : { kind: 'moment', at: toInstant(local, zone) };
  }

  #added(property: Property, value: string): { readonly time: Time; readonly length: number | null } {
    const [begin = '', end] = value.split('/');
    const time = this.#time(property, begin);
    if (end === undefined) return { time, length: null };
    if (/^[+-]?P/.test(end)) return { time, length: durationOf(end) };
    const length = inZone(this.#time(property, end), time.zone) - time.local;
    if (length < 0) throw new EventUnreadable('it ends before it begins');
    return { time, length };
  }
}

/** By the clock of another zone; a day is the same everywhere. */
function inZone({ local, zone, isDay }: Time, other: string): Local {
  return zone === other || isDay ? local : toLocal(toInstant(local, zone), other);
}

function durationOf(written: string): number {
  const [whole, weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0'] =
    /^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?$/.exec(written.trim()) ??
    [];
  if (whole === undefined) throw new EventUnreadable('its duration is none, such as PT8H or P1W');
  return (
    (Number(weeks) * 7 + Number(days)) * DAY + Number(hours) * HOUR + Number(minutes) * 60_000 + Number(seconds) * 1_000
  );
}

const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
/** A shift begins a few times a day at most. */
const MAX_TIMES_A_DAY = 24;

/** The rule as it can be followed by the clock. What it may not have would take for ever, or is no shift. */
function ruleOf(written: string, zone: string): string {
  if (written.length > 2_000) throw new EventUnreadable('its RRULE is too long');
  const parts = written
    .trim()
    .toUpperCase()
    .split(';')
    .filter(Boolean)
    .map((part) => part.split('=', 2) as [string, string | undefined]);
  const named = new Map(parts.map(([name, value = '']) => [name, value]));
  if (!FREQUENCIES.includes(named.get('FREQ') ?? '')) {
    throw new EventUnreadable(`its FREQ is not one of ${FREQUENCIES.join(', ')}`);
  }
  if (named.has('RSCALE') || named.has('SKIP')) throw new EventUnreadable('it repeats by another calendar (RSCALE)');
  const times = ['BYHOUR', 'BYMINUTE', 'BYSECOND'].map((name) => named.get(name)?.split(',').length ?? 1);
  if (times.reduce((product, count) => product * count, 1) > MAX_TIMES_A_DAY) {
    throw new EventUnreadable(`it repeats more than ${MAX_TIMES_A_DAY} times a day`);
  }
  const until = named.get('UNTIL');
  if (until !== undefined) named.set('UNTIL', untilOf(until, zone));
  return [...named].map(([name, value]) => `${name}=${value}`).join(';');
}

function untilOf(written: string, zone: string): string {
  const [, date, time = 'T235959', utc] = /^(\d{8})(T\d{6})?(Z)?$/.exec(written) ?? [];
  const at = Date.parse(`${date}${time}`.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(at)) throw new EventUnreadable('its UNTIL is no time');
  return icsTime(utc === undefined ? at : toLocal(at, zone));
}

/** A time by the clock, as it is written for UTC. */
export const icsTime = (local: Local): string => new Date(local).toISOString().replaceAll(/[-:]|\.\d+/g, '');

const textOf = (value: string): string =>
  value.replaceAll(/\\([\\;,nN])/g, (_, mark: string) => (mark === 'n' || mark === 'N' ? '\n' : mark)).trim();

/**
 * Turns as other products have them: each has the same length, all count by the clock whether they have a shift or not, and
 * those of several rotations may be on duty at once. Here they become layers, of which a later one covers the earlier ones.
 */
import { DAY, dateOf, dayOf, HOUR, weekdayOf, type Turn } from '../duty/schedule.js';
import { WEEKDAYS } from '../duty/schedule-file-schema.js';
import type { Local } from '../duty/zone.js';

export interface Turns {
  readonly title: string;
  /** When the first turn begins. */
  readonly start: Local;
  /** From when on there are none; null: they go on. */
  readonly end: Local | null;
  /** Of a turn. */
  readonly hours: number;
  /** One after the other; nobody: a pause. */
  readonly people: readonly Turn[];
  readonly when: Week;
}

/** Parts of each week, in milliseconds after Sunday's midnight: in order, without overlaps. Null: all of it. */
export type Week = readonly Span[] | null;
interface Span {
  readonly from: number;
  readonly to: number;
}

/** As it is written in a file. */
export interface DraftLayer {
  /** Of the rotations that it has. */
  readonly titles: readonly string[];
  readonly people: readonly string[];
  readonly windows: readonly object[];
  readonly body: object;
  readonly end: Local | null;
}

/** Why turns cannot be written, in words that follow "since". */
export class Unwritable extends Error {}

const WEEK = 7 * DAY;
const MINUTE = 60_000;
/** Who was on duty in the year before can be looked at. */
const KEPT = 366 * DAY;
const MAX_TURNS = 200;
const MAX_TEAM = 50;
const MAX_SLOTS = 50 * MAX_TURNS;
const MAX_EVERY = 999;
const MAX_LAYERS = 30;
const MAX_WINDOWS = 30;
const HOURS_OF_A_WEEK = 168;
const FIRST_YEAR = dayOf('2000-01-01') * DAY;
const LAST_YEAR = dayOf('2100-01-01') * DAY;

/**
 * One layer for rotations that are on duty at once: its teams have who is on duty by each, in their order.
 *
 * @throws Unwritable
 */
export function layerOf(rotations: readonly Turns[], now: Local): DraftLayer {
  const when = rotations.map((one) => one.when).reduce(inBoth);
  const windows = windowsOf(when);
  if (windows.length > MAX_WINDOWS) throw new Unwritable('it has too many different hours');
  const ends = rotations.flatMap(({ end }) => end ?? []);
  const end = ends.length === 0 ? null : Math.min(...ends);
  const titles = rotations.map(({ title }) => title);
  const draft = { titles, windows, end };
  const written = windows.length === 0 ? {} : { when: windows };

  const changing = rotations.filter(({ people }) => people.length > 1);
  const coming = rotations.filter(({ start }) => start > now);
  const [only, ...more] = changing.length + coming.length === 0 ? rotations : [...changing, ...coming];
  const start = Math.max(only?.start ?? 0, ...more.map((one) => one.start));
  if (changing.length + coming.length === 0 && end === null) {
    const team = teamAt(rotations, now);
    if (team.length > 0 && team.length <= MAX_TEAM)
      return { ...draft, people: team, body: { ...written, people: team } };
  }
  if (changing.some((one) => (start - one.start) % HOUR !== 0)) {
    throw new Unwritable('their hand-offs are not whole hours apart');
  }
  const step = changing
    .flatMap((one) => [one.hours, (start - one.start) / HOUR])
    .reduce(greatestDivisor, changing.length === 0 ? 24 : 0);
  const cycle = changing.map(({ hours, people }) => hours * people.length).reduce(leastMultiple, step);
  const { unit, every, slots, turns } = turnsFrom(rotations, start, step, cycle, when);
  if (turns.some((turn) => turn.length > MAX_TEAM))
    throw new Unwritable(`more than ${MAX_TEAM} people are on duty at once`);
  // The same turns begin again after each cycle: what is long ago needs none.
  const cycles = Math.floor((now - KEPT - start) / (slots * HOUR));
  const begin = start + Math.max(0, cycles) * slots * HOUR;
  if (every > MAX_EVERY) throw new Unwritable('its turns are too long');
  if (begin < FIRST_YEAR) throw new Unwritable('it begins before 2000');
  if (begin >= LAST_YEAR) throw new Unwritable('it begins after 2099');
  const day = Math.floor(begin / DAY);
  const time = clock(begin - day * DAY);
  const rotation = {
    every: `${every}${unit}`,
    handOff: unit === 'w' ? `${WEEKDAYS[weekdayOf(day)]} ${time}` : time,
    from: dateOf(day),
    people: turns.map((turn) => (turn.length === 0 ? 'nobody' : turn.length === 1 ? turn[0] : turn)),
  };
  return { ...draft, people: [...new Set(turns.flat())], body: { ...written, rotation } };
}

/** A turn for each `every`, or where hours of the week are left out for each unit in which there is a shift. */
function turnsFrom(rotations: readonly Turns[], start: Local, step: number, cycle: number, when: Week) {
  const [unit, slot] =
    step % HOURS_OF_A_WEEK === 0
      ? (['w', HOURS_OF_A_WEEK] as const)
      : step % 24 === 0
        ? (['d', 24] as const)
        : (['h', greatestDivisor(step, 24)] as const);
  const inTurn = unit === 'h' ? slot : step;
  const begin = weekdayOf(Math.floor(start / DAY)) * DAY + (((start % DAY) + DAY) % DAY);
  const hasShift = (hour: number, length: number): boolean => {
    const from = (begin + hour * HOUR) % WEEK;
    const isIn = (span: Span) =>
      [-WEEK, 0, WEEK].some((shift) => span.from + shift < from + length * HOUR && span.to + shift > from);
    return when === null || when.some(isIn);
  };
  const perWeek = Array.from({ length: Math.max(1, HOURS_OF_A_WEEK / slot) }, (_, index) => index * slot);
  const isWhole = perWeek.every((hour) => hasShift(hour, slot));
  const length = isWhole ? inTurn : slot;
  const slots = isWhole ? cycle : leastMultiple(cycle, HOURS_OF_A_WEEK);
  if (slots / length > MAX_SLOTS) throw new Unwritable(`its turns do not repeat within ${MAX_TURNS} of them`);
  const counted = Array.from({ length: slots / length }, (_, index) => index * length).filter((hour) =>
    hasShift(hour, length),
  );
  if (counted.length === 0) throw new Unwritable('it has no hours');
  if (counted.length > MAX_TURNS) throw new Unwritable(`its turns do not repeat within ${MAX_TURNS} of them`);
  const turns = counted.map((hour) => teamAt(rotations, start + hour * HOUR));
  return { unit, every: length / (unit === 'h' ? 1 : slot), slots, turns };
}

function teamAt(rotations: readonly Turns[], at: Local): Turn {
  const team = rotations.flatMap(({ start, hours, people }) => {
    const turn = Math.floor((at - start) / (hours * HOUR));
    return people[((turn % people.length) + people.length) % people.length] ?? [];
  });
  return [...new Set(team)];
}

/**
 * The layers of rotations that are all on duty at once: each of them, and above them each that are on duty together.
 *
 * @throws Unwritable
 */
export function layersOfAll(rotations: readonly Turns[], now: Local): readonly DraftLayer[] {
  interface Together {
    readonly members: readonly number[];
    readonly when: Week;
  }
  let sets: readonly Together[] = rotations.map(({ when }, index) => ({ members: [index], when }));
  const all: Together[] = [];
  while (sets.length > 0) {
    all.push(...sets);
    if (all.length > MAX_LAYERS) throw new Unwritable(`more than ${MAX_LAYERS} of them are on duty together`);
    sets = sets.flatMap(({ members, when }) =>
      rotations.flatMap((other, index) => {
        if (index <= (members.at(-1) ?? 0)) return [];
        const both = inBoth(when, other.when);
        return both?.length === 0 ? [] : [{ members: [...members, index], when: both }];
      }),
    );
  }
  const isLasting = ({ members }: Together) =>
    members.every((index) => (rotations[index]?.start ?? 0) <= now && rotations[index]?.end === null);
  const isCovered = (one: Together) =>
    all.some(
      (other) =>
        other.members.length > one.members.length &&
        one.members.every((index) => other.members.includes(index)) &&
        isLasting(other) &&
        JSON.stringify(other.when) === JSON.stringify(one.when),
    );
  return all
    .filter((one) => !isCovered(one))
    .map(({ members }) =>
      layerOf(
        members.flatMap((index) => rotations[index] ?? []),
        now,
      ),
    );
}

/** Spans of each week; those that end after it begin it. @param spans `from` is within the week. */
export function weekOf(spans: readonly Span[]): Week {
  const split = spans.flatMap(({ from, to }) => {
    if (to - from >= WEEK) return [{ from: 0, to: WEEK }];
    return to <= WEEK
      ? [{ from, to }]
      : [
          { from, to: WEEK },
          { from: 0, to: to - WEEK },
        ];
  });
  const merged: { from: number; to: number }[] = [];
  for (const span of split.toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else if (span.from < span.to) merged.push({ ...span });
  }
  return merged[0]?.from === 0 && merged[0].to === WEEK ? null : merged;
}

function inBoth(one: Week, other: Week): Week {
  if (one === null || other === null) return one ?? other;
  return one.flatMap((span) =>
    other
      .map(({ from, to }) => ({ from: Math.max(from, span.from), to: Math.min(to, span.to) }))
      .filter(({ from, to }) => from < to),
  );
}

/** As `when` has them: the same hours of several days as one. */
function windowsOf(week: Week): readonly object[] {
  if (week === null) return [];
  const [first, last] = [week[0], week.at(-1)];
  // From Saturday into Sunday is one.
  const joined =
    first !== undefined && last !== undefined && week.length > 1 && first.from === 0 && last.to === WEEK
      ? [...week.slice(1, -1), { from: last.from, to: WEEK + first.to }]
      : week;
  const byHours = new Map<string, Span[]>();
  for (const span of joined) {
    const key = `${span.from % DAY}/${span.to - span.from}`;
    byHours.set(key, [...(byHours.get(key) ?? []), span]);
  }
  return [...byHours.values()].flatMap((spans): readonly object[] => {
    const [{ from, to } = { from: 0, to: 0 }] = spans;
    if (to - from >= DAY && (to - from > DAY || from % DAY !== 0)) {
      return spans.map((span) => ({ from: weekly(span.from), to: weekly(span.to) }));
    }
    const days = daysOf(spans.map((span) => Math.floor(span.from / DAY)));
    const hours = to - from === DAY ? {} : { from: clock(from % DAY), to: clock(to % DAY) };
    return [{ ...(days !== null && { days }), ...hours }];
  });
}

/** Null: every day. */
function daysOf(days: readonly number[]): string | readonly string[] | null {
  if (days.length === 7) return null;
  const inOrder = days.map((day) => (day + 6) % 7).toSorted((one, other) => one - other);
  const names = inOrder.map((day) => WEEKDAYS[(day + 1) % 7] ?? '');
  const isRow = inOrder.every((day, index) => day === (inOrder[0] ?? 0) + index);
  return isRow && names.length > 2 ? `${names[0]}-${names.at(-1)}` : names.length === 1 ? (names[0] ?? '') : names;
}

const two = (number: number): string => String(number).padStart(2, '0');
const clock = (time: number): string => `${two(Math.floor(time / HOUR))}:${two(Math.floor((time % HOUR) / MINUTE))}`;
const weekly = (at: number): string => `${WEEKDAYS[Math.floor(at / DAY) % 7]} ${clock(at % DAY)}`;

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

const leastMultiple = (one: number, other: number): number => (one * other) / greatestDivisor(one, other);

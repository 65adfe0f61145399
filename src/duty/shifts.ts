/** The shifts of one layer: which turn it is, by calendar and clock, and from when until when. */
import {
  DAY,
  dateOf,
  dayOf,
  HOUR,
  weekdayOf,
  type CalendarShift,
  type Layer,
  type Rotation,
  type Schedule,
  type Turn,
  type Window,
} from './schedule.js';
import { toInstant, toLocal, type Local } from './zone.js';

/** Nothing changes in it; others of the same may follow. Milliseconds since 1970. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Nobody: outside of the layer's time, or a pause. */
  readonly people: Turn;
  /** Counts the turns since the layer began; null: none. */
  readonly turn: number | null;
}

/** A year in which a layer has no shift: it has none any more, or `holiday` has no known days left. */
const MAX_DAYS_AHEAD = 400;

/** What a layer says of this moment. */
export function segmentOf(schedule: Schedule, layer: Layer, at: number): Segment {
  const within = withinWindows(schedule, layer, at);
  if (!within.isInside) return { ...within, people: [], turn: null };
  const turn = turnAt(schedule, layer, at);
  return { ...turn, from: Math.max(within.from, turn.from), to: Math.min(within.to, turn.to) };
}

/** The layer's days and times. */
function withinWindows(
  schedule: Schedule,
  { when, timeZone }: Layer,
  at: number,
): { readonly isInside: boolean; readonly from: number; readonly to: number } {
  if (when === null) return { isInside: true, from: -Infinity, to: Infinity };
  const today = Math.floor(toLocal(at, timeZone) / DAY);
  const near = { isInside: false, from: -Infinity, to: Infinity };
  const look = (day: number): void => {
    for (const window of windowsOf(schedule, when, day)) {
      const begin = toInstant(day * DAY + window.from, timeZone);
      const end = toInstant(day * DAY + window.to, timeZone);
      if (end <= begin) continue; // left out by the clocks
      if (begin <= at && at < end) near.isInside = true;
      for (const edge of [begin, end]) {
        if (edge <= at) near.from = Math.max(near.from, edge);
        else near.to = Math.min(near.to, edge);
      }
    }
  };
  const back = longestOf(when) + 1;
  for (let day = today - back; day <= today + 1; day += 1) look(day);
  for (let more = 2; near.to === Infinity && more < MAX_DAYS_AHEAD; more += 1) look(today + more);
  for (let less = back + 1; near.from === -Infinity && less < MAX_DAYS_AHEAD; less += 1) look(today - less);
  return near;
}

/** In days: a window that goes from Friday to Monday has begun some days ago. */
const longestOf = (when: readonly Window[]): number => Math.ceil(Math.max(...when.map(({ to }) => to)) / DAY);

function windowsOf({ holidays }: Schedule, when: readonly Window[], day: number): readonly Window[] {
  const weekday = weekdayOf(day);
  return when.filter(({ days }) => {
    if (days.weekdays.includes(weekday)) return true;
    if (!days.holiday && !days.workday) return false;
    return holidays.has(dateOf(day)) ? days.holiday : days.workday && weekday > 0 && weekday < 6;
  });
}

function turnAt(schedule: Schedule, layer: Layer, at: number): Segment {
  const { rotation, timeZone, changes, calendar } = layer;
  if (calendar !== undefined) return calendarTurnAt(calendar.shifts?.shifts ?? [], at);
  if (rotation === null) {
    // What the clock shows at this moment does not say which have begun: it shows some times twice, and others never.
    const begins = changes.map(({ from }) => toInstant(from, timeZone));
    const last = begins.findLastIndex((begin) => begin <= at);
    return {
      people: (changes[last]?.turns ?? layer.turns)[0] ?? [],
      turn: last + 1,
      from: Math.max(-Infinity, ...begins.filter((begin) => begin <= at)),
      to: Math.min(Infinity, ...begins.filter((begin) => begin > at)),
    };
  }
  const begin = toInstant(dayOf(rotation.from) * DAY + rotation.time, timeZone);
  if (at < begin) return { people: [], turn: null, from: -Infinity, to: begin };
  const { index, from, to } = periodAt(layer, rotation, at);
  const turn = turnOf(schedule, layer, rotation, index);
  return { people: peopleOf(schedule, layer, rotation, turn), turn, from: Math.max(begin, from), to };
}

function calendarTurnAt(shifts: readonly CalendarShift[], at: number): Segment {
  // The last one that has begun.
  let [low, high] = [0, shifts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shifts[middle]?.from ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  const [turn, next] = [shifts[low - 1], shifts[low]];
  if (turn !== undefined && at < turn.to) return { ...turn, turn: low - 1 };
  return { people: [], turn: null, from: turn?.to ?? -Infinity, to: next?.from ?? Infinity };
}

/** Periods follow one another without a gap: turns, or with `when` the units that may count. */
function periodAt(
  layer: Layer,
  rotation: Rotation,
  at: number,
): { readonly index: number; readonly from: number; readonly to: number } {
  const { timeZone } = layer;
  const begins = (index: number): number => toInstant(periodBegin(layer, rotation, index), timeZone);
  // A time that comes twice, or a day that is left out, is a period or more away from what the clock shows.
  const ahead = rotation.unit === 'hours' ? 26 : 2;
  let index = periodIndex(layer, rotation, toLocal(at, timeZone)) + ahead;
  while (begins(index) > at) index -= 1;
  const later = Array.from({ length: ahead }, (_, more) => begins(index + 1 + more));
  return { index, from: begins(index), to: Math.min(...later) };
}

const stepOf = ({ when }: Layer, { unit, count }: Rotation): number => (when === null || unit === 'hours' ? count : 1);

const UNIT_MS = { hours: HOUR, days: DAY, weeks: 7 * DAY } as const;

/** The first period holds the rotation's `from`, and may have begun before it. */
function periodBegin(layer: Layer, rotation: Rotation, index: number): Local {
  const { unit, time } = rotation;
  const step = stepOf(layer, rotation);
  if (unit !== 'months') return firstDay(rotation) * DAY + time + index * step * UNIT_MS[unit];
  return dayInMonth(firstMonth(rotation) + index * step, rotation.day) * DAY + time;
}

function periodIndex(layer: Layer, rotation: Rotation, local: Local): number {
  const { unit, time } = rotation;
  const step = stepOf(layer, rotation);
  if (unit !== 'months') return Math.floor((local - time - firstDay(rotation) * DAY) / (step * UNIT_MS[unit]));
  return Math.floor((monthOf(Math.floor(local / DAY)) - firstMonth(rotation)) / step);
}

function firstDay({ unit, day, from }: Rotation): number {
  const first = dayOf(from);
  return unit === 'weeks' ? first - ((weekdayOf(first) - day + 7) % 7) : first;
}

function firstMonth({ day, from }: Rotation): number {
  const month = monthOf(dayOf(from));
  return dayInMonth(month, day) <= dayOf(from) ? month : month - 1;
}

/** Months since 1970. */
function monthOf(day: number): number {
  const date = new Date(day * DAY);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

function dayInMonth(month: number, dayOfMonth: number): number {
  const last = Date.UTC(1970, month + 1, 0) / DAY;
  return Math.min(Date.UTC(1970, month, 1) / DAY + dayOfMonth - 1, last);
}

/** The periods that hold a shift: how many there are before each. By layer, since it is asked again and again. */
const counts = new WeakMap<Schedule, Map<Layer, number[]>>();

/** How many of the periods before this one count. */
function countBefore(schedule: Schedule, layer: Layer, rotation: Rotation, index: number): number {
  const { when } = layer;
  if (when === null) return index;
  let ofSchedule = counts.get(schedule);
  if (ofSchedule === undefined) counts.set(schedule, (ofSchedule = new Map()));
  let before = ofSchedule.get(layer);
  if (before === undefined) ofSchedule.set(layer, (before = [0]));
  const begin = dayOf(rotation.from) * DAY + rotation.time;
  for (let next = before.length - 1; next < index; next += 1) {
    const from = Math.max(begin, periodBegin(layer, rotation, next));
    const to = periodBegin(layer, rotation, next + 1);
    before.push((before[next] ?? 0) + (hasShift(schedule, when, from, to) ? 1 : 0));
  }
  return before[index] ?? 0;
}

function hasShift(schedule: Schedule, when: readonly Window[], from: Local, to: Local): boolean {
  for (let day = Math.floor(from / DAY) - longestOf(when); day * DAY < to; day += 1) {
    const isIn = (window: Window): boolean => day * DAY + window.from < to && day * DAY + window.to > from;
    if (windowsOf(schedule, when, day).some(isIn)) return true;
  }
  return false;
}

const perTurn = ({ when }: Layer, { unit, count }: Rotation): number => (when === null || unit === 'hours' ? 1 : count);

function turnOf(schedule: Schedule, layer: Layer, rotation: Rotation, index: number): number {
  return Math.floor(countBefore(schedule, layer, rotation, index) / perTurn(layer, rotation));
}

function peopleOf(schedule: Schedule, layer: Layer, rotation: Rotation, turn: number): Turn {
  let [turns, first, position] = [layer.turns, 0, 0];
  for (const [index, change] of layer.changes.entries()) {
    const begins = firstTurnFrom(schedule, layer, rotation, change.from);
    if (begins > turn) break;
    const next = layer.changes[index + 1];
    // Nobody is ever on duty by a list that the next one replaces at the same hand-off.
    if (next !== undefined && firstTurnFrom(schedule, layer, rotation, next.from) === begins) continue;
    // Before the first turn nobody was on duty whom somebody could follow.
    position = begins === 0 ? 0 : following(turns, (position + begins - 1 - first) % turns.length, change.turns);
    [turns, first] = [change.turns, begins];
  }
  return turns[(position + turn - first) % turns.length] ?? [];
}

/** The first turn that begins at this time or after it. */
function firstTurnFrom(schedule: Schedule, layer: Layer, rotation: Rotation, local: Local): number {
  const periods = periodsBegunBefore(layer, rotation, local);
  return Math.ceil(countBefore(schedule, layer, rotation, periods) / perTurn(layer, rotation));
}

function periodsBegunBefore(layer: Layer, rotation: Rotation, local: Local): number {
  let index = Math.max(0, periodIndex(layer, rotation, local) - 1);
  while (Math.max(periodBegin(layer, rotation, index), beginOf(rotation)) < local) index += 1;
  return index;
}

const beginOf = ({ from, time }: Rotation): Local => dayOf(from) * DAY + time;

/** Where a new list begins: with the one who follows the last of the old one. Anyone who has left is passed over. */
function following(old: readonly Turn[], last: number, turns: readonly Turn[]): number {
  const positionOf = (position: number): number => {
    const wanted = JSON.stringify(old[position % old.length]);
    return turns.findIndex((turn) => JSON.stringify(turn) === wanted);
  };
  const own = positionOf(last);
  if (own !== -1) return (own + 1) % turns.length;
  for (let step = 1; step < old.length; step += 1) {
    const position = positionOf(last + step);
    if (position !== -1) return position;
  }
  return 0;
}

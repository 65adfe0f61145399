/**
 * Who is on duty: a pure function of the schedule, the overrides and the moment. It reads no clock and no file.
 *
 * The final answer is that of the last layer that has somebody, with the overrides on it. Time falls into stretches: each
 * moment is in exactly one.
 */
import { DAY, dayOf, type Layer, type Override, type Schedule, type Turn } from './schedule.js';
import { segmentOf, type Segment } from './shifts.js';
import { toLocal } from './zone.js';

/** The same people by the same layer and override. Milliseconds since 1970. */
export interface Stretch {
  /** In the order in which they are called; empty: nobody. */
  readonly people: Turn;
  /** Null: nobody, or those of an override that covers all layers. */
  readonly layer: string | null;
  readonly override: Override | null;
  /** ±Infinity: it does not change within 400 days. */
  readonly from: number;
  readonly to: number;
}

export interface Duty extends Stretch {
  /** The next stretch with somebody who is not on duty now, and only those; null: there is none within 400 days. */
  readonly next: { readonly people: Turn; readonly from: number } | null;
}

/** One continuous turn of a layer, as the rotation has it. */
export interface Shift {
  readonly layer: string;
  readonly people: Turn;
  readonly from: number;
  readonly to: number;
}

const FARTHEST = 400 * DAY;

/** @param overrides In the order in which they were made: later ones win, and all win over those of the file. */
export function onDuty(schedule: Schedule, overrides: readonly Override[], at: number): Duty {
  const found = stretchAt(schedule, overrides, at);
  return { ...found, next: nextOf(schedule, overrides, found, [...found.people]) };
}

/** Who follows, one after the other: each time those alone who were not on duty before, within 400 days. */
export function* whoFollows(
  schedule: Schedule,
  overrides: readonly Override[],
  at: number,
): Generator<NonNullable<Duty['next']>> {
  let stretch = stretchAt(schedule, overrides, at);
  const seen = [...stretch.people];
  for (;;) {
    const next = nextOf(schedule, overrides, stretch, seen);
    if (next === null) return;
    yield next;
    seen.push(...next.people);
    stretch = stretchAt(schedule, overrides, next.from);
  }
}

function nextOf(
  schedule: Schedule,
  overrides: readonly Override[],
  { to }: Stretch,
  seen: readonly string[],
): Duty['next'] {
  if (to === Infinity) return null;
  for (const { people, from } of segmentsFrom(schedule, overrides, to, to + FARTHEST)) {
    const others = people.filter((person) => !seen.includes(person));
    if (others.length > 0) return { people: others, from };
  }
  return null;
}

/** Exactly from `from` to `to`, one after the other without a gap. */
export function* stretches(
  schedule: Schedule,
  overrides: readonly Override[],
  from: number,
  to: number,
): Generator<Stretch> {
  yield* merged(segmentsFrom(schedule, overrides, from, to), isSameStretch);
}

/** What a layer says without the others, with the overrides of its shifts; exactly from `from` to `to`. */
export function* shiftsOf(
  schedule: Schedule,
  layer: Layer,
  overrides: readonly Override[],
  from: number,
  to: number,
): Generator<Shift> {
  const all = [...schedule.overrides, ...overrides];
  const segments = function* (): Generator<TurnSegment> {
    for (let at = from; at < to;) {
      const segment = layerSegment(schedule, layer, all, at);
      yield { ...segment, from: at, to: Math.min(to, segment.to) };
      at = segment.to;
    }
  };
  const isSame = (one: TurnSegment, other: TurnSegment) => one.turn === other.turn && isSameStretch(one, other);
  for (const { people, from, to } of merged(segments(), isSame)) yield { layer: layer.name, people, from, to };
}

interface TurnSegment extends Stretch {
  readonly turn: number | null;
}

function* merged<T extends Stretch>(segments: Iterable<T>, isSame: (one: T, other: T) => boolean): Generator<T> {
  let open: readonly T[] = [];
  for (const segment of segments) {
    const [first] = open;
    if (first !== undefined && isSame(first, segment)) open = [{ ...first, to: segment.to }];
    else {
      yield* open;
      open = [segment];
    }
  }
  yield* open;
}

function isSameStretch(one: Stretch, other: Stretch): boolean {
  return one.layer === other.layer && one.override === other.override && isSameTurn(one.people, other.people);
}

function isSameTurn(one: Turn, other: Turn): boolean {
  return one.length === other.length && one.every((person, index) => person === other[index]);
}

/** Who is on duty at this moment, without who follows. */
export function stretchAt(schedule: Schedule, overrides: readonly Override[], at: number): Stretch {
  const all = [...schedule.overrides, ...overrides];
  const found = finalSegment(schedule, all, at);
  let { from, to } = found;
  while (from > at - FARTHEST) {
    const before = finalSegment(schedule, all, from - 1);
    if (!isSameStretch(before, found)) break;
    from = before.from;
  }
  while (to < at + FARTHEST) {
    const after = finalSegment(schedule, all, to);
    if (!isSameStretch(after, found)) break;
    to = after.to;
  }
  return {
    ...found,
    from: from > at - FARTHEST ? from : -Infinity,
    to: to < at + FARTHEST ? to : Infinity,
  };
}

function* segmentsFrom(
  schedule: Schedule,
  overrides: readonly Override[],
  from: number,
  to: number,
): Generator<Stretch> {
  const all = [...schedule.overrides, ...overrides];
  for (let at = from; at < to;) {
    const segment = finalSegment(schedule, all, at);
    yield { ...segment, from: at, to: Math.min(to, segment.to) };
    at = segment.to;
  }
}

/** Nothing changes in it; the next one may be the same. */
function finalSegment(schedule: Schedule, overrides: readonly Override[], at: number): Stretch {
  let [from, to] = [-Infinity, Infinity];
  const narrow = (one: { readonly from: number; readonly to: number }): void => {
    from = Math.max(from, one.from);
    to = Math.min(to, one.to);
  };
  let found: Pick<Stretch, 'people' | 'layer' | 'override'> = { people: [], layer: null, override: null };
  for (const layer of schedule.layers.toReversed()) {
    const segment = layerSegment(schedule, layer, overrides, at);
    narrow(segment);
    if (segment.people.length === 0) continue;
    found = segment;
    break;
  }
  for (const override of overrides) {
    if (override.of.kind !== 'time') continue;
    narrow(around(override.of, at));
    if (at < override.of.from || override.of.to <= at) continue;
    const { instead } = override.of;
    const people = peopleBy(override, instead, found.people);
    if (people !== null) found = { people, layer: instead === null ? null : found.layer, override };
  }
  const { people, layer, override } = found;
  return { people, layer, override, from, to };
}

/** Null: the one in whose place they would be is not on duty. */
function peopleBy({ people, unconfirmed }: Override, instead: string | null, planned: Turn): Turn | null {
  if (instead !== null && !planned.includes(instead)) return null;
  const placed = unconfirmed === true ? [...people, ...(instead === null ? planned : [instead])] : people;
  const all = instead === null ? placed : planned.flatMap((person) => (person === instead ? placed : [person]));
  return [...new Set(all)];
}

/** From which edge of it until which nothing changes by it. */
function around(of: { readonly from: number; readonly to: number }, at: number) {
  if (at < of.from) return { from: -Infinity, to: of.from };
  return at < of.to ? of : { from: of.to, to: Infinity };
}

export function layerSegment(
  schedule: Schedule,
  layer: Layer,
  overrides: readonly Override[],
  at: number,
): TurnSegment {
  const segment = segmentOf(schedule, layer, at);
  let found: TurnSegment = { ...segment, layer: segment.people.length === 0 ? null : layer.name, override: null };
  if (segment.turn === null) return found;
  // One that begins later, in whatever zone, needs no closer look.
  const own = overrides.flatMap((override) => {
    const { of } = override;
    const isOwn = of.kind === 'shift' && of.layer === layer.name && segment.to >= dayOf(of.date) * DAY - DAY;
    return isOwn ? [{ override, of }] : [];
  });
  if (own.length === 0) return found;
  // A shift that began before all of them is none of them: how long before is not asked.
  const earliest = Math.min(...own.map(({ of }) => dayOf(of.date) * DAY)) - 2 * DAY;
  const begin = beginOfShift(schedule, layer, segment, earliest);
  for (const { override, of } of own) {
    if (!beginsAs(schedule, layer, of, begin)) continue;
    const span = { from: of.after ?? -Infinity, to: of.before ?? Infinity };
    const { from, to } = around(span, at);
    found = { ...found, from: Math.max(found.from, from), to: Math.min(found.to, to) };
    const people = at < span.from || span.to <= at ? null : peopleBy(override, of.instead ?? null, found.people);
    if (people !== null) found = { ...found, people, layer: layer.name, override };
  }
  return found;
}

type OverriddenShift = Override['of'] & { readonly kind: 'shift' };

/** Whether the shift that began then is the one that begins on this date. */
function beginsAs(schedule: Schedule, layer: Layer, { date, time }: OverriddenShift, from: number): boolean {
  if (from === -Infinity) return false;
  const midnight = dayOf(date) * DAY;
  const begin = toLocal(from, layer.timeZone);
  if (begin < midnight || begin >= midnight + DAY) return false;
  const begins = beginsOn(schedule, layer, midnight);
  const wanted = midnight + (time ?? 0);
  const nearest = begins.toSorted((one, other) => Math.abs(one - wanted) - Math.abs(other - wanted))[0];
  return nearest === begin;
}

/** -Infinity: it began before this time. Default: 400 days ago. */
export function beginOfShift(
  schedule: Schedule,
  layer: Layer,
  segment: Segment,
  notBefore = segment.from - FARTHEST,
): number {
  let { from } = segment;
  while (from > notBefore) {
    const before = segmentOf(schedule, layer, from - 1);
    if (before.turn !== segment.turn) return from;
    from = before.from;
  }
  return -Infinity;
}

/** Infinity: it does not end within 400 days. */
export function endOfShift(schedule: Schedule, layer: Layer, segment: Segment): number {
  let { to } = segment;
  while (to < segment.to + FARTHEST) {
    const after = segmentOf(schedule, layer, to);
    if (after.turn !== segment.turn) return to;
    to = after.to;
  }
  return Infinity;
}

/** The local times at which shifts of the layer begin on this day. */
export function beginsOn(schedule: Schedule, layer: Layer, midnight: number): readonly number[] {
  const begins: number[] = [];
  // A day has 25 hours at most, of whatever zone.
  let at = midnight - DAY;
  let before = segmentOf(schedule, layer, at).turn;
  while (at < midnight + 2 * DAY) {
    const { turn, from, to } = segmentOf(schedule, layer, at);
    const local = toLocal(Math.max(at, from), layer.timeZone);
    if (turn !== null && turn !== before && local >= midnight && local < midnight + DAY) begins.push(local);
    before = turn;
    at = to;
  }
  return begins;
}

/**
 * The overrides of one schedule that are made while it is in use: what becomes of each, as a pure function. It reads no clock
 * and no zone, and runs in the workflow `duty`.
 */
import type { DutyOverrides, LiveOverride, OverridePart } from '../contract/duty-schema.js';
import { nameIn, words } from '../words/words.js';
import type { Override } from './schedule.js';

/** What a request comes to. `is: 'so already'` and `'refused'`: nothing was changed. */
export interface Outcome {
  readonly state: DutyOverrides;
  readonly is: 'done' | 'so already' | 'refused';
  readonly override: LiveOverride | null;
  /** In words. */
  readonly message: string;
}

export interface NewOverride extends Pick<LiveOverride, 'kind' | 'parts' | 'by' | 'reason' | 'names'> {
  /** Whom nobody needs to ask. */
  readonly agreeing: readonly string[];
  /** Of a swap: it counts before all have confirmed it. */
  readonly countsAtOnce: boolean;
}

/** Those that are neither removed nor over: every worker reads them each second. */
export const MAX_OPEN = 100;
/** With those that are removed or over, the newest. */
export const MAX_KEPT = 200;
/** The calendar of this month has those that are over, and a shift may be moved in the file: it is not forgotten at its end. */
const SHOWN_MS = 35 * 24 * 3_600_000;

export const noOverrides = (schedule: string): DutyOverrides => ({ schedule, version: 0, overrides: [] });

export function make(state: DutyOverrides, asked: NewOverride, at: number): Outcome {
  const { kind, parts, by, reason, names, agreeing, countsAtOnce } = asked;
  const open = state.overrides.filter((one) => isOpen(one, at));
  // Asked again, it is answered again; an older one may have been overridden itself.
  const newest = open.at(-1);
  if (newest?.kind === kind && isSame(newest.parts, parts)) {
    return { state, is: 'so already', override: newest, message: described(newest) };
  }
  if (open.length >= MAX_OPEN) return refused(state, words().duty.tooMany(MAX_OPEN));
  const unconfirmed = peopleOf(parts).filter((person) => !agreeing.includes(person));
  const override: LiveOverride = {
    number: nextNumber(state),
    kind,
    parts,
    by,
    reason,
    at: timeOf(at),
    proposed: kind === 'swap' && !countsAtOnce && unconfirmed.length > 0,
    unconfirmed,
    confirmed: [],
    removed: null,
    ...(names && { names }),
  };
  return done(state, override, described(override), at);
}

/** @param number null: the newest that waits for this person. */
export function confirm(
  state: DutyOverrides,
  { number, person, by }: { readonly number: number | null; readonly person: string; readonly by: string },
  at: number,
): Outcome {
  const { duty } = words();
  const waits = (one: LiveOverride) => isOpen(one, at) && one.unconfirmed.includes(person);
  const wanted = number === null ? state.overrides.findLast(waits) : findIn(state, number);
  if (wanted === undefined) {
    return refused(state, number === null ? duty.nothingToConfirm(nameOf(state, person)) : duty.noSuchOverride(number));
  }
  if (!isOpen(wanted, at)) return refused(state, duty.isOverAlready(wanted.number), wanted);
  if (!wanted.unconfirmed.includes(person)) {
    const isTheirs = peopleOf(wanted.parts).includes(person);
    if (!isTheirs) return refused(state, duty.notTheirs(nameOf(state, person), wanted.number), wanted);
    return { state, is: 'so already', override: wanted, message: described(wanted) };
  }
  const unconfirmed = wanted.unconfirmed.filter((one) => one !== person);
  const confirmed: LiveOverride = {
    ...wanted,
    unconfirmed,
    confirmed: [...wanted.confirmed, { person, by, at: timeOf(at) }],
    proposed: wanted.proposed && unconfirmed.length > 0,
  };
  return done(state, confirmed, described(confirmed), at);
}

/** @param number null: the only one that is open. */
export function remove(
  state: DutyOverrides,
  { number, by, reason }: { readonly number: number | null; readonly by: string; readonly reason: string | null },
  at: number,
): Outcome {
  const { duty } = words();
  const open = state.overrides.filter((one) => isOpen(one, at));
  if (number === null && open.length !== 1) {
    return refused(state, duty.whichOne(open.map((one) => `#${one.number}`).join(', ')));
  }
  const wanted = number === null ? open[0] : findIn(state, number);
  if (wanted === undefined) return refused(state, duty.noSuchOverride(number ?? 0));
  if (wanted.removed !== null) {
    return { state, is: 'so already', override: wanted, message: duty.removed(wanted.number, wanted.removed.by) };
  }
  if (!isOpen(wanted, at)) return refused(state, duty.isOverAlready(wanted.number), wanted);
  const removed: LiveOverride = { ...wanted, removed: { by, reason, at: timeOf(at) } };
  return done(state, removed, duty.removed(removed.number, by), at);
}

/** Those that are there already stay as they are; another one of the same number gets a new one. */
export function restore(state: DutyOverrides, given: readonly LiveOverride[], at: number): Outcome {
  const isThere = ({ number, at }: LiveOverride) =>
    state.overrides.some((one) => one.number === number && one.at === at);
  const missing = given.filter((one) => !isThere(one));
  let next = Math.max(nextNumber(state), ...missing.map(({ number }) => number + 1));
  const taken = new Set(state.overrides.map(({ number }) => number));
  const numbered = missing.map((one) => {
    const number = taken.has(one.number) ? next++ : one.number;
    taken.add(number);
    return { ...one, number };
  });
  const message = words().duty.restored(missing.length, given.length - missing.length);
  if (missing.length === 0) return { state, is: 'so already', override: null, message };
  const overrides = [...state.overrides, ...numbered].toSorted((one, other) => one.number - other.number);
  const open = overrides.filter((one) => isOpen(one, at)).length;
  if (open > MAX_OPEN) return refused(state, words().duty.tooMany(MAX_OPEN));
  return { state: kept({ ...state, version: state.version + 1, overrides }, at), is: 'done', override: null, message };
}

/** Neither removed nor over. */
export const isOpen = ({ parts, removed }: LiveOverride, at: number): boolean =>
  removed === null && parts.some(({ until }) => Date.parse(until) > at);

/** What workers and calendars have to know: also what was over a while ago. */
export const published = (state: DutyOverrides, at: number): DutyOverrides => ({
  ...state,
  overrides: state.overrides.filter((one) => isOpen(one, at - SHOWN_MS)).slice(-MAX_KEPT),
});

/** When the first of them begins or ends next; null: never. */
export function nextChange({ overrides }: DutyOverrides, at: number): number | null {
  const edges = overrides
    .filter((one) => isOpen(one, at))
    .flatMap(({ parts }) => parts.flatMap(({ from, until }) => [Date.parse(from), Date.parse(until)]))
    .filter((edge) => edge > at);
  return edges.length === 0 ? null : Math.min(...edges);
}

/** As `onDuty` takes them. */
export const countingNow = (overrides: readonly LiveOverride[]): readonly Override[] =>
  overrides.filter(counts).flatMap(overridesOf);

/** Unless it is over. */
export const counts = ({ removed, proposed }: LiveOverride): boolean => removed === null && !proposed;

/** By which people were called: one that was removed until then, a swap from its last confirmation on. */
export const asTheyCounted = (overrides: readonly LiveOverride[]): readonly Override[] =>
  overrides
    .filter(({ proposed }) => !proposed)
    .flatMap((live) => {
      const { kind, confirmed, removed } = live;
      const from = kind === 'swap' ? confirmed.map(({ at }) => Date.parse(at)) : [];
      return overridesOf(live).map((one) =>
        narrowed(one, Math.max(-Infinity, ...from), removed === null ? Infinity : Date.parse(removed.at)),
      );
    });

/** To the time from `from` until `to`. */
function narrowed(override: Override, from: number, to: number): Override {
  const { of } = override;
  if (of.kind === 'time') {
    return { ...override, of: { ...of, from: Math.max(of.from, from), to: Math.min(of.to, to) } };
  }
  const after = Math.max(of.after ?? -Infinity, from);
  const before = Math.min(of.before ?? Infinity, to);
  return { ...override, of: { ...of, after, before } };
}

/** One for each part. */
export const overridesOf = ({
  parts,
  reason,
  number,
  by,
  unconfirmed,
}: Pick<LiveOverride, 'parts' | 'reason' | 'number' | 'by' | 'unconfirmed'>): readonly Override[] =>
  parts.map((part) => ({
    people: part.people,
    note: reason,
    of: spanOf(part),
    ...(part.people.some((person) => unconfirmed.includes(person)) && { unconfirmed: true as const }),
    live: { number, by },
  }));

function spanOf({ layer, shift, instead, from, until, after, before }: OverridePart): Override['of'] {
  if (layer === null || shift === null) {
    return { kind: 'time', from: Date.parse(from), to: Date.parse(until), instead };
  }
  const [date = '', clock = '00:00'] = shift.split('T');
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return {
    kind: 'shift',
    layer,
    date,
    time: (hours * 60 + minutes) * 60_000,
    ...(instead !== null && { instead }),
    ...(after !== null && { after: Date.parse(after) }),
    ...(before !== null && { before: Date.parse(before) }),
  };
}

/** Who is on duty by it, until when, instead of whom, and who asked why. */
function described(override: LiveOverride): string {
  const { duty } = words();
  const { number, parts, by, reason, proposed, unconfirmed } = override;
  const shifts = parts.map(({ people, former, layer, from, until }) =>
    duty.onDuty(
      namesOf(override, people),
      former.length === 0 ? null : namesOf(override, former),
      layer,
      inWords(from),
      inWords(until),
    ),
  );
  const asked = reason === null ? duty.askedBy(number, by) : duty.askedWhy(number, by, reason);
  const names = namesOf(override, unconfirmed);
  const waits = proposed ? [duty.waitsFor(names)] : unconfirmed.length > 0 ? [duty.unconfirmed(names)] : [];
  return [...shifts, asked, ...waits].join(' ');
}

/** Names, where they were known when it was made. */
export const namesOf = ({ names = {} }: LiveOverride, handles: readonly string[]): string =>
  handles.map((handle) => nameIn(names, handle)).join(', ');

const nameOf = ({ overrides }: DutyOverrides, handle: string): string =>
  nameIn(overrides.findLast(({ names = {} }) => Object.hasOwn(names, handle))?.names ?? {}, handle);

/** `2026-12-01 09:00`, by the clock of its schedule. */
const inWords = (written: string): string => written.slice(0, 16).replace('T', ' ');

function done(state: DutyOverrides, override: LiveOverride, message: string, at: number): Outcome {
  const others = state.overrides.filter(({ number }) => number !== override.number);
  const overrides = [...others, override].toSorted((one, other) => one.number - other.number);
  return { state: kept({ ...state, version: state.version + 1, overrides }, at), is: 'done', override, message };
}

const refused = (state: DutyOverrides, message: string, override: LiveOverride | null = null): Outcome => ({
  state,
  is: 'refused',
  override,
  message,
});

/** The oldest of those that are not open are forgotten first. */
function kept(state: DutyOverrides, at: number): DutyOverrides {
  const tooMany = state.overrides.length - MAX_KEPT;
  if (tooMany <= 0) return state;
  const past = state.overrides.filter((one) => !isOpen(one, at)).slice(0, tooMany);
  return { ...state, overrides: state.overrides.filter((one) => !past.includes(one)) };
}

const findIn = ({ overrides }: DutyOverrides, number: number): LiveOverride | undefined =>
  overrides.find((one) => one.number === number);

const nextNumber = ({ overrides }: DutyOverrides): number => Math.max(0, ...overrides.map(({ number }) => number)) + 1;

const peopleOf = (parts: readonly OverridePart[]): readonly string[] => [
  ...new Set(parts.flatMap(({ people }) => people)),
];

/** The same wish, of which less time may be left. */
function isSame(parts: readonly OverridePart[], later: readonly OverridePart[]): boolean {
  const wish = ({ people, instead, layer, shift, until, before }: OverridePart) =>
    JSON.stringify([people, instead, layer, shift, until, before]);
  return (
    parts.length === later.length &&
    parts.every((part, index) => {
      const other = later[index];
      return other !== undefined && wish(part) === wish(other) && Date.parse(part.from) <= Date.parse(other.from);
    })
  );
}

const timeOf = (at: number): string => new Date(at).toISOString();

/** Of a table of them. */
export function columns(): readonly string[] {
  const said = words().duty;
  return ['#', said.columnPeople, said.columnTime, said.columnWhy, said.columnState];
}

/** One for each part. */
export function rowsOf(override: LiveOverride, at: number): readonly (readonly string[])[] {
  const said = words().duty;
  const { number, parts, by, reason } = override;
  return parts.map(({ people, layer, from, until, former }) => [
    String(number),
    former.length === 0
      ? namesOf(override, people)
      : said.insteadOf(namesOf(override, people), namesOf(override, former)),
    `${inWords(from)} – ${inWords(until)}${layer === null ? '' : ` (${layer})`}`,
    reason === null ? by : said.why(by, reason),
    stateOf(override, at),
  ]);
}

function stateOf(override: LiveOverride, at: number): string {
  const said = words().duty;
  const { removed, proposed, unconfirmed } = override;
  if (removed !== null) return said.removedBy(removed.by);
  if (!isOpen(override, at)) return said.isOver;
  const people = namesOf(override, unconfirmed);
  if (proposed) return said.proposed(people);
  return people === '' ? said.counts : said.unconfirmedBy(people);
}

import type { LiveOverride, OverridePart } from '../contract/duty-schema.js';
import { suggestion } from '../yaml-file/did-you-mean.js';
import { Problems, type Place, type Problem } from '../yaml-file/problem.js';
import type { Path } from '../yaml-file/schema.js';
import { checkIcs } from './calendar/check-ics.js';
import { gapsOf } from './gaps.js';
import { beginsOn, endOfShift, shiftsOf, stretches, type Shift, type Stretch } from './on-duty.js';
import { counts, isOpen, overridesOf } from './overrides.js';
import type { ScheduleReading } from './read-schedule.js';
import { DAY, dateOf, dayOf, HOUR, type Override, type Schedule, type Turn } from './schedule.js';
import { segmentOf } from './shifts.js';
import { describeMoment, describeSpan } from './show/describe-turn.js';
import { toInstant, toLocal } from './zone.js';

export type ReadSchedule = ScheduleReading & { readonly ok: true };

interface Surroundings {
  /** Milliseconds since 1970: only what is to come is looked at. */
  readonly now: number;
  /** Handles of everybody who can be called; without it any is taken on trust. */
  readonly people?: ReadonlySet<string>;
  /** Made while it is in use. */
  readonly live?: readonly LiveOverride[];
}

/** Thirteen months: who is on duty once a year is seen. */
const AHEAD = 396 * DAY;
const LONGEST_DUTY = 14 * DAY;
const MOST_NAMED = 3;

/** What is wrong with a schedule that can be read, in the thirteen months to come. */
export function checkSchedule(reading: ReadSchedule, { now, people, live = [] }: Surroundings): readonly Problem[] {
  const problems = new Problems();
  const { schedule } = reading;
  const final = [...stretches(schedule, [], now, now + AHEAD)];
  const shifts = schedule.layers.map((layer) => [...shiftsOf(schedule, layer, [], now, now + AHEAD)]);
  checkCalendars(reading, now, problems);
  checkIcs(reading, people, problems);
  checkGaps(reading, final, now, problems);
  checkLayers(reading, final, shifts, problems);
  checkClocks(reading, shifts, now, problems);
  checkOverrides(reading, now, problems);
  checkPeople(reading, final, now, people, problems);
  for (const { code, message } of problemsOfLive(schedule, live, { now, ...(people && { people }) })) {
    problems.error(code, reading.file.keyAt(['layers']), message);
  }
  return problems.found;
}

function checkCalendars({ schedule, file, unread }: ReadSchedule, now: number, problems: Problems): void {
  for (const { calendar, why } of unread) {
    const index = [file.value?.holidays ?? []].flat().indexOf(calendar);
    const message = `the calendar cannot be read, and no day of it counts as a holiday: ${why}`;
    problems.error('calendar-unread', file.at(['holidays', index]), message);
  }
  if (!usesHolidays(schedule)) return;
  const { holidaysKnownUntil: known } = schedule;
  if (known === null) {
    const message = 'there is no `holidays`, so no day is one; write holidays: japan, or a file of your own';
    problems.warning('no-holidays', file.keyAt(['layers']), message);
  } else if (unread.length === 0 && (dayOf(known) + 1) * DAY < now + AHEAD) {
    const message = `holidays are known until ${known}; after it no day is one`;
    problems.warning('holidays-known-until', file.at(['holidays']), message);
  }
}

export function usesHolidays({ layers, required }: Schedule): boolean {
  const windows = [...layers.flatMap(({ when }) => when ?? []), ...(required ?? [])];
  return windows.some(({ days }) => days.holiday || days.workday);
}

function checkGaps({ schedule, file }: ReadSchedule, final: readonly Stretch[], now: number, problems: Problems): void {
  const gaps = [...gapsOf(schedule, [], now, now + AHEAD, final)];
  if (gaps.length === 0) return;
  const named = gaps.slice(0, MOST_NAMED).map(({ from, to }) => describeSpan(from, to, schedule.timeZone));
  const more = gaps.length > MOST_NAMED ? `, and ${gaps.length - MOST_NAMED} more times within 13 months` : '';
  const message = `nobody is on duty ${named.join(', ')}${more}; fill it by a layer below, or say when somebody is \`required\``;
  problems.error('gap', file.keyAt(['layers']), message);
}

function checkLayers(
  { schedule, file }: ReadSchedule,
  final: readonly Stretch[],
  shifts: readonly (readonly Shift[])[],
  problems: Problems,
): void {
  const seen = new Set(final.map(({ layer }) => layer));
  for (const [index, layer] of schedule.layers.entries()) {
    if (seen.has(layer.name)) continue;
    const place = file.at(['layers', index, 'name']);
    const hasShifts = (shifts[index] ?? []).some(({ people }) => people.length > 0);
    const message = hasShifts
      ? `nobody is ever on duty by "${layer.name}": later layers and overrides always cover it within 13 months`
      : `"${layer.name}" has no shift within 13 months`;
    problems.warning(hasShifts ? 'layer-covered' : 'layer-empty', place, message);
  }
}

/** Hand-offs and edges of `when` that the clocks leave out are later than they are written. */
function checkClocks(
  { schedule, file }: ReadSchedule,
  shifts: readonly (readonly Shift[])[],
  now: number,
  problems: Problems,
): void {
  for (const [index, layer] of schedule.layers.entries()) {
    const { rotation, when, timeZone, changes, calendar } = layer;
    if (calendar !== undefined) continue;
    const step = rotation?.unit === 'hours' ? rotation.count * HOUR : DAY;
    const written = [...(when ?? []).flatMap(({ from, to }) => [from, to]), ...changes.map(({ from }) => from)];
    const isWritten = (time: number): boolean =>
      written.some((one) => one % DAY === time) || (rotation !== null && (time - rotation.time) % step === 0);
    const place = file.at(['layers', index, rotation === null ? 'when' : 'rotation']);
    for (const { from } of shifts[index] ?? []) {
      if (from === now || isWritten(toLocal(from, timeZone) % DAY)) continue;
      const message = `the clocks of ${timeZone} leave out a time of it: it is ${describeMoment(from, timeZone)} then; choose a time outside of the small hours`;
      problems.warning('hand-off-left-out', place, message);
      break;
    }
  }
}

function checkOverrides({ schedule, file }: ReadSchedule, now: number, problems: Problems): void {
  const { overrides } = schedule;
  for (const [index, override] of overrides.entries()) {
    const place = file.at(['overrides', index]);
    const at = { ...place, end: place.start };
    const earlier = overrides.slice(0, index).findIndex((other) => overlap(other, override));
    if (earlier !== -1) {
      const message = `it overlaps with number ${earlier + 1} of the overrides, and wins over it`;
      problems.warning('overrides-overlap', at, message);
    }
    if (override.of.kind === 'time' && override.of.to <= now) {
      problems.warning('override-past', at, 'it is over; remove it');
    } else if (override.of.kind === 'shift') checkShift(override.of, index);
  }

  function checkShift(of: Override['of'] & { readonly kind: 'shift' }, index: number): void {
    const layer = schedule.layers.find(({ name }) => name === of.layer);
    if (layer === undefined) return;
    const midnight = dayOf(of.date) * DAY;
    const place = file.at(['overrides', index, 'shift']);
    if (midnight + 2 * DAY < now) return problems.warning('override-past', place, 'it is over; remove it');
    const begins = [...shiftsOf(schedule, layer, [], midnight - 9 * DAY, midnight + 45 * DAY)]
      .slice(1)
      .filter(({ people }) => people.length > 0)
      .map(({ from }) => toLocal(from, layer.timeZone));
    if (begins.some((begin) => begin >= midnight && begin < midnight + DAY)) return;
    const next = begins.find((begin) => begin >= midnight);
    const instead = next === undefined ? '' : `; the next one begins on ${dateOf(Math.floor(next / DAY))}`;
    problems.error('no-shift', place, `no shift of "${of.layer}" begins on ${of.date}${instead}`);
  }
}

function overlap({ of: one }: Override, { of: other }: Override): boolean {
  if (one.kind === 'time' && other.kind === 'time')
    return one.instead === other.instead && one.from < other.to && other.from < one.to;
  if (one.kind === 'time' || other.kind === 'time') return false;
  return one.layer === other.layer && one.date === other.date && one.time === other.time;
}

/**
 * Of overrides that are made while the schedule is in use, and that count: which of them nobody is called by, since the file has
 * changed under them, or since a person has left.
 */
export function problemsOfLive(
  schedule: Schedule,
  live: readonly LiveOverride[],
  { now, people }: Omit<Surroundings, 'live'>,
): readonly { readonly code: string; readonly message: string }[] {
  const counting = live.filter((one) => counts(one) && isOpen(one, now));
  const parts = counting.flatMap((one) =>
    overridesOf(one).map((override, index) => ({ override, part: one.parts[index], number: one.number })),
  );
  const overrides = parts.map(({ override }) => override);
  return parts.flatMap(({ override, part, number }, index) => {
    if (part === undefined || Date.parse(part.until) <= now) return [];
    const name = `override #${number} (${override.people.join(', ')} until ${part.until.slice(0, 16).replace('T', ' ')})`;
    // Later ones may win over it, as they are meant to.
    const why = whyWithoutEffect(schedule, overrides.slice(0, index + 1), override, part, now);
    const strangers = override.people.filter((person) => people?.has(person) === false);
    const gone = strangers.map((person) => `${name}: there is no person "${person}"${suggestion(person, people ?? [], 'people')}`); // prettier-ignore
    return [
      ...(why === null
        ? []
        : [{ code: 'override-without-effect', message: `${name} has no effect: ${why}; remove it, or make it again` }]),
      ...gone.map((message) => ({ code: 'unknown-person', message })),
    ];
  });
}

/** Null: somebody is on duty by it. */
function whyWithoutEffect(
  schedule: Schedule,
  overrides: readonly Override[],
  override: Override,
  { from, until }: OverridePart,
  now: number,
): string | null {
  const { of } = override;
  let [begin, end] = [Date.parse(from), Date.parse(until)];
  if (of.kind === 'shift') {
    const layer = schedule.layers.find(({ name }) => name === of.layer);
    if (layer === undefined) return `there is no layer "${of.layer}"`;
    const [first, ...more] = beginsOn(schedule, layer, dayOf(of.date) * DAY);
    if (first === undefined) return `no shift of "${of.layer}" begins on ${of.date}`;
    // The shift may have been moved.
    const last = toInstant(more.at(-1) ?? first, layer.timeZone);
    begin = toInstant(first, layer.timeZone);
    end = Math.min(endOfShift(schedule, layer, segmentOf(schedule, layer, last)), now + AHEAD);
  }
  for (const stretch of stretches(schedule, overrides, Math.max(now, begin), end)) {
    if (stretch.override === override) return null;
  }
  if (end <= now) return null;
  return of.instead == null
    ? 'another override, or a later layer, covers it'
    : `${of.instead}, in whose place it is, is not on duty then`;
}

function checkPeople(
  { schedule, file }: ReadSchedule,
  final: readonly Stretch[],
  now: number,
  people: ReadonlySet<string> | undefined,
  problems: Problems,
): void {
  const mentions = mentionsOf(schedule, now);
  for (const { person, path } of mentions.values()) {
    if (people === undefined || people.has(person)) continue;
    const place: Place = file.at(path);
    problems.error('unknown-person', place, `there is no person "${person}"${suggestion(person, people, 'people')}`);
  }
  for (const { person, path, isPlanned } of mentions.values()) {
    const own = final.filter((stretch) => stretch.people.includes(person));
    if (own.length === 0 && isPlanned) {
      problems.warning('person-without-duty', file.at(path), `${person} is not on duty within 13 months`);
    }
    const long = inARow(own).find(({ from, to }) => to - from > LONGEST_DUTY);
    if (long === undefined) continue;
    const days = Math.floor((long.to - long.from) / DAY);
    const span = describeSpan(long.from, long.to, schedule.timeZone);
    problems.warning('long-duty', file.at(path), `${person} is on duty for ${days} days in a row, ${span}`);
  }
}

interface Mention {
  readonly person: string;
  readonly path: Path;
  /** They have turns, now or later; one who has left has none. */
  readonly isPlanned: boolean;
}

/** Everybody who has turns now or later, or an override that is not over, in the order of the file; `live` are not in it. */
export function everybodyIn(schedule: Schedule, now: number, live: readonly LiveOverride[] = []): readonly string[] {
  const planned = [...mentionsOf(schedule, now).values()].flatMap(({ person, isPlanned }) =>
    isPlanned ? [person] : [],
  );
  const coming = schedule.overrides.filter(({ of }) =>
    of.kind === 'time' ? of.to > now : (dayOf(of.date) + 2) * DAY > now,
  );
  const taken = live.filter((one) => counts(one) && isOpen(one, now)).flatMap(overridesOf);
  return [...new Set([...planned, ...[...coming, ...taken].flatMap(({ people }) => people)])];
}

/** Where each person is written first; those with turns before others. */
function mentionsOf({ layers, overrides }: Schedule, now: number): ReadonlyMap<string, Mention> {
  const mentions = new Map<string, Mention>();
  const add = (turns: readonly Turn[], path: Path, isPlanned: boolean): void => {
    for (const [index, turn] of turns.entries()) {
      for (const person of turn) {
        if (!(mentions.get(person)?.isPlanned ?? false))
          mentions.set(person, { person, path: [...path, index], isPlanned });
      }
    }
  };
  for (const [index, { rotation, turns, changes, timeZone }] of layers.entries()) {
    const path = ['layers', index];
    const isOver = changes.some(({ from }) => from <= toLocal(now, timeZone));
    add(turns, rotation === null ? [...path, 'people'] : [...path, 'rotation', 'people'], !isOver);
  }
  for (const [index, { changes }] of layers.entries()) {
    // Their order in the file is another one: the place of the layer says enough.
    for (const { turns } of changes) add(turns, ['layers', index, 'name'], true);
  }
  for (const [index, { people, of }] of overrides.entries()) {
    add([people], ['overrides', index, 'people'], false);
    if (of.kind === 'time' && of.instead !== null) add([[of.instead]], ['overrides', index, 'instead'], false);
  }
  return mentions;
}

/** Stretches that follow one another without a break, as one. */
function inARow(own: readonly Stretch[]): readonly { readonly from: number; readonly to: number }[] {
  const rows: { from: number; to: number }[] = [];
  for (const { from, to } of own) {
    const last = rows.at(-1);
    if (last?.to === from) last.to = to;
    else rows.push({ from, to });
  }
  return rows;
}

/** Who is on duty in two schedules at once: found in the second. */
export function checkTogether(one: ReadSchedule, other: ReadSchedule, now: number): readonly Problem[] {
  const problems = new Problems();
  const busy = [...stretches(one.schedule, [], now, now + AHEAD)];
  for (const { people, from, to } of stretches(other.schedule, [], now, now + AHEAD)) {
    for (const person of people) {
      const double = busy.find((stretch) => stretch.people.includes(person) && stretch.from < to && from < stretch.to);
      if (double === undefined) continue;
      const span = describeSpan(Math.max(from, double.from), Math.min(to, double.to), other.schedule.timeZone);
      const message = `${person} is on duty by the schedule "${one.schedule.name}" at the same time, such as ${span}`;
      problems.warning('double-duty', mentionPlace(other, person, now), message);
      return problems.found;
    }
  }
  return problems.found;
}

function mentionPlace({ schedule, file }: ReadSchedule, person: string, now: number): Place {
  return file.at(mentionsOf(schedule, now).get(person)?.path ?? ['name']);
}

import { Problems, type Problem } from '../yaml-file/problem.js';
import { readYamlFile, type YamlFile } from '../yaml-file/read-file.js';
import type { Path } from '../yaml-file/schema.js';
import type { CalendarReading } from './calendar/calendar-layers.js';
import { JAPAN } from './holidays-japan.js';
import {
  DAY,
  HOUR,
  type CalendarSource,
  type Change,
  type Layer,
  type Override,
  type Rotation,
  type Schedule,
  type Turn,
  type Window,
} from './schedule.js';
import {
  CalendarFileSchema,
  isDate,
  ScheduleFileSchema,
  WEEKDAYS,
  type ScheduleFile,
  type WrittenTurn,
  type WrittenWindow,
} from './schedule-file-schema.js';
import { toInstant, type Local } from './zone.js';

export type ScheduleReading =
  | {
      readonly ok: true;
      readonly schedule: Schedule;
      /** Where each part is written. */
      readonly file: YamlFile<ScheduleFile>;
      /** Calendars that cannot be read: their days count as working days. */
      readonly unread: readonly { readonly calendar: string; readonly why: string }[];
      /** What has become of the calendars of its layers: none until `withCalendars` has read them. */
      readonly calendars: readonly CalendarReading[];
      /** Warnings. */
      readonly problems: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a schedule (YAML). Shows all mistakes in one go. What makes it a bad schedule and not a wrong file is said by
 * `checkSchedule`: a schedule with a gap is better than none.
 *
 * @param calendarText The text of a file of `holidays`, by its path as it is written there; throws where there is none.
 */
export function readSchedule(text: string, calendarText: (path: string) => string): ScheduleReading {
  const problems = new Problems();
  const file = readYamlFile(text, ScheduleFileSchema, problems, 'schedules/ has some to begin with');
  const written = file?.value;
  if (file === undefined || written === undefined) return { ok: false, problems: problems.found };
  checkLayers(written, file, problems);
  checkChanges(written, file, problems);
  checkOverrides(written, file, problems);
  checkWindows(written, file, problems);
  if (problems.hasErrors) return { ok: false, problems: problems.found };
  const unread: { readonly calendar: string; readonly why: string }[] = [];
  const calendars = [written.holidays ?? []].flat().map((calendar): Calendar => {
    if (calendar === 'japan') return JAPAN;
    try {
      return readCalendar(calendarText(calendar));
    } catch (error) {
      unread.push({ calendar, why: error instanceof Error ? error.message : String(error) });
      return { knownUntil: '2000-01-01', days: {} };
    }
  });
  return { ok: true, schedule: scheduleOf(written, calendars), file, unread, calendars: [], problems: problems.found };
}

interface Calendar {
  readonly knownUntil: string;
  readonly days: Readonly<Record<string, string>>;
}

/** Whether it is a file of `holidays`, and no schedule. */
export function isHolidayFile(text: string): boolean {
  try {
    readCalendar(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error that says what is wrong with it. */
function readCalendar(text: string): Calendar {
  const problems = new Problems();
  const calendar = readYamlFile(text, CalendarFileSchema, problems)?.value;
  const [first] = problems.found.filter(({ severity }) => severity === 'error');
  if (first !== undefined || calendar === undefined) throw new Error(first?.message ?? 'it is empty');
  const wrong = Object.keys(calendar.days).find((day) => !isDate(day));
  if (wrong !== undefined) throw new Error(`there is no ${wrong}`);
  return calendar;
}

function checkLayers({ layers }: ScheduleFile, file: YamlFile<ScheduleFile>, problems: Problems): void {
  const names = new Set<string>();
  for (const [index, { name, rotation, people, calendar }] of layers.entries()) {
    const path = ['layers', index];
    if (calendar !== undefined && (rotation !== undefined || people !== undefined)) {
      const message = 'a layer has `people`, a `rotation` or a `calendar`; remove all but one';
      problems.error('two-ways', file.keyAt([...path, 'calendar']), message);
    }
    if (names.has(name)) {
      problems.error(
        'layer-twice',
        file.at([...path, 'name']),
        `there is a layer "${name}" already; give it another name`,
      );
    }
    names.add(name);
    if (people !== undefined) checkTeam(people, [...path, 'people'], file, problems);
    if (rotation === undefined) continue;
    checkTurns(rotation.people, [...path, 'rotation', 'people'], file, problems);
    const { unit, count } = everyOf(rotation.every);
    if (unit === 'hours' && 24 % count !== 0) {
      const message = `\`every\` cannot be ${rotation.every}: hours divide a day, so that hands are changed at the same times each day; write 1h, 2h, 3h, 4h, 6h, 8h, 12h, or days`;
      problems.error('hours-of-a-day', file.at([...path, 'rotation', 'every']), message);
    }
    const [, day] = handOffOf(rotation.handOff);
    const isWeekday = WEEKDAYS.some((name) => name === day);
    const wanted = {
      hours: [day === undefined, 'only a time: handOff: "09:00"'],
      days: [day === undefined, 'only a time: handOff: "09:00"'],
      weeks: [isWeekday, 'a day of the week and a time: handOff: "mon 09:00"'],
      months: [day !== undefined && !isWeekday, 'a day of the month and a time: handOff: "1 09:00"'],
    } as const;
    const [isRight, form] = wanted[unit];
    if (isRight) continue;
    problems.error('hand-off', file.at([...path, 'rotation', 'handOff']), `the hand-off of ${unit} needs ${form}`);
  }
}

function checkTurns(turns: readonly WrittenTurn[], path: Path, file: YamlFile<ScheduleFile>, problems: Problems): void {
  for (const [index, turn] of turns.entries())
    if (typeof turn !== 'string') checkTeam(turn, [...path, index], file, problems);
}

function checkTeam(people: Turn, path: Path, file: YamlFile<ScheduleFile>, problems: Problems): void {
  for (const [index, person] of people.entries()) {
    if (people.indexOf(person) === index) continue;
    problems.error('person-twice', file.at([...path, index]), `${person} is in this team already; remove one`);
  }
}

function checkChanges({ layers, changes = [] }: ScheduleFile, file: YamlFile<ScheduleFile>, problems: Problems): void {
  for (const [index, { layer, people }] of changes.entries()) {
    const path = ['changes', index];
    const changed = findLayer(layers, layer, [...path, 'layer'], file, problems);
    checkTurns(people, [...path, 'people'], file, problems);
    if (changed?.calendar !== undefined) {
      const message = `the layer "${layer}" has the people of its calendar: change them there`;
      problems.error('no-turns', file.at([...path, 'layer']), message);
    }
    if (changed?.people === undefined) continue;
    if (people.every((turn) => typeof turn === 'string' && turn !== 'nobody')) {
      checkTeam(people.flat(), [...path, 'people'], file, problems);
      continue;
    }
    const message = `the layer "${layer}" has no turns: list all who are on duty by it, without [ ] and \`nobody\``;
    problems.error('no-turns', file.at([...path, 'people']), message);
  }
}

function findLayer(
  layers: ScheduleFile['layers'],
  name: string,
  path: Path,
  file: YamlFile<ScheduleFile>,
  problems: Problems,
): ScheduleFile['layers'][number] | undefined {
  const found = layers.find((layer) => layer.name === name);
  if (found === undefined) {
    const known = layers.map((layer) => layer.name).join(', ');
    problems.error('unknown-layer', file.at(path), `there is no layer "${name}"; the layers are ${known}`);
  }
  return found;
}

function checkOverrides(
  { layers, overrides = [] }: ScheduleFile,
  file: YamlFile<ScheduleFile>,
  problems: Problems,
): void {
  for (const [index, { from, to, instead, layer, shift, people }] of overrides.entries()) {
    const path = ['overrides', index];
    checkTeam(people, [...path, 'people'], file, problems);
    const isOfShift = layer !== undefined || shift !== undefined;
    const isOfTime = from !== undefined || to !== undefined || instead !== undefined;
    if (
      isOfShift === isOfTime ||
      (isOfShift ? layer === undefined || shift === undefined : from === undefined || to === undefined)
    ) {
      const message =
        'an override is for a time: `from` and `to` (and `instead`), or for one shift: `layer` and `shift`; write the one pair or the other';
      problems.error('override-of-what', { ...file.at(path), end: file.at(path).start }, message);
    } else if (from !== undefined && to !== undefined && from >= to) {
      problems.error(
        'no-time',
        file.at([...path, 'to']),
        '`to` is not after `from`, which leaves no time between them',
      );
    }
    if (layer !== undefined) findLayer(layers, layer, [...path, 'layer'], file, problems);
  }
}

function checkWindows(
  { layers, required = 'always' }: ScheduleFile,
  file: YamlFile<ScheduleFile>,
  problems: Problems,
): void {
  const check = (windows: WrittenWindow | readonly WrittenWindow[], path: Path): void => {
    for (const [index, window] of [windows].flat().entries()) {
      const { days, from = '00:00', to = '24:00' } = window;
      const place = file.at([...path, index]);
      if (from.includes(' ') !== to.includes(' ')) {
        const message = 'times of the week are a pair: from: "fri 18:00", to: "mon 09:00"';
        problems.error('half-a-week', place, message);
      } else if (from.includes(' ') && days !== undefined) {
        const message = '`days` would be ignored: `from` and `to` name their days; remove it';
        problems.error('ignored-days', file.keyAt([...path, index, 'days']), message);
      }
      if (from !== to) continue;
      const message = '`from` and `to` are the same, which leaves no time between them; for whole days remove both';
      problems.error('no-time', place, message);
    }
  };
  for (const [index, { when }] of layers.entries()) if (when !== undefined) check(when, ['layers', index, 'when']);
  if (required !== 'always') check(required, ['required']);
}

const WEEK = 7 * DAY;

/** Every default filled in. */
function scheduleOf(written: ScheduleFile, calendars: readonly Calendar[]): Schedule {
  const { name, timeZone, layers, changes = [], overrides = [], required = 'always' } = written;
  return {
    name,
    timeZone,
    layers: layers.map(({ name, timeZone: own = timeZone, when, rotation, people = [], calendar }): Layer => ({
      name,
      timeZone: own,
      when: when === undefined ? null : windowsOf([when].flat()),
      rotation: rotation === undefined ? null : rotationOf(rotation),
      turns: rotation === undefined ? [people] : rotation.people.map(turnOf),
      ...(calendar !== undefined && { calendar: { source: sourceOf(calendar), shifts: null } }),
      changes: changes
        .filter(({ layer }) => layer === name)
        .map(({ from, people }): Change => ({
          from: localOf(from),
          turns: rotation === undefined ? [people.flat()] : people.map(turnOf),
        }))
        .toSorted((one, other) => one.from - other.from),
    })),
    overrides: overrides.map((override) => overrideOf(override, timeZone)),
    holidays: new Map(calendars.flatMap(({ days }) => Object.entries(days))),
    holidaysKnownUntil: calendars.map(({ knownUntil }) => knownUntil).toSorted()[0] ?? null,
    required: required === 'always' ? null : windowsOf([required].flat()),
  };
}

function sourceOf({ file, urlFile = '' }: NonNullable<ScheduleFile['layers'][number]['calendar']>): CalendarSource {
  return file === undefined ? { kind: 'address', path: urlFile } : { kind: 'file', path: file };
}

const turnOf = (turn: WrittenTurn): Turn => (turn === 'nobody' ? [] : [turn].flat());

/** `09:30`, and `24:00`. */
function timeOf(written: string): number {
  const [hours = 0, minutes = 0] = written.split(':').map(Number);
  return hours * HOUR + minutes * 60_000;
}

/** `2026-12-01`, or with a time. */
const localOf = (written: string): Local => Date.parse(written.length === 10 ? `${written}T00:00Z` : `${written}Z`);

const dayOfWeek = (name: string): number => WEEKDAYS.findIndex((day) => day === name);

/** Null where they are all time there is. */
function windowsOf(written: readonly WrittenWindow[]): readonly Window[] | null {
  const windows = written.map(windowOf);
  const days = new Set(windows.flatMap(({ days, from, to }) => (from === 0 && to === DAY ? days.weekdays : [])));
  return days.size === 7 ? null : windows;
}

function windowOf({ days = 'sun-sat', from = '00:00', to = '24:00' }: WrittenWindow): Window {
  const [begin = '', beginDay = ''] = from.split(' ').toReversed();
  const [end = '', endDay = ''] = to.split(' ').toReversed();
  if (beginDay !== '') {
    const weekday = dayOfWeek(beginDay);
    const until = (dayOfWeek(endDay) - weekday) * DAY + timeOf(end);
    const length = until > timeOf(begin) ? until : until + WEEK;
    return { days: { weekdays: [weekday], holiday: false, workday: false }, from: timeOf(begin), to: length };
  }
  const words = [days].flat();
  const weekdays = words.filter((word) => word !== 'holiday' && word !== 'workday').flatMap(daysOf);
  return {
    days: {
      weekdays: [...new Set(weekdays)].toSorted((a, b) => a - b),
      holiday: words.includes('holiday'),
      workday: words.includes('workday'),
    },
    from: timeOf(begin),
    to: timeOf(end) > timeOf(begin) ? timeOf(end) : timeOf(end) + DAY,
  };
}

/** `mon-fri`, and `sat-mon` over the end of the week. */
function daysOf(written: string): readonly number[] {
  const [first = 0, last = first] = written.split('-').map(dayOfWeek);
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
}

const UNITS = { h: 'hours', d: 'days', w: 'weeks', mo: 'months' } as const;

function everyOf(written: string): Pick<Rotation, 'unit' | 'count'> {
  const [, count = '', unit = ''] = /^(\d+)(h|d|w|mo)$/.exec(written) ?? [];
  return { unit: UNITS[unit as keyof typeof UNITS], count: Number(count) };
}

/** The time, and the day before it. */
function handOffOf(written: string): readonly [time: string, day: string | undefined] {
  const [time = '', day] = written.split(' ').toReversed();
  return [time, day];
}

function rotationOf({ every, handOff, from }: NonNullable<ScheduleFile['layers'][number]['rotation']>): Rotation {
  const [time, day = ''] = handOffOf(handOff);
  const { unit, count } = everyOf(every);
  return {
    unit,
    count,
    day: unit === 'weeks' ? dayOfWeek(day) : unit === 'months' ? Number(day) : 0,
    time: timeOf(time),
    from,
  };
}

function overrideOf(written: NonNullable<ScheduleFile['overrides']>[number], timeZone: string): Override {
  const { from, to, instead = null, layer, shift, people, note = null } = written;
  if (layer !== undefined && shift !== undefined) {
    const [date = '', time] = shift.split('T');
    return { people, note, of: { kind: 'shift', layer, date, time: time === undefined ? null : timeOf(time) } };
  }
  const at = (written = ''): number => toInstant(localOf(written), timeZone);
  return { people, note, of: { kind: 'time', from: at(from), to: at(to), instead } };
}

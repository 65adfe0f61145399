import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readCalendarHosts, readPeoplePath, readSchedulesFolder } from '../config/config.js';
import type { LiveOverride } from '../contract/duty-schema.js';
import { withCalendars } from '../duty/calendar/calendar-layers.js';
import { fetchCalendar } from '../duty/calendar/fetch-calendar.js';
import { checkSchedule, checkTogether, type ReadSchedule } from '../duty/check-schedule.js';
import { isHolidayFile, readSchedule } from '../duty/read-schedule.js';
import type { CalendarSource, Schedule } from '../duty/schedule.js';
import type { People } from '../people/read-people.js';
import { Problems, type Problem } from '../yaml-file/problem.js';
import { UsageError } from './exit-code.js';
import { describeReadFailure, fileProblems, peopleOf, readSource, type FileProblems } from './file-problems.js';

/** What has become of one schedule: with a reading it can be used, whatever `check` says of it. */
export interface ScheduleFileReading extends FileProblems {
  readonly reading: ReadSchedule | undefined;
  readonly source: string;
}

/** And not a file. */
export const isName = (named: string): boolean => /^[a-z0-9][a-z0-9-]*$/.test(named);

/**
 * @param named A file, or the name of a schedule in the folder of schedules.
 * @param people Whom calendars may name; without them any handle is taken on trust.
 * @param around The moment around which the shifts of calendars are known.
 */
function readScheduleFile(named: string, people?: People, around = Date.now()): ScheduleFileReading {
  const file = isName(named) ? join(readSchedulesFolder(process.env), `${named}.yaml`) : named;
  const read = readSource(file);
  if (!read.ok) return { ...read, reading: undefined, source: '' };
  const { source } = read;
  const reading = readSchedule(source, (path) => calendarBytes(resolve(dirname(file), path)).toString());
  const problems = fileProblems(file, source, reading.problems);
  if (!reading.ok) return { ...problems, reading: undefined, source };
  const bytesOf = ({ kind, path }: CalendarSource) => {
    const place = resolve(dirname(file), path);
    if (kind === 'file') return calendarBytes(place);
    const bytes = fetched.get(place) ?? new Error('it has not been fetched');
    if (bytes instanceof Error) throw bytes;
    return bytes;
  };
  return {
    ...problems,
    reading: { ...reading, ...withCalendars(reading.schedule, bytesOf, { around, people }) },
    source,
  };
}

export type NamedScheduleReading = ScheduleFileReading & {
  /** By which policies name it. */
  readonly name: string;
};

/**
 * All schedules of a folder, without the files of holidays; null: the folder cannot be read.
 *
 * @param people Whom calendars may name; without them any handle is taken on trust.
 */
export async function readSchedulesIn(
  folder: string,
  people?: People,
): Promise<readonly NamedScheduleReading[] | null> {
  const names = yamlFilesIn(folder);
  if (names === null) return null;
  await fetchCalendars(names.map((name) => join(folder, `${name}.yaml`)));
  const readings = names.map((name) => ({ name, ...readScheduleFile(join(folder, `${name}.yaml`), people) }));
  const calendars = new Set(
    readings.flatMap(({ reading }) =>
      [reading?.file.value?.holidays ?? []].flat().map((path) => resolve(folder, path)),
    ),
  );
  return readings.filter(({ file, source }) => !calendars.has(resolve(file)) && !isHolidayFile(source));
}

/** Without `.yaml`, by name; null: the folder cannot be read. */
export function yamlFilesIn(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => file.slice(0, -'.yaml'.length))
      .toSorted();
  } catch {
    return null;
  }
}

export interface NamedSchedule {
  readonly name: string;
  readonly schedule: Schedule;
}

/** @throws UsageError with what is wrong with one of them, or with the folder. */
export async function usableSchedulesIn(folder: string): Promise<readonly NamedSchedule[]> {
  const readings = await readSchedulesIn(folder);
  if (readings === null) throw new UsageError([`--schedules ${folder}: the folder cannot be read`]);
  const broken = readings.filter(({ reading }) => reading === undefined).flatMap(({ described }) => described);
  if (broken.length > 0) throw new UsageError(broken);
  return readings.flatMap(({ name, reading }) => (reading === undefined ? [] : [{ name, schedule: reading.schedule }]));
}

/** By the files that hold their addresses. */
const fetched = new Map<string, Buffer | Error>();

/** Fetches the calendars of these schedules, so that they can be read; what cannot be fetched is said where it is read. */
export async function fetchCalendars(named: readonly string[]): Promise<void> {
  const hosts = readCalendarHosts(process.env);
  for (const { reading, file } of named.map((one) => readScheduleFile(one))) {
    for (const { calendar } of reading?.schedule.layers ?? []) {
      if (calendar?.source.kind !== 'address') continue;
      const place = resolve(dirname(file), calendar.source.path);
      try {
        fetched.set(place, await fetchCalendar(calendarBytes(place).toString(), hosts));
      } catch (error) {
        fetched.set(place, error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}

/** @throws UsageError with what is wrong with it. */
export function usableSchedule(named: string, around = Date.now()): Schedule {
  const people = readPeoplePath(process.env);
  const { reading, described } = readScheduleFile(named, people === null ? undefined : peopleOf(people), around);
  if (reading === undefined) throw new UsageError(described);
  for (const { layer, source, why, problems, unknown } of reading.calendars) {
    if (why !== null) throw new UsageError([`${source.path}, the calendar of "${layer}", cannot be used: ${why}`]);
    if (problems.length + unknown.length === 0) continue;
    console.error(`${source.path}: some events call nobody: pigeonflow schedule check ${named} names them`);
  }
  for (const { calendar, why } of reading.unread)
    console.error(`${calendar} cannot be read, and no day of it counts as a holiday: ${why}`);
  return reading.schedule;
}

function calendarBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(describeReadFailure(error), { cause: error });
  }
}

/**
 * @param now Milliseconds since 1970.
 * @param live The overrides that are not in the files, by the names of their schedules.
 */
export function checkScheduleFiles(
  named: readonly string[],
  people: People | undefined,
  now: number,
  live: ReadonlyMap<string, readonly LiveOverride[]> = new Map(),
): readonly ScheduleFileReading[] {
  const files = named.map((one) => readScheduleFile(one, people, now));
  const handles = people === undefined ? undefined : new Set(people.keys());
  return files.map((file, index) => {
    const { reading, source } = file;
    if (reading === undefined) return file;
    const earlier = files.slice(0, index).flatMap((other) => (other.reading === undefined ? [] : [other.reading]));
    const problems = [
      ...reading.problems,
      ...checkName(file.file, reading),
      ...checkSchedule(reading, { now, live: live.get(named[index] ?? '') ?? [], ...(handles && { people: handles }) }),
      ...earlier.flatMap((other) => checkTogether(other, reading, now)),
    ].toSorted((one, other) => one.place.start - other.place.start);
    return { ...file, ...fileProblems(file.file, source, problems) };
  });
}

/** A policy names it as its file is called. */
function checkName(file: string, { schedule, file: parts }: ReadSchedule): readonly Problem[] {
  const problems = new Problems();
  const name = basename(file, '.yaml');
  if (name !== schedule.name) {
    const message = `the file is called "${basename(file)}" and the schedule "${schedule.name}": rename one of the two`;
    problems.error('name-of-the-file', parts.at(['name']), message);
  }
  return problems.found;
}

import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readSchedulesFolder } from '../config/config.js';
import { checkSchedule, checkTogether, type ReadSchedule } from '../duty/check-schedule.js';
import { readSchedule } from '../duty/read-schedule.js';
import type { Schedule } from '../duty/schedule.js';
import { Problems, type Problem } from '../yaml-file/problem.js';
import { UsageError } from './exit-code.js';
import { describeReadFailure, fileProblems, readSource, type FileProblems } from './file-problems.js';

/** What has become of one schedule: with a reading it can be used, whatever `check` says of it. */
export interface ScheduleFileReading extends FileProblems {
  readonly reading: ReadSchedule | undefined;
  readonly source: string;
}

/** And not a file. */
export const isName = (named: string): boolean => /^[a-z0-9][a-z0-9-]*$/.test(named);

/** @param named A file, or the name of a schedule in the folder of schedules. */
function readScheduleFile(named: string): ScheduleFileReading {
  const file = isName(named) ? join(readSchedulesFolder(process.env), `${named}.yaml`) : named;
  const read = readSource(file);
  if (!read.ok) return { ...read, reading: undefined, source: '' };
  const { source } = read;
  const reading = readSchedule(source, (path) => calendarText(resolve(dirname(file), path)));
  return { ...fileProblems(file, source, reading.problems), reading: reading.ok ? reading : undefined, source };
}

/** @throws UsageError with what is wrong with it. */
export function usableSchedule(named: string): Schedule {
  const { reading, described } = readScheduleFile(named);
  if (reading === undefined) throw new UsageError(described);
  for (const { calendar, why } of reading.unread)
    console.error(`${calendar} cannot be read, and no day of it counts as a holiday: ${why}`);
  return reading.schedule;
}

function calendarText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(describeReadFailure(error), { cause: error });
  }
}

/** @param now Milliseconds since 1970. */
export function checkScheduleFiles(
  named: readonly string[],
  people: ReadonlySet<string> | undefined,
  now: number,
): readonly ScheduleFileReading[] {
  const files = named.map(readScheduleFile);
  return files.map((file, index) => {
    const { reading, source } = file;
    if (reading === undefined) return file;
    const earlier = files.slice(0, index).flatMap((other) => (other.reading === undefined ? [] : [other.reading]));
    const problems = [
      ...reading.problems,
      ...checkName(file.file, reading),
      ...checkSchedule(reading, { now, ...(people && { people }) }),
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

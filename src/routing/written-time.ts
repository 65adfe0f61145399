import { describeLocated, shortened, type Located } from '../yaml-file/located.js';
import type { Problems } from '../yaml-file/problem.js';
import type { Part, Path, Refusal } from '../yaml-file/schema.js';
import type { Span } from './routes.js';
import { DAYS } from './spans.js';

/** A time of a routing file. Weekly, or once where `from` and `to` are moments. */
export interface WrittenTime {
  readonly days?: string | readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly timeZone?: string;
}

export const DAYS_PATTERN = '^(?:sun|mon|tue|wed|thu|fri|sat)(?:-(?:sun|mon|tue|wed|thu|fri|sat))?$';
const TIME_OF_DAY = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/i;

/** What it means. `zone`: of the file. */
export function spanOf({ days = 'sun-sat', from, to, timeZone }: WrittenTime, zone: string): Span {
  if (from !== undefined && to !== undefined && isMoment(from)) {
    return { kind: 'single', from: Date.parse(from), to: Date.parse(to) };
  }
  const begun = new Set([days].flat().flatMap(daysOf));
  const [start, end] = [minutesOf(from ?? '00:00'), minutesOf(to ?? '24:00')];
  return {
    kind: 'weekly',
    days: [...begun].toSorted((a, b) => a - b),
    from: start,
    to: end < start ? end + 24 * 60 : end,
    timeZone: timeZone ?? zone,
  };
}

/** `mon-fri`, and `sat-mon` over the end of the week. */
function daysOf(written: string): readonly number[] {
  const [first = 0, last = first] = written.split('-').map((name) => DAYS.findIndex((day) => day === name));
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
}

function minutesOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  return hours * 60 + minutes;
}

const isMoment = (written: string | undefined): boolean => /^\d{4}-/.test(written ?? '');

export function refuseDay(located: Located): readonly Refusal[] {
  if (new RegExp(DAYS_PATTERN).test(wordOf(located))) return [];
  const wanted = `a day is one of ${DAYS.slice(1).join(', ')}, sun, or a range such as mon-fri`;
  return [{ code: 'no-day', message: `${wanted}; here stands ${describeLocated(located)}` }];
}

/** Of `from` and `to`. */
export function refuseMoment(located: Located, path: Path): readonly Refusal[] {
  const written = wordOf(located);
  const key = `\`${path.at(-1)}\``;
  if (isMoment(written)) {
    if (RFC_3339.test(written) && !Number.isNaN(Date.parse(written))) return [];
    return [{ code: 'no-moment', message: wantedMoment(key, written) }];
  }
  if (TIME_OF_DAY.test(written)) return [];
  const short = /^\d:[0-5]\d$/.test(written) ? `; write "0${written}"` : '';
  const wanted = `${key} must be a time of day, "09:00" to "24:00", or a moment such as 2026-12-01T22:00:00+09:00`;
  return [{ code: 'no-time-of-day', message: `${wanted}; here stands ${describeLocated(located)}${short}` }];
}

function wantedMoment(key: string, written: string): string {
  const wanted = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?$/.test(written)
    ? '; its time zone is missing, as in 2026-12-01T22:00:00+09:00'
    : ', with date, time and zone: 2026-12-01T22:00:00+09:00';
  return `${key} must be a moment${wanted}; here stands "${shortened(written)}"`;
}

export function checkTime(time: WrittenTime, part: Part, problems: Problems): void {
  const { days, from, to, timeZone } = time;
  if (isMoment(from) || isMoment(to)) return checkMoments(time, part, problems);
  const { place } = part.written;
  if (days === undefined && (from === undefined || to === undefined)) {
    problems.error(
      'missing',
      place,
      '`time` needs `days`, or `from` and `to`, or all of them: { days: mon-fri, from: "09:00", to: "18:00" }',
    );
    return;
  }
  if (minutesOf(from ?? '00:00') === minutesOf(to ?? '24:00')) {
    problems.error(
      'no-time',
      place,
      '`from` and `to` are the same, which leaves no time between them; for the whole day remove both',
    );
  }
  if (timeZone !== undefined || part.hasAtTop('timeZone')) return;
  problems.error(
    'no-time-zone',
    { ...place, end: place.start },
    'days and times of day need a time zone: write it at the top of the file, such as timeZone: Asia/Tokyo',
  );
}

function checkMoments(time: WrittenTime, part: Part, problems: Problems): void {
  const { place } = part.written;
  if (time.days !== undefined) {
    problems.error(
      'ignored-days',
      part.keyAt(['days']),
      '`days` would be ignored: `from` and `to` are moments; remove it, or write times of day',
    );
  }
  for (const key of ['from', 'to'] as const) {
    const written = time[key];
    if (written === undefined) {
      const why = 'a time that is given as moments has a beginning and an end, such as 2026-12-01T22:00:00+09:00';
      problems.error('missing', { ...place, end: place.start }, `\`time\` needs \`${key}\`: ${why}`);
    } else if (!isMoment(written)) {
      problems.error('no-moment', part.at([key]), wantedMoment(`\`${key}\``, written));
    }
  }
  const { from = '', to = '' } = time;
  if (!isMoment(from) || !isMoment(to) || Date.parse(to) > Date.parse(from)) return;
  problems.error('no-time', place, '`to` is not after `from`, which leaves no time between them');
}

function wordOf(located: Located): string {
  if (located.kind !== 'scalar') return '';
  return typeof located.value === 'string' ? located.value : located.written;
}

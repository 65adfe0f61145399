import { suggestion } from '../yaml-file/did-you-mean.js';
import type { Place, Placed, Reading } from '../yaml-file/problem.js';
import { Fields } from '../yaml-file/fields.js';
import { describeLocated, shortened, type Located } from '../yaml-file/located.js';
import { readOneOrMore } from '../yaml-file/values.js';
import { DAYS_PATTERN, TIME_OF_DAY_PATTERN, TimeSchema } from './routes-file-schema.js';
import type { Span } from './routes.js';
import { DAYS, isTimeZone } from './spans.js';

const HINTS = {
  date: 'write the moments: from: 2026-12-01T22:00:00+09:00, to: 2026-12-02T02:00:00+09:00',
  weekly: 'write `days`, `from` and `to` here: they repeat each week',
  until: 'it is called `to`',
  start: 'it is called `from`',
  end: 'it is called `to`',
  zone: 'it is called `timeZone`',
};

/** One time. Weekly, or once where `from` and `to` are moments. `zone`: of the file. */
export function readTime(located: Located, zone: string | undefined, reading: Reading): Placed<Span> | undefined {
  const fields = Fields.read(located, { what: '`time`', schema: TimeSchema, hints: HINTS }, reading);
  if (fields === undefined) return undefined;
  const ownZone = fields.get('timeZone');
  const timeZone = ownZone === undefined ? zone : readTimeZone(ownZone, reading);
  const [days, from, to] = [fields.get('days'), fields.get('from'), fields.get('to')];
  if (isMoment(from) || isMoment(to)) return readMoments(fields, reading);
  if (days === undefined && (from === undefined || to === undefined)) {
    reading.error(
      'missing',
      located.place,
      '`time` needs `days`, or `from` and `to`, or all of them: { days: mon-fri, from: "09:00", to: "18:00" }',
    );
    return undefined;
  }
  const span = {
    kind: 'weekly',
    days: days === undefined ? DAYS.map((_, day) => day) : readDays(days, reading),
    ...readHours(from, to, located.place, reading),
  } as const;
  if (timeZone === undefined) {
    if (ownZone === undefined) {
      reading.error(
        'no-time-zone',
        { ...located.place, end: located.place.start },
        'days and times of day need a time zone: write it at the top of the file, such as timeZone: Asia/Tokyo',
      );
    }
    return undefined;
  }
  return { value: { ...span, timeZone }, place: located.place };
}

export function readTimeZone(located: Located, reading: Reading): string | undefined {
  const written = located.kind === 'scalar' ? located.written : '';
  // "+09:00" and "JST" are taken by some engines only, and know no summer time.
  if ((written.includes('/') || written === 'UTC') && isTimeZone(written)) return written;
  const said =
    located.kind === 'scalar' && located.value !== null ? `"${shortened(written)}"` : describeLocated(located);
  const japan = /^(?:jst|\+0?9(?::?00)?|japan standard time)$/i.test(written);
  const instead = japan
    ? '; did you mean "Asia/Tokyo"?'
    : suggestion(written, Intl.supportedValuesOf('timeZone'), 'names of the IANA database');
  reading.error('unknown-time-zone', located.place, `${said} is no time zone${instead}`);
  return undefined;
}

function readDays(located: Located, reading: Reading): readonly number[] {
  const ranges = readOneOrMore(located, '`days`', 7, reading, (item) => {
    const written = item.kind === 'scalar' ? item.written : '';
    if (new RegExp(DAYS_PATTERN).test(written)) return daysOf(written);
    reading.error(
      'no-day',
      item.place,
      `a day is one of ${DAYS.slice(1).join(', ')}, sun, or a range such as mon-fri; here stands ${describeLocated(item)}`,
    );
    return undefined;
  });
  return DAYS.map((_, day) => day).filter((day) => ranges.some((range) => range.includes(day)));
}

/** `mon-fri`, and `sat-mon` over the end of the week. */
function daysOf(written: string): readonly number[] {
  const [first = 0, last = first] = written.split('-').map((name) => DAYS.findIndex((day) => day === name));
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
}

function readHours(
  from: Located | undefined,
  to: Located | undefined,
  place: Place,
  reading: Reading,
): { readonly from: number; readonly to: number } {
  const start = from === undefined ? 0 : readTimeOfDay(from, '`from`', reading);
  const end = to === undefined ? 24 * 60 : readTimeOfDay(to, '`to`', reading);
  if (start === undefined || end === undefined) return { from: 0, to: 0 };
  if (start === end) {
    reading.error(
      'no-time',
      place,
      '`from` and `to` are the same, which leaves no time between them; for the whole day remove both',
    );
  }
  return { from: start, to: end < start ? end + 24 * 60 : end };
}

function readTimeOfDay(located: Located, what: string, reading: Reading): number | undefined {
  const written = located.kind === 'scalar' ? located.written : '';
  if (new RegExp(TIME_OF_DAY_PATTERN).test(written)) {
    const [hours = 0, minutes = 0] = written.split(':').map(Number);
    return hours * 60 + minutes;
  }
  const short = /^\d:[0-5]\d$/.test(written) ? `; write "0${written}"` : '';
  reading.error(
    'no-time-of-day',
    located.place,
    `${what} must be a time of day, "09:00" to "24:00", or a moment such as 2026-12-01T22:00:00+09:00; here stands ${describeLocated(located)}${short}`,
  );
  return undefined;
}

function isMoment(located: Located | undefined): boolean {
  return located?.kind === 'scalar' && /^\d{4}-/.test(located.written);
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/i;

function readMoments(fields: Fields, reading: Reading): Placed<Span> | undefined {
  const days = fields.get('days');
  if (days !== undefined) {
    reading.error(
      'ignored-days',
      fields.keyPlace('days'),
      '`days` would be ignored: `from` and `to` are moments; remove it, or write times of day',
    );
  }
  const why = 'a time that is given as moments has a beginning and an end, such as 2026-12-01T22:00:00+09:00';
  const [start, end] = (['from', 'to'] as const).map((key) => {
    const located = fields.require(key, why);
    return located && readMoment(located, `\`${key}\``, reading);
  });
  if (start === undefined || end === undefined) return undefined;
  if (end <= start) {
    reading.error('no-time', fields.place, '`to` is not after `from`, which leaves no time between them');
    return undefined;
  }
  return { value: { kind: 'single', from: start, to: end }, place: fields.place };
}

function readMoment(located: Located, what: string, reading: Reading): number | undefined {
  const written = located.kind === 'scalar' ? located.written : '';
  const moment = RFC_3339.test(written) ? Date.parse(written) : NaN;
  if (!Number.isNaN(moment)) return moment;
  const zone = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?$/.test(written)
    ? '; its time zone is missing, as in 2026-12-01T22:00:00+09:00'
    : ', with date, time and zone: 2026-12-01T22:00:00+09:00';
  reading.error('no-moment', located.place, `${what} must be a moment${zone}; here stands ${describeLocated(located)}`);
  return undefined;
}

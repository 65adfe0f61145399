import type { Span, WeeklySpan } from './routes.js';

/** In the order of `Date.getDay`. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const MINUTES_OF_A_DAY = 1_440;

/** @param at Milliseconds since 1970. */
export function isWithin(span: Span, at: number): boolean {
  if (span.kind === 'single') return span.from <= at && at < span.to;
  const { day, minute } = localTime(at, span.timeZone);
  return (
    (span.days.includes(day) && span.from <= minute && minute < span.to) ||
    // It began yesterday.
    (span.days.includes((day + 6) % 7) && minute + MINUTES_OF_A_DAY < span.to)
  );
}

const clocks = new Map<string, Intl.DateTimeFormat>();

interface LocalTime {
  /** 0 is Sunday. */
  readonly day: number;
  /** Since midnight. */
  readonly minute: number;
}

/** What calendar and clock show in a time zone. */
function localTime(at: number, timeZone: string): LocalTime {
  const parts = clockOf(timeZone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
  return {
    day: DAYS.findIndex((day) => part('weekday').toLowerCase().startsWith(day)),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const options = { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const clock = new Intl.DateTimeFormat('en-US', options);
  clocks.set(timeZone, clock);
  return clock;
}

/** `mon, tue 09:00–18:00 Asia/Tokyo` */
export function describeSpan(span: Span): string {
  if (span.kind === 'single') return `${new Date(span.from).toISOString()} – ${new Date(span.to).toISOString()}`;
  const days = span.days.length === DAYS.length ? '' : `${span.days.map((day) => DAYS[day]).join(', ')} `;
  return `${days}${timeOfDay(span.from)}–${timeOfDay(span.to)} ${span.timeZone}`;
}

/** The moment, in the zones by which it was judged. */
export function describeMoment(at: number, spans: readonly Span[]): string {
  const zones = new Set(spans.flatMap((span) => (span.kind === 'weekly' ? [span.timeZone] : [])));
  const local = [...zones].map((timeZone) => {
    const { day, minute } = localTime(at, timeZone);
    return `${DAYS[day]} ${timeOfDay(minute)} in ${timeZone}`;
  });
  return local.length === 0 ? new Date(at).toISOString() : local.join(', ');
}

function timeOfDay(minutes: WeeklySpan['from']): string {
  const within = minutes > MINUTES_OF_A_DAY ? minutes - MINUTES_OF_A_DAY : minutes;
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
}

/** Times for people, in the zone of the process. */

/** Set by the worker in front of the bundle, since workflows cannot read its configuration; elsewhere by `speak`. */
declare global {
  var pigeonflowTimeZone: string | undefined;
}

const UTC = 'UTC';

export const timeZone = (): string => globalThis.pigeonflowTimeZone ?? UTC;

/** The name of the zone at that time, as people write it: `UTC`, `JST`, `GMT+5:30`. */
export const zoneName = (at: number | string): string => (timeZone() === UTC ? UTC : partsOf(at).zone);

/** `2026-11-23 01:38:17 UTC`, of epoch milliseconds or RFC 3339. */
export const clock = (at: number | string): string => {
  const { day, time, zone } = partsOf(at);
  return `${day} ${time} ${zone}`;
};

/** `2026-11-23 01:38:17`: where the zone is said elsewhere. */
export const clockWithoutZone = (at: number | string): string => {
  const { day, time } = partsOf(at);
  return `${day} ${time}`;
};

/** `2026-11-23 01:38`, of the same. */
export const minute = (at: number | string): string => clockWithoutZone(at).slice(0, -3);

interface Parts {
  readonly day: string;
  readonly time: string;
  readonly zone: string;
}

function partsOf(at: number | string): Parts {
  const epochMs = typeof at === 'string' ? Date.parse(at) : at;
  const zone = timeZone();
  if (zone !== UTC) return partsIn(zone, epochMs);
  const utc = new Date(epochMs).toISOString();
  return { day: utc.slice(0, 10), time: utc.slice(11, 19), zone };
}

const partsIn = lastZone((zone) => {
  const format = formatIn('en-US', zone);
  // ICU knows each zone's short name in the languages of its people: JST is GMT+9 to Americans.
  const japanese = formatIn('ja-JP', zone);
  return (epochMs: number): Parts => {
    const part = partsBy(format, epochMs);
    const name = part('timeZoneName');
    const local = /^GMT[+-]/.test(name) ? partsBy(japanese, epochMs)('timeZoneName') : name;
    return {
      day: `${part('year')}-${part('month')}-${part('day')}`,
      time: `${part('hour')}:${part('minute')}:${part('second')}`,
      zone: local,
    };
  };
});

const formatIn = (locale: string, zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });

function partsBy(format: Intl.DateTimeFormat, epochMs: number): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = format.formatToParts(epochMs);
  return (type) => parts.find((part) => part.type === type)?.value ?? '';
}

/** To make a formatter takes as long as to use it a hundred times. A process has one zone, so one is kept. */
function lastZone(make: (zone: string) => (epochMs: number) => Parts): (zone: string, epochMs: number) => Parts {
  let made: { readonly zone: string; readonly parts: (epochMs: number) => Parts } | undefined;
  return (zone, epochMs) => {
    if (made?.zone !== zone) made = { zone, parts: make(zone) };
    return made.parts(epochMs);
  };
}

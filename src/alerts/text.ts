import { createHash } from 'node:crypto';

/** Half a character, and what only changes the direction of the characters beside it. */
const UNSEEN = /[\p{Cs}\u202A-\u202E\u2066-\u2069]/gu;

/** Colours and the like of a terminal, before their escape character is taken away and the rest would stay. */
const TERMINAL = /\u001B(?:\[[0-9;?]{0,40}[ -/]{0,9}[@-~]|[@-Z\\^_])/g; // eslint-disable-line no-control-regex

/** On one line, without what can be neither seen nor spoken; cut to `longest` UTF-16 units, with "…" at the end. */
export function oneLine(text: string, longest: number): string {
  return cut(
    beginning(text, longest)
      .replaceAll(TERMINAL, '')
      .replaceAll(UNSEEN, '')
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
    longest,
  );
}

/** As it came, lines and all, without control characters; cut to `longest` UTF-16 units. */
export function manyLines(text: string, longest: number): string {
  return cut(
    beginning(text, longest)
      .replaceAll(TERMINAL, '')
      .replaceAll(UNSEEN, '')
      .replaceAll(/[^\P{Cc}\n\t]/gu, '')
      .trim(),
    longest,
  );
}

/** Of a text of megabytes only what may be kept is looked at. */
function beginning(text: string, longest: number): string {
  return text.slice(0, longest * 4);
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const kept = text.slice(0, longest - 1);
  const half = /[\uD800-\uDBFF]$/.test(kept);
  return `${half ? kept.slice(0, -1) : kept}…`;
}

/** A key cannot be cut: two would become one. A long one keeps its beginning, and the rest as a hash. */
export function boundedKey(key: string, longest: number): string {
  const whole = key.replaceAll(/\p{Cs}/gu, '\uFFFD');
  if (whole.length <= longest) return whole;
  const hash = createHash('sha256').update(whole).digest('hex');
  return `${cut(whole, longest - hash.length - 1)}#${hash}`;
}

/** An address of the web, without a user's name and password in it; undefined for anything else. */
export function webLink(text: string, longest: number): string | undefined {
  if (text.length > longest || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  url.username = '';
  url.password = '';
  return url.href.length > longest ? undefined : url.href;
}

/** Where a tool has stopped to measure, its usual words would say what it can no longer know. */
export function withoutData(text: string | undefined): string | undefined {
  return text === undefined || /no data|データなし|欠測/i.test(text) ? text : `No data: ${text}`;
}

/** All values of each name, in their order. */
export function byName(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, Set<string>>();
  for (const [name, value] of pairs) found.set(name, (found.get(name) ?? new Set()).add(value));
  return Object.fromEntries([...found].map(([name, values]) => [name, [...values]]));
}

const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)$/i;

/**
 * RFC 3339 in UTC, of a text with a time zone or of a number of seconds or milliseconds since 1970. Undefined for
 * anything else, and for what tools write where they know no time ("0001-01-01T00:00:00Z", 0).
 */
export function utcTime(written: string | number | undefined): string | undefined {
  const ms = typeof written === 'number' ? epochMs(written) : written === undefined ? NaN : textMs(written.trim());
  return ms > 0 && ms < Date.UTC(10_000, 0) ? new Date(ms).toISOString() : undefined;
}

function textMs(text: string): number {
  if (/^\d{9,14}$/.test(text)) return epochMs(Number(text));
  return TIME.test(text) && text.length <= 64 ? Date.parse(text.replace(/\s/, 'T').replace(/\s/, '')) : NaN;
}

/** In seconds the year 2286 has ten digits; in milliseconds 2001 has thirteen. */
function epochMs(number: number): number {
  return number < 10_000_000_000 ? number * 1_000 : number;
}

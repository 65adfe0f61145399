import { DURATION_PATTERN, durationMs } from '../contract/duration.js';
import { describeLocated, shortened, type Located, type LocatedList } from './located.js';
import type { Placed, Problems } from './problem.js';

/** A text that is not empty. `what` begins the message: "the name". */
export function readText(
  located: Located,
  what: string,
  longest: number,
  reading: Problems,
): Placed<string> | undefined {
  const { place } = located;
  if (located.kind !== 'scalar' || typeof located.value !== 'string') {
    const braces =
      located.kind === 'map'
        ? ', which is how YAML reads { }; put the text in quotes: "…"'
        : '; put the text in quotes: "…"';
    const isNothing = located.kind === 'scalar' && located.value === null;
    reading.error(
      'no-text',
      place,
      isNothing
        ? `${what} is empty; write it, or remove the line`
        : `${what} must be text, and here stands ${describeLocated(located)}${braces}`,
    );
    return undefined;
  }
  if (located.value.trim() === '') {
    reading.error('empty-text', place, `${what} is empty; write it, or remove the line`);
    return undefined;
  }
  if (located.value.length > longest) {
    reading.error(
      'long-text',
      place,
      `${what} has ${located.value.length} characters; at most ${longest} are possible`,
    );
    return undefined;
  }
  return { value: located.value, place };
}

/** A text on one line, without spaces around it. */
export function readLine(
  located: Located,
  what: string,
  longest: number,
  reading: Problems,
): Placed<string> | undefined {
  const read = readText(located, what, longest, reading);
  const value = read?.value.trim();
  if (read === undefined || value === undefined) return undefined;
  if (!/[\t\r\n]/.test(value)) return { ...read, value };
  reading.error('several-lines', read.place, `${what} must be on one line, without tabs`);
  return undefined;
}

/** A short word that fits a pattern, such as a name. */
export function readWord(
  located: Located,
  { what, pattern, allowed }: { readonly what: string; readonly pattern: string; readonly allowed: string },
  reading: Problems,
): Placed<string> | undefined {
  const { place } = located;
  if (located.kind !== 'scalar' || typeof located.value !== 'string') {
    const quotes =
      located.kind === 'scalar' && located.value !== null ? `; put it in quotes: "${shortened(located.written)}"` : '';
    reading.error('no-word', place, `${what} must be a word, and here stands ${describeLocated(located)}${quotes}`);
    return undefined;
  }
  const { value } = located;
  if (!new RegExp(pattern, 'u').test(value)) {
    reading.error('bad-word', place, `${what} cannot be "${shortened(value)}"; ${allowed}`);
    return undefined;
  }
  return { value, place };
}

export function readBoolean(located: Located, what: string, reading: Problems): boolean | undefined {
  if (located.kind === 'scalar' && typeof located.value === 'boolean') return located.value;
  const written = located.kind === 'scalar' ? ` (without quotes)` : '';
  reading.error(
    'no-boolean',
    located.place,
    `${what} must be true or false${written}; here stands ${describeLocated(located)}`,
  );
  return undefined;
}

export function readWhole(
  located: Located,
  { what, most, why }: { readonly what: string; readonly most: number; readonly why?: string },
  reading: Problems,
): Placed<number> | undefined {
  const value = located.kind === 'scalar' && !located.quoted ? located.value : undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) {
    return { value, place: located.place };
  }
  const quotes =
    located.kind === 'scalar' && located.quoted && /^\d+$/.test(located.written) ? ' (without quotes)' : '';
  reading.error(
    'no-whole-number',
    located.place,
    `${what} must be a whole number from 1 to ${most}${quotes}, and here stands ${describeLocated(located)}${why === undefined ? '' : `; ${why}`}`,
  );
  return undefined;
}

/** A number of seconds, whole or not, from 1 on. */
export function readSeconds(
  located: Located,
  { what, most }: { readonly what: string; readonly most: number },
  reading: Problems,
): Placed<number> | undefined {
  const value = located.kind === 'scalar' ? located.value : undefined;
  if (typeof value === 'number' && value >= 1 && value <= most) return { value, place: located.place };
  const seconds = located.kind === 'scalar' ? inSeconds(located.written) : undefined;
  reading.error(
    'no-seconds',
    located.place,
    `${what} is a number of seconds from 1 to ${most}, without quotes or a unit; here stands ${describeLocated(located)}${seconds === undefined ? '' : `; write ${seconds}`}`,
  );
  return undefined;
}

interface DurationShape {
  readonly what: string;
  /** The longest that can be meant, and why. */
  readonly longest: string;
  readonly why: string;
  /** Shorter is hardly meant: a warning that says why. */
  readonly shortest?: { readonly duration: string; readonly why: string };
}

export function readDuration(
  located: Located,
  { what, longest, why, shortest }: DurationShape,
  reading: Problems,
): Placed<string> | undefined {
  const { place } = located;
  const written = located.kind === 'scalar' ? located.written : '';
  if (!new RegExp(DURATION_PATTERN).test(written)) {
    const zero = /^0+\s*[a-z]*$/i.test(written);
    reading.error(
      zero ? 'duration-of-zero' : 'no-duration',
      place,
      zero
        ? `${what} cannot be ${written}: nothing would be waited for; the shortest is 1s`
        : `${what} must be a whole number and one unit, such as 30s, 5m, 4h or 2d; here stands ${describeLocated(located)}${meant(written)}`,
    );
    return undefined;
  }
  if (durationMs(written) > durationMs(longest)) {
    reading.error('long-duration', place, `${what} is ${written}, and cannot be longer than ${longest}: ${why}`);
    return undefined;
  }
  if (shortest !== undefined && durationMs(written) < durationMs(shortest.duration)) {
    reading.warning('short-duration', place, `${what} is ${written}, which is hardly meant: ${shortest.why}`);
  }
  return { value: written, place };
}

/** `; write 90m` for `1h30m`, `5 min` and the like. */
function meant(written: string): string {
  if (/^[1-9]\d*$/.test(written)) return `; of what? ${written}s, ${written}m or ${written}h`;
  const total = inSeconds(written);
  if (total === undefined) return '';
  const [size, unit] = (
    [
      [86_400, 'd'],
      [3_600, 'h'],
      [60, 'm'],
    ] as const
  ).find(([size]) => total % size === 0) ?? [1, 's'];
  const duration = `${total / size}${unit}`;
  return new RegExp(DURATION_PATTERN).test(duration) ? `; write ${duration}` : '';
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  秒: 1,
  m: 60,
  分: 60,
  h: 3_600,
  時: 3_600,
  d: 86_400,
  日: 86_400,
};

function inSeconds(written: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?\s*[a-z秒分時間日]+\s*)+$/i.test(written) || /\dms/.test(written)) return undefined;
  let total = 0;
  for (const [, count, unit] of written.matchAll(/(\d+(?:\.\d+)?)\s*([a-z秒分時日])/gi)) {
    const seconds = UNIT_SECONDS[(unit ?? '').toLowerCase()];
    if (seconds === undefined) return undefined;
    total += Number(count) * seconds;
  }
  return Number.isInteger(total) && total > 0 ? total : undefined;
}

/** Whether a list has at least one value, and at most `most`. */
export function readList({ items, place }: LocatedList, what: string, most: number, reading: Problems): boolean {
  if (items.length === 0) reading.error('empty', place, `${what} is an empty list; write at least one, or remove it`);
  else if (items.length > most)
    reading.error('too-many', place, `${what} has ${items.length} values; at most ${most} are possible`);
  return items.length > 0 && items.length <= most;
}

/** A text, or a number, true or false as it is written. */
export function readValue(
  located: Located,
  what: string,
  longest: number,
  reading: Problems,
): Placed<string> | undefined {
  const { place } = located;
  if (located.kind !== 'scalar' || located.value === null || located.value === '') {
    reading.error('no-value', place, `${what} must be a text; here stands ${describeLocated(located)}`);
    return undefined;
  }
  const value = typeof located.value === 'string' ? located.value : located.written;
  if (value.length > longest) {
    reading.error('long-text', place, `${what} has ${value.length} characters; at most ${longest} are possible`);
    return undefined;
  }
  return { value, place };
}

/** One of these words. `instead` ends the sentence about any other. */
export function readChoice<T extends string>(
  located: Located,
  what: string,
  words: readonly T[],
  instead: (written: string) => string,
  reading: Problems,
): Placed<T> | undefined {
  const written = located.kind === 'scalar' ? located.written : '';
  const value = words.find((word) => word === written);
  if (value !== undefined) return { value, place: located.place };
  const said =
    located.kind === 'scalar' && located.value !== null ? `"${shortened(written)}"` : describeLocated(located);
  reading.error('unknown-value', located.place, `${what} cannot be ${said}${instead(written)}`);
  return undefined;
}

import type { Placed } from '../../policy-file/problem.js';
import type { Reading } from '../../policy-file/read/reading.js';
import { describeLocated, shortened, type Located } from '../../policy-file/yaml/located.js';

/** One value, or a list of at least one and at most `most`. What cannot be read has been reported, and is left out. */
export function readOneOrMore<T>(
  located: Located,
  what: string,
  most: number,
  reading: Reading,
  read: (item: Located) => T | undefined,
): readonly T[] {
  if (located.kind !== 'list') return [read(located)].filter((value) => value !== undefined);
  if (located.items.length === 0)
    reading.error('empty', located.place, `${what} is an empty list; write at least one, or remove it`);
  if (located.items.length > most) {
    reading.error(
      'too-many',
      located.place,
      `${what} has ${located.items.length} values; at most ${most} are possible`,
    );
    return [];
  }
  return located.items.map(read).filter((value) => value !== undefined);
}

/** A text, or a number, true or false as it is written. */
export function readValue(
  located: Located,
  what: string,
  longest: number,
  reading: Reading,
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
  reading: Reading,
): Placed<T> | undefined {
  const written = located.kind === 'scalar' ? located.written : '';
  const value = words.find((word) => word === written);
  if (value !== undefined) return { value, place: located.place };
  const said =
    located.kind === 'scalar' && located.value !== null ? `"${shortened(written)}"` : describeLocated(located);
  reading.error('unknown-value', located.place, `${what} cannot be ${said}${instead(written)}`);
  return undefined;
}

import type { Reading } from './reading.js';
import { describeLocated, type Located, type LocatedEntry } from '../yaml/located.js';
import { readWord } from './values.js';

interface NamedShape {
  readonly what: string;
  readonly each: { readonly what: string; readonly pattern: string; readonly allowed: string };
}

/** A mapping whose keys are names that the author chose: steps, contacts. What cannot be read is left out. */
export function readNamed<T>(
  located: Located,
  { what, each }: NamedShape,
  reading: Reading,
  read: (entry: LocatedEntry, reading: Reading) => T | undefined,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  if (located.kind !== 'map') {
    reading.error('no-mapping', located.place, `${what} is a mapping by name; here stands ${describeLocated(located)}`);
    return found;
  }
  if (located.entries.length === 0) reading.error('empty', located.place, `${what} is empty; write at least one`);
  for (const entry of located.entries) {
    if (entry.key.startsWith('x-')) {
      reading.error(
        'note-among-names',
        entry.keyPlace,
        `"x-…" is free for notes and templates at the top of the file; here it would be ${each.what}. Move it, or choose another name`,
      );
      continue;
    }
    const name = readWord(
      { kind: 'scalar', value: entry.key, written: entry.key, quoted: true, place: entry.keyPlace },
      each,
      reading,
    );
    const value = read(entry, reading);
    if (name !== undefined && value !== undefined) found.set(entry.key, value);
  }
  return found;
}

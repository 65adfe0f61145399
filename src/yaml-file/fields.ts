import { nearest, suggestion } from './did-you-mean.js';
import { describeLocated, shortened, type Located, type LocatedEntry } from './located.js';
import type { Place, Reading } from './problem.js';
import { readWord } from './values.js';

/** What a mapping is called in messages, and the schema that lists its keys. */
export interface Shape {
  readonly what: string;
  readonly schema: { readonly properties: object };
  /** What to say of a key that stands in the wrong place, by key. */
  readonly hints?: Readonly<Record<string, string>>;
}

/** A mapping with fixed keys; keys that are not known have been reported, and are read as what was meant. */
export class Fields {
  readonly place: Place;
  readonly #what: string;
  readonly #entries: ReadonlyMap<string, LocatedEntry>;
  readonly #reading: Reading;
  readonly #misplaced: boolean;

  private constructor(
    place: Place,
    what: string,
    entries: ReadonlyMap<string, LocatedEntry>,
    misplaced: boolean,
    reading: Reading,
  ) {
    this.place = place;
    this.#what = what;
    this.#entries = entries;
    this.#misplaced = misplaced;
    this.#reading = reading;
  }

  /** Nothing, with an error, where it is no mapping. */
  static read(located: Located, shape: Shape, reading: Reading): Fields | undefined {
    const { what, schema } = shape;
    const known = Object.keys(schema.properties);
    if (located.kind !== 'map') {
      reading.error(
        'no-mapping',
        located.place,
        `${what} is a mapping with ${listed(known)}; here stands ${describeLocated(located)}`,
      );
      return undefined;
    }
    const written = new Map(located.entries.map((entry) => [entry.key, entry]));
    const entries = new Map(known.flatMap((key) => written.get(key) ?? []).map((entry) => [entry.key, entry]));
    for (const entry of located.entries) {
      if (entries.has(entry.key) || entry.key.startsWith('x-')) continue;
      const meant = reportUnknown(entry, shape, known, reading);
      if (meant !== undefined && !written.has(meant)) entries.set(meant, entry);
    }
    const misplaced = located.entries.some(({ key }) => !known.includes(key) && hintOf(key, shape) !== undefined);
    return new Fields(located.place, what, entries, misplaced, reading);
  }

  get(key: string): Located | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Where the key itself stands. */
  keyPlace(key: string): Place {
    return this.#entries.get(key)?.keyPlace ?? this.place;
  }

  /** @param why What it is for and how it is written, for whoever has not written it. */
  require(key: string, why: string): Located | undefined {
    const value = this.get(key);
    // What is missing stands in the wrong place or form, and the message about that says where it belongs.
    if (value !== undefined || this.#misplaced) return value;
    // At the beginning alone: a whole step underlined hides what is wrong with it.
    const place = { ...this.place, end: this.place.start };
    this.#reading.error('missing', place, `${this.#what} needs \`${key}\`: ${why}`);
    return undefined;
  }
}

const WIDE_SPACE = 'the line begins with a full-width space, which does not indent; write two half-width ones a level';

/** @returns The key that was meant, where that is plain. */
function reportUnknown(
  { key, keyPlace }: LocatedEntry,
  shape: Shape,
  known: readonly string[],
  reading: Reading,
): string | undefined {
  const said = `${shape.what} has no "${shortened(key)}"`;
  const hint = hintOf(key, shape) ?? (key.startsWith('\u3000') ? WIDE_SPACE : undefined);
  const message = hint === undefined ? `${said}${suggestion(key, known, 'keys')}` : `${said}: ${hint}`;
  reading.error('unknown-key', keyPlace, message);
  return hint === undefined ? nearest(key, known) : undefined;
}

function hintOf(key: string, { hints = {} }: Shape): string | undefined {
  return Object.hasOwn(hints, key) ? hints[key] : undefined;
}

/** `a, b and c` */
function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

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

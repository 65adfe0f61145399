import { nearest, suggestion } from './did-you-mean.js';
import { describeLocated, shortened, type Located, type LocatedEntry } from './located.js';
import type { Place, Problems } from './problem.js';
import type { Names } from './schema.js';
import { readWord } from './values.js';

/** What a mapping is called in messages, and the schema that lists its keys. */
export interface Shape {
  readonly what: string;
  readonly schema: { readonly properties: object };
  /** What to say of a key that is in the wrong place, by key. */
  readonly hints?: Readonly<Record<string, string>>;
}

/** A mapping with fixed keys; keys that are not known have been reported, and are read as what was meant. */
export class Fields {
  readonly place: Place;
  readonly #what: string;
  readonly #entries: ReadonlyMap<string, LocatedEntry>;
  readonly #reading: Problems;
  readonly #misplaced: boolean;

  private constructor(
    place: Place,
    what: string,
    entries: ReadonlyMap<string, LocatedEntry>,
    misplaced: boolean,
    reading: Problems,
  ) {
    this.place = place;
    this.#what = what;
    this.#entries = entries;
    this.#misplaced = misplaced;
    this.#reading = reading;
  }

  /** Nothing, with an error, where it is no mapping. */
  static read(located: Located, shape: Shape, reading: Problems): Fields | undefined {
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

  entry(key: string): LocatedEntry | undefined {
    return this.#entries.get(key);
  }

  /** Whether a key of it was reported that belongs somewhere else. */
  get isMisplaced(): boolean {
    return this.#misplaced;
  }

  /** Where the key itself stands. */
  keyPlace(key: string): Place {
    return this.#entries.get(key)?.keyPlace ?? this.place;
  }

  /** @param why What it is for and how it is written, for anyone who has not written it. */
  require(key: string, why: string): Located | undefined {
    const value = this.get(key);
    // What is missing is in the wrong place or form, and the message about that says where it belongs.
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
  reading: Problems,
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
  readonly each: Names & { readonly pattern: string };
}

/** The entries of a mapping whose keys are names that the author chose, and whether each name is right. */
export function readNames(
  located: Located,
  { what, each }: NamedShape,
  reading: Problems,
): readonly { readonly entry: LocatedEntry; readonly right: boolean }[] | undefined {
  if (located.kind !== 'map') {
    reading.error('no-mapping', located.place, `${what} is a mapping by name; here stands ${describeLocated(located)}`);
    return undefined;
  }
  if (located.entries.length === 0 && each.free !== true)
    reading.error('empty', located.place, `${what} is empty; write at least one`);
  return located.entries.flatMap((entry) => {
    if (entry.key.startsWith('x-') && each.free !== true) {
      reading.error(
        'note-among-names',
        entry.keyPlace,
        `"x-…" is free for notes and templates at the top of the file; here it would be ${each.what}. Move it, or choose another name`,
      );
      return [];
    }
    const refused = each.refuse?.(entry);
    if (refused !== undefined) {
      reading.error(refused.code, entry.keyPlace, refused.message);
      return [{ entry, right: false }];
    }
    const name = { kind: 'scalar', value: entry.key, written: entry.key, quoted: true, place: entry.keyPlace } as const;
    return [{ entry, right: readWord(name, each, reading) !== undefined }];
  });
}

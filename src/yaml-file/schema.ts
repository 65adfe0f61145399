import {
  Type,
  type Static,
  type TObject,
  type TProperties,
  type TSchema,
  type TSchemaOptions,
  type TUnsafe,
} from 'typebox';
import { describeLocated, type Located, type LocatedEntry } from './located.js';
import type { Place, Problems } from './problem.js';

/** The keys and indexes that lead to a part of a file: `['steps', 'primary', 'keys', '1']`. */
export type Path = readonly (string | number)[];

/** A problem of one part. Without a place it is that of the part. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly place?: Place;
}

/** A duration that is longer cannot be meant; one that is shorter is hardly meant, which is a warning. */
export interface DurationBounds {
  readonly longest: string;
  readonly why: string;
  readonly shortest?: { readonly duration: string; readonly why: string };
}

/** What messages say of a part of a file, beside its schema. Nothing of it is published. */
export interface Says {
  /** How a sentence calls it: "a call". Else its key: "`call`". */
  readonly what?: string | ((path: Path) => string);
  /** Of a key that is missing: what it is for, and how it is written. */
  readonly why?: string;
  /** Of a word that does not fit: how it is written. */
  readonly allowed?: string;
  /** Ends the sentence about a value that cannot be. */
  readonly instead?: string | ((written: string) => string);
  /** A text on one line, without spaces around it. */
  readonly line?: true;
  /** The most characters of a text, where the schema does not say. */
  readonly most?: number;
  readonly duration?: DurationBounds;
  /** Of a mapping: what to say of a key that is in the wrong place, by key. */
  readonly hints?: Readonly<Record<string, string>>;
  /** Of a mapping: pairs of keys of which one is needed. */
  readonly either?: readonly Either[];
  /** Of a mapping: keys that would be ignored, since this one is true. */
  readonly ignored?: {
    readonly by: string;
    readonly keys: readonly string[];
    readonly refuse: (key: string) => Refusal;
  };
  /** Of a mapping whose keys are names. */
  readonly names?: Names;
  /** Of a mapping with one key that is an action among others: `{ snooze: 30m }`. */
  readonly example?: string;
  /** It is the name of something in this list at the top of the file. */
  readonly refersTo?: Reference;
  /** Whatever it belongs to is checked without it, if it is wrong. */
  readonly spare?: true;
  /** A number, true or false is a text as well, as it is written. */
  readonly written?: true;
  /** What is wrong in it though its form is right; not asked where a key of it is in a wrong place. */
  readonly check?: (value: never, part: Part, problems: Problems) => void;
  /** What is wrong in it, before the usual is looked for; `fine`: nothing is, and nothing else need be looked for. */
  readonly refuse?: (written: Located, path: Path) => readonly Refusal[] | 'fine';
}

/** A part of a file, and where what is in it is written. Paths begin at the part. */
export interface Part {
  readonly written: Located;
  readonly path: Path;
  at(path: Path): Place;
  /** Where its key is written. */
  keyAt(path: Path): Place;
  /** Where this stands inside of its text; escapes and folded lines may hide it. */
  within(text: string): Place;
  /** Whether the file has this key at its top. */
  hasAtTop(key: string): boolean;
}

export interface Either {
  readonly keys: readonly [string, string];
  /** Where this one is there, none of them is needed. */
  readonly unless?: string;
  /** Where both are written; without it that may be. */
  readonly both?: Refusal;
  /** Where none is: as if the second were missing. */
  readonly why: string;
}

export interface Names {
  readonly what: string;
  readonly allowed: string;
  /** Whether there may be none, and names that begin with "x-". */
  readonly free?: true;
  readonly refuse?: (entry: LocatedEntry) => Refusal | undefined;
}

export interface Reference {
  readonly list: string;
  readonly what: string;
  /** Where the list is empty; without it that is another problem. */
  readonly none?: string;
}

const SAYS = Symbol('says');

/** To spread into the options of a schema: `Type.String({ description: …, ...says({ line: true }) })`. */
export function says(words: Says): TSchemaOptions {
  return { [SAYS]: words };
}

export function saysOf(schema: object): Says {
  return (schema as { readonly [SAYS]?: Says })[SAYS] ?? {};
}

/** A mapping with these keys, and with notes of the author's own under "x-…". */
export function shape<T extends TProperties>(properties: T, description: string, words: Says = {}): TObject<T> {
  const notes = { additionalProperties: false, patternProperties: { '^x-': {} } };
  return Type.Object(properties, { description, ...notes, ...says(words) });
}

/** A mapping whose keys are names of the author's choosing; without a pattern they may be any. */
export function byName<T extends TSchema>(
  each: T,
  pattern: string | undefined,
  { description, minProperties }: { readonly description: string; readonly minProperties?: 1 },
  words: Says,
): TUnsafe<Readonly<Record<string, Static<T>>>> {
  const propertyNames = pattern === undefined ? {} : { propertyNames: { pattern } };
  const map = { description, additionalProperties: each, ...propertyNames };
  return Type.Unsafe(Type.Object({}, { ...map, ...(minProperties && { minProperties }), ...says(words) }));
}

/** `files`: what has the version, "policy files". Without it the sentence does not repeat what is there. */
export function refuseVersion(files?: string): NonNullable<Says['refuse']> {
  return (written) => {
    if (written.kind === 'scalar' && written.value === 1) return 'fine';
    const found = files === undefined ? '' : ` of ${files}, and here stands ${describeLocated(written)}`;
    const message = `this pigeonflow reads version 1${found}; write version: 1, or remove the line`;
    return [{ code: 'version', message }];
  };
}

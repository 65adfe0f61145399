import { maskPrivate } from './mask-private.js';
import type { Place } from './problem.js';

/** YAML as the reader sees it: aliases and merge keys resolved, each part with its place in the file. */
export type Located = LocatedMap | LocatedList | LocatedScalar;

export interface LocatedMap {
  readonly kind: 'map';
  readonly entries: readonly LocatedEntry[];
  readonly place: Place;
}

export interface LocatedEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: Located;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly Located[];
  readonly place: Place;
}

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As it is written, without quotes: `03` where the value is the number 3. */
  readonly written: string;
  readonly quoted: boolean;
  readonly place: Place;
}

/** For messages: "a list", "the number 5", "nothing". */
export function describeLocated(located: Located): string {
  switch (located.kind) {
    case 'map':
      return 'a mapping';
    case 'list':
      return 'a list';
    case 'scalar':
      return describeScalar(located);
    default:
      return located satisfies never;
  }
}

function describeScalar({ value, written, quoted }: LocatedScalar): string {
  if (value === null || (value === '' && !quoted)) return 'nothing';
  if (typeof value === 'string') return `"${shortened(value)}"${/[０-９]/.test(value) ? ' in full-width digits' : ''}`;
  return `the ${typeof value} ${shortened(written)}`;
}

/** Quoted in messages; a long one would hide the rest of the sentence. */
export function shortened(text: string): string {
  const line = maskPrivate(text.replaceAll(/[\s\p{Cc}]+/gu, ' '));
  const characters = Array.from(line);
  return characters.length > 40 ? `${characters.slice(0, 39).join('')}…` : line;
}

/** As plain data, for what is handed on as it is. */
export function plainValue(located: Located): unknown {
  switch (located.kind) {
    case 'map':
      return Object.fromEntries(located.entries.map(({ key, value }) => [key, plainValue(value)]));
    case 'list':
      return located.items.map(plainValue);
    case 'scalar':
      return located.value;
    default:
      return located satisfies never;
  }
}

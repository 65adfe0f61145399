import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { shortened, type Located, type LocatedEntry, type LocatedScalar } from './located.js';
import type { Place, Problems } from './problem.js';

/** Aliases of aliases grow without bound ("billion laughs"); no file of the longest length has so many without them. */
const MOST_PARTS = 150_000;

/** What a text cannot be read aloud with, and a terminal would obey; half a character (a lone surrogate) as well. */
const UNSEEN = /[^\P{Cc}\t\r\n]|\p{Cs}/u;

/** After any other error the rest would only be guessed: a key that stands twice is left out the second time. */
const READABLE = ['key-twice', 'unseen-character'];

/** The tree of the YAML package as ours. Key twice, unknown alias and the like go to `problems`. */
export function locate(document: Document.Parsed, text: string, problems: Problems): Located | undefined {
  const locator = new Locator(document, text, problems);
  const located = document.contents === null ? undefined : locator.locate(document.contents, '');
  return problems.found.some(({ code }) => !READABLE.includes(code)) ? undefined : located;
}

class Locator {
  readonly #lines: Lines;
  readonly #problems: Problems;
  readonly #within: Node[] = [];
  readonly #targets: ReadonlyMap<Alias, Node>;
  #parts = 0;

  constructor(document: Document.Parsed, text: string, problems: Problems) {
    this.#targets = targetsOf(document);
    this.#lines = new Lines(text);
    this.#problems = problems;
  }

  locate(node: unknown, path: string, fallback = 0): Located {
    const resolved = isAlias(node) ? this.#follow(node, path) : node;
    if (!this.#counts(resolved, path)) return nothing(fallback, path);
    if (isScalar(resolved)) return this.#scalar(resolved, path);
    if ((!isMap(resolved) && !isSeq(resolved)) || !this.#enter(resolved, path)) return nothing(fallback, path);
    const located: Located = isMap(resolved)
      ? { kind: 'map', entries: this.#entries(resolved, path), place: placeOf(resolved, path) }
      : {
          kind: 'list',
          items: resolved.items.map((item, index) => this.locate(item, `${path}[${index}]`, startOf(resolved))),
          place: placeOf(resolved, path),
        };
    this.#within.pop();
    return located;
  }

  #follow(alias: Alias, path: string): Node | undefined {
    const target = this.#targets.get(alias);
    if (target === undefined) {
      this.#problems.error(
        'unknown-alias',
        placeOf(alias, path),
        `nothing above is marked "&${alias.source}"; mark the value that you mean, before this line`,
      );
    }
    return target;
  }

  #counts(node: unknown, path: string): boolean {
    this.#parts += 1;
    if (this.#parts === MOST_PARTS) {
      const place = isScalar(node) || isMap(node) || isSeq(node) ? placeOf(node, path) : { start: 0, end: 0, path };
      this.#problems.error('too-many-parts', place, 'aliases make this file too large to read; use fewer of them');
    }
    return this.#parts < MOST_PARTS;
  }

  #enter(node: Node, path: string): boolean {
    if (this.#within.includes(node)) {
      this.#problems.error('alias-of-itself', placeOf(node, path), 'this value contains itself through an alias');
      return false;
    }
    this.#within.push(node);
    return true;
  }

  #scalar(scalar: Scalar, path: string): LocatedScalar {
    const { value, source, type } = scalar;
    // With the core schema there is nothing but these four.
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    const unseen = typeof known === 'string' ? UNSEEN.exec(known)?.[0] : undefined;
    if (unseen !== undefined) {
      const code = (unseen.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      this.#problems.error(
        'unseen-character',
        placeOf(scalar, path),
        `here is a character that nobody sees or hears (U+${code}); remove it, or write the text again`,
      );
    }
    return {
      kind: 'scalar',
      value: known,
      written: source ?? String(known),
      quoted: type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' || type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED',
      place: placeOf(scalar, path),
    };
  }

  #entries(map: YAMLMap, path: string): readonly LocatedEntry[] {
    const own: LocatedEntry[] = [];
    const merged: LocatedEntry[] = [];
    for (const pair of map.items) {
      const key = this.#key(pair, map, path);
      if (key === undefined) continue;
      const keyPath = path === '' ? key.written : `${path}.${key.written}`;
      const value = this.locate(pair.value, keyPath, key.place.end);
      if (key.written === '<<' && !key.quoted) merged.push(...this.#merged(value, key.place));
      else own.push({ key: key.written, keyPlace: { ...key.place, path: keyPath }, value });
    }
    const once = this.#withoutTwice(own);
    return [...once.values(), ...merged.filter(({ key }) => !once.has(key))];
  }

  #key(pair: Pair, map: YAMLMap, path: string): LocatedScalar | undefined {
    const key = isAlias(pair.key) ? this.#follow(pair.key, path) : pair.key;
    if (isScalar(key)) return this.#scalar(key, path);
    const place = isMap(key) || isSeq(key) ? placeOf(key, path) : placeOf(map, path);
    const message = isMap(key)
      ? 'YAML takes these braces for its own; put the whole text in quotes: "{{server}}…"'
      : 'a key must be one word';
    this.#problems.error('key-is-no-word', place, message);
    return undefined;
  }

  /** `<<: *name`, or a list of them, of which the first wins. */
  #merged(value: Located, place: Place): readonly LocatedEntry[] {
    const maps = value.kind === 'list' ? value.items : [value];
    const entries = new Map<string, LocatedEntry>();
    for (const map of maps) {
      if (map.kind !== 'map') {
        this.#problems.error('merge', place, '"<<" merges mappings only: <<: *name, where &name marks a mapping');
        continue;
      }
      for (const entry of map.entries) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    }
    return [...entries.values()];
  }

  #withoutTwice(entries: readonly LocatedEntry[]): ReadonlyMap<string, LocatedEntry> {
    const once = new Map<string, LocatedEntry>();
    for (const entry of entries) {
      const earlier = once.get(entry.key);
      if (earlier === undefined) {
        once.set(entry.key, entry);
        continue;
      }
      const { line } = this.#lines.at(earlier.keyPlace.start);
      this.#problems.error(
        'key-twice',
        entry.keyPlace,
        `"${shortened(entry.key)}" is here twice, first in line ${line}; it can mean only one thing, remove one of the two`,
      );
    }
    return once;
  }
}

/** Where each alias leads: to the last value above that is marked so. One walk for all; the package takes one for each. */
function targetsOf(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const marked = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Alias: (_, alias) => {
      const target = marked.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value: (_, value) => {
      if (value.anchor !== undefined) marked.set(value.anchor, value);
    },
  });
  return targets;
}

function placeOf(node: Node, path: string): Place {
  const [start, end] = node.range ?? [0, 0];
  return { start, end, path };
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function nothing(start: number, path: string): LocatedScalar {
  return { kind: 'scalar', value: null, written: '', quoted: false, place: { start, end: start, path } };
}

/** Line and column of any place in a text, both from 1. A mark of the byte order at its beginning takes no column. */
export class Lines {
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [text.startsWith('\uFEFF') ? 1 : 0];
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
    this.#starts = starts;
  }

  at(offset: number): { readonly line: number; readonly column: number } {
    const starts = this.#starts;
    let line = 1;
    for (let beyond = starts.length + 1; beyond - line > 1;) {
      const middle = Math.floor((line + beyond) / 2);
      if ((starts[middle - 1] ?? 0) <= offset) line = middle;
      else beyond = middle;
    }
    return { line, column: Math.max(0, offset - (starts[line - 1] ?? 0)) + 1 };
  }
}

import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Place, Problems } from '../problem.js';
import { shortened, type Located, type LocatedEntry, type LocatedScalar } from './located.js';

/** Aliases within aliases grow without bound ("billion laughs"). */
const MOST_PARTS = 50_000;

/** The tree of the YAML package as ours. Key twice, unknown alias and the like go to `problems`. */
export function locate(document: Document.Parsed, text: string, problems: Problems): Located | undefined {
  const locator = new Locator(document, text, problems);
  const located = document.contents === null ? undefined : locator.locate(document.contents, '');
  // A key that stands twice is left out the second time; after any other error the rest would only be guessed.
  return problems.found.some(({ code }) => code !== 'key-twice') ? undefined : located;
}

class Locator {
  readonly #document: Document.Parsed;
  readonly #text: string;
  readonly #problems: Problems;
  readonly #within: Node[] = [];
  /** Where an alias leads: the package looks through the whole document each time. */
  readonly #targets = new Map<Node, Node | undefined>();
  #parts = 0;

  constructor(document: Document.Parsed, text: string, problems: Problems) {
    this.#document = document;
    this.#text = text;
    this.#problems = problems;
  }

  locate(node: unknown, path: string, fallback = 0): Located {
    const resolved = isAlias(node) ? this.#follow(node, path) : node;
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

  #follow(alias: Node & { source: string }, path: string): Node | undefined {
    if (this.#targets.has(alias)) return this.#targets.get(alias);
    const target = isAlias(alias) ? alias.resolve(this.#document) : undefined;
    this.#targets.set(alias, target);
    if (target === undefined) {
      this.#problems.error(
        'unknown-alias',
        placeOf(alias, path),
        `nothing above is marked "&${alias.source}"; mark the value that you mean, before this line`,
      );
    }
    return target;
  }

  #enter(node: Node, path: string): boolean {
    this.#parts += 1;
    if (this.#parts === MOST_PARTS) {
      this.#problems.error('too-many-parts', placeOf(node, path), 'aliases make this file too large to read');
    }
    if (this.#within.includes(node)) {
      this.#problems.error('alias-of-itself', placeOf(node, path), 'this value contains itself through an alias');
      return false;
    }
    if (this.#parts >= MOST_PARTS) return false;
    this.#within.push(node);
    return true;
  }

  #scalar(scalar: Scalar, path: string): LocatedScalar {
    const { value, source, type } = scalar;
    // With the core schema there is nothing but these four.
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
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
      const line = this.#text.slice(0, earlier.keyPlace.start).split('\n').length;
      this.#problems.error(
        'key-twice',
        entry.keyPlace,
        `"${shortened(entry.key)}" stands here twice, first in line ${line}; it can mean only one thing, remove one of the two`,
      );
    }
    return once;
  }
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

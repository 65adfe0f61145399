import type { Static, TSchema } from 'typebox';
import { nearest, suggestion } from './did-you-mean.js';
import { Fields, readNames } from './fields.js';
import { describeLocated, plainValue, shortened, type Located, type LocatedEntry, type LocatedMap } from './located.js';
import { parseYaml } from './parse-yaml.js';
import type { Place, Problems } from './problem.js';
import { says, saysOf, type Part, type Path, type Reference, type Refusal, type Says } from './schema.js';
import {
  readBoolean,
  readChoice,
  readDuration,
  readLine,
  readList,
  readSeconds,
  readText,
  readValue,
  readWhole,
  readWord,
} from './values.js';

/** A file as its schema describes it, and where each part of it is written. */
export interface YamlFile<T> {
  /** Without the parts that are wrong, of which `problems` says why; undefined where nothing would be left. */
  readonly value: T | undefined;
  at(path: Path): Place;
  /** Where its key is written. */
  keyAt(path: Path): Place;
}

export type NamesElsewhere = Readonly<Record<string, readonly string[] | 'unknown'>>;

/**
 * Reads a text by the schema of its file. All mistakes go to `problems`; none throws.
 *
 * @param examples What to say of examples to the person who has an empty file.
 * @param elsewhere What other files have, by the list of this file in which it could be too; `unknown`: any name is taken on trust.
 * @returns Nothing where the text is no YAML.
 */
export function readYamlFile<S extends TSchema>(
  text: string,
  schema: S,
  problems: Problems,
  examples?: string,
  elsewhere: NamesElsewhere = {},
): YamlFile<Static<S>> | undefined {
  const located = parseYaml(text, problems, examples);
  if (located === undefined) return undefined;
  const reader = new Reader(problems, located, text);
  const value = reader.read(schema, located, []) as Static<S> | undefined;
  if (located.kind === 'map') reader.checkReferences(located, elsewhere);
  return {
    value,
    at: (path) => reader.find(located, path).value.place,
    keyAt: (path) => reader.find(located, path).keyPlace,
  };
}

/** The keywords of JSON Schema that our files use. */
interface Keywords {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Keywords[];
  readonly properties?: Readonly<Record<string, Keywords>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Keywords | boolean;
  readonly propertyNames?: { readonly pattern: string };
  readonly items?: Keywords;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

interface Mention {
  readonly name: string;
  readonly place: Place;
  readonly reference: Reference;
}

class Reader {
  readonly #problems: Problems;
  readonly #mentions: Mention[] = [];
  /** The mappings of the file; a key that was misspelt is there as it was meant. */
  readonly #fields = new Map<LocatedMap, Fields>();

  constructor(
    problems: Problems,
    private readonly file: Located,
    private readonly text: string,
  ) {
    this.#problems = problems;
  }

  /** @returns Nothing, with a problem, where it cannot be read. */
  read(schema: Keywords, located: Located, path: Path): unknown {
    const { refuse, refersTo, check } = saysOf(schema);
    const refused = refuse?.(located, path) ?? [];
    if (refused !== 'fine' && refused.length > 0) {
      for (const refusal of refused) this.#refuse(refusal, located.place);
      return undefined;
    }
    const value = refused === 'fine' ? plainValue(located) : this.#usual(schema, located, path);
    if (refersTo !== undefined && typeof value === 'string') {
      this.#mentions.push({ name: value, place: located.place, reference: refersTo });
    }
    if (value !== undefined && check !== undefined) this.#check(check, value, located, path);
    return value;
  }

  #check(check: NonNullable<Says['check']>, value: unknown, written: Located, path: Path): void {
    if (written.kind === 'map' && this.#fields.get(written)?.isMisplaced === true) return;
    const { place } = written;
    const part: Part = {
      written,
      path,
      at: (path) => this.find(written, path).value.place,
      keyAt: (path) => this.find(written, path).keyPlace,
      within: (text) => {
        const start = this.text.indexOf(text, place.start);
        return start === -1 || start + text.length > place.end ? place : { ...place, start, end: start + text.length };
      },
      hasAtTop: (key) => this.file.kind === 'map' && this.#entry(this.file, key) !== undefined,
    };
    check(value as never, part, this.#problems);
  }

  /** Whether all that is named is there. What is wrong in itself is there anyway. */
  checkReferences(file: LocatedMap, elsewhere: NamesElsewhere): void {
    for (const { name, place, reference } of this.#mentions) {
      const { list, what, none } = reference;
      const named = this.#entry(file, list)?.value;
      const here = named?.kind === 'map' ? named.entries.map(({ key }) => key) : [];
      const others = elsewhere[list] ?? [];
      if (others === 'unknown') continue;
      const known = [...here, ...others];
      if (known.includes(name) || (known.length === 0 && none === undefined)) continue;
      const instead = known.length === 0 ? `; ${none}` : suggestion(name, known, list);
      this.#problems.error(`unknown-${what}`, place, `there is no ${what} "${shortened(name)}"${instead}`);
    }
  }

  /** What the path leads to; where it leads nowhere, the last part of the file on it. */
  find(file: Located, path: Path): { readonly value: Located; readonly keyPlace: Place } {
    let found = { value: file, keyPlace: file.place };
    for (const part of path) {
      const { value } = found;
      // One value where a list may be is a list of one.
      if (typeof part === 'number' && value.kind !== 'list') continue;
      const item = value.kind === 'list' ? value.items[Number(part)] : undefined;
      const entry =
        value.kind === 'map' ? this.#entry(value, String(part)) : item && { value: item, keyPlace: item.place };
      if (entry === undefined) break;
      found = entry;
    }
    return found;
  }

  #entry(map: LocatedMap, key: string): LocatedEntry | undefined {
    return this.#fields.get(map)?.entry(key) ?? map.entries.find((entry) => entry.key === key);
  }

  #refuse({ code, message, place }: Refusal, otherwise: Place): void {
    this.#problems.error(code, place ?? otherwise, message);
  }

  #usual(schema: Keywords, located: Located, path: Path): unknown {
    const { written, most = schema.maxLength ?? Infinity } = saysOf(schema);
    if (written === true) return readValue(located, whatOf(schema, path), most, this.#problems)?.value;
    if (schema.anyOf !== undefined || saysOf(schema).example !== undefined) return this.#union(schema, located, path);
    if (schema.type === 'array')
      return this.#list(schema, located.kind === 'list' ? located.items : [located], located, path);
    if (schema.properties !== undefined && Object.keys(schema.properties).length > 0)
      return this.#object(schema, located, path);
    if (schema.type === 'object') return this.#named(schema, located, path);
    return this.#scalar(schema, located, path);
  }

  #scalar(schema: Keywords, located: Located, path: Path): unknown {
    const { allowed = '', instead, line, most = schema.maxLength ?? Infinity, duration } = saysOf(schema);
    const what = whatOf(schema, path);
    const { type, pattern, maximum = Infinity } = schema;
    const problems = this.#problems;
    const why = typeof instead === 'string' ? { why: instead } : {};
    if (type === 'boolean') return readBoolean(located, what, problems);
    if (type === 'integer') return readWhole(located, { what, most: maximum, ...why }, problems)?.value;
    if (type === 'number') return readSeconds(located, { what, most: maximum }, problems)?.value;
    if (type !== 'string') return plainValue(located);
    if (duration !== undefined) return readDuration(located, { what, ...duration }, problems)?.value;
    if (line === true) return readLine(located, what, most, problems)?.value;
    if (pattern !== undefined) return readWord(located, { what, pattern, allowed }, problems)?.value;
    return readText(located, what, most, problems)?.value;
  }

  #list(schema: Keywords, items: readonly Located[], located: Located, path: Path): unknown {
    const { items: each = {}, maxItems = Infinity } = schema;
    if (located.kind === 'list' && !readList(located, whatOf(schema, path), maxItems, this.#problems)) return undefined;
    const values = items.map((item, index) => this.read(each, item, located.kind === 'list' ? [...path, index] : path));
    return values.every((value) => value !== undefined) ? values : undefined;
  }

  #object(schema: Keywords, located: Located, path: Path): unknown {
    const { properties = {}, required = [] } = schema;
    const { hints = {}, either = [], ignored } = saysOf(schema);
    const shape = { what: whatOf(schema, path), schema: { properties }, hints };
    const fields = Fields.read(located, shape, this.#problems);
    if (fields === undefined || located.kind !== 'map') return undefined;
    this.#fields.set(located, fields);
    const found: Record<string, unknown> = {};
    let whole = true;
    for (const [key, property] of Object.entries(properties)) {
      const { why = 'it is not there', spare } = saysOf(property);
      const isRequired = required.includes(key);
      const written = isRequired ? fields.require(key, why) : fields.get(key);
      const value = written && this.read(property, written, [...path, key]);
      if (value !== undefined) found[key] = value;
      else if (isRequired || (written !== undefined && spare !== true)) whole = false;
    }
    for (const { keys, unless, both, why } of either) {
      if (unless !== undefined && fields.get(unless) !== undefined) continue;
      const [first, second] = keys.map((key) => fields.get(key));
      if (first === undefined && second === undefined) fields.require(keys[1], why);
      else if (first !== undefined && second !== undefined && both !== undefined)
        this.#refuse(both, fields.keyPlace(keys[1]));
      else continue;
      whole = false;
    }
    if (ignored !== undefined && found[ignored.by] === true) {
      for (const key of ignored.keys.filter((key) => fields.get(key) !== undefined))
        this.#refuse(ignored.refuse(key), fields.keyPlace(key));
    }
    return whole ? found : undefined;
  }

  /** A mapping whose keys are names that the author chose: steps, contacts. */
  #named(schema: Keywords, located: Located, path: Path): unknown {
    const { names } = saysOf(schema);
    const { additionalProperties, propertyNames } = schema;
    if (names === undefined || typeof additionalProperties !== 'object') return plainValue(located);
    const shape = { what: whatOf(schema, path), each: { ...names, pattern: propertyNames?.pattern ?? '' } };
    const found = readNames(located, shape, this.#problems);
    if (found === undefined) return undefined;
    const values = found.map(({ entry, right }) => {
      // A name that is no such thing says nothing of what its value should be.
      const isRead = right || names.refuse === undefined;
      const value = isRead ? this.read(additionalProperties, entry.value, [...path, entry.key]) : undefined;
      return [entry.key, right ? value : undefined] as const;
    });
    const read = values.filter(([, value]) => value !== undefined);
    const { spare } = saysOf(additionalProperties);
    return spare === true || read.length === values.length ? Object.fromEntries(read) : undefined;
  }

  #union(schema: Keywords, located: Located, path: Path): unknown {
    const members = schema.anyOf ?? [schema];
    const list = members.find(({ type }) => type === 'array');
    if (list !== undefined) {
      const one = members.find((member) => member !== list) ?? {};
      // The name of the union is that of each of its values.
      if (located.kind !== 'list') return this.read(one, located, path);
      return this.#list({ ...list, ...says(saysOf(schema)) }, located.items, located, path);
    }
    const words = members.flatMap((member) => (typeof member.const === 'string' ? [member.const] : []));
    const forms = members.filter((member) => saysOf(member).example !== undefined);
    const others = members.filter((member) => member.const === undefined && !forms.includes(member));
    if (others.length > 0) return this.#other(words, others, located, path);
    if (forms.length > 0) return this.#action(whatOf(schema, path), words, forms, located, path);
    const { instead } = saysOf(schema);
    const end = (written: string) =>
      typeof instead === 'function' ? instead(written) : `; ${instead ?? `write ${words.join(' or ')}`}`;
    return readChoice(located, whatOf(schema, path), words, end, this.#problems)?.value;
  }

  /** One of the words, or what has a form of its own: the mapping of which a key is there, else the last that is left. */
  #other(words: readonly string[], others: readonly Keywords[], located: Located, path: Path): unknown {
    if (located.kind === 'scalar' && words.includes(String(located.value))) return located.value;
    const keys = located.kind === 'map' ? located.entries.map(({ key }) => key) : [];
    const [only, another] = located.kind === 'map' ? others.filter(mayBeMapping) : [];
    const mapping =
      others.find(({ properties = {} }) => keys.some((key) => Object.hasOwn(properties, key))) ??
      (another === undefined ? only : undefined);
    const rest = mapping ?? others.find(({ properties }) => properties === undefined) ?? others[0] ?? {};
    return this.read(rest, located, path);
  }

  /** One of these words, or a mapping with the first key of one of these forms, and what else that form has. */
  #action(what: string, words: readonly string[], forms: readonly Keywords[], located: Located, path: Path): unknown {
    const byKey = new Map(forms.map((form) => [Object.keys(form.properties ?? {})[0] ?? '', form]));
    const choices = [...words, ...forms.map((form) => saysOf(form).example ?? '')].join(', ');
    const refuse = (code: string, message: string, place = located.place): undefined => {
      this.#problems.error(code, place, `${what} ${message}`);
      return undefined;
    };
    const meant = (written: string): string => {
      const near = nearest(written, [...words, ...byKey.keys()]) ?? '';
      const form = byKey.get(near);
      if (form !== undefined) return `; did you mean ${saysOf(form).example ?? ''}?`;
      return near === '' ? `; write one of ${choices}` : `; did you mean "${near}"?`;
    };
    if (located.kind === 'scalar' && typeof located.value === 'string') {
      if (words.includes(located.value)) return located.value;
      return refuse('unknown-action', `cannot be "${shortened(located.value)}"${meant(located.value)}`);
    }
    if (located.kind !== 'map')
      return refuse('no-action', `is missing: here stands ${describeLocated(located)}; write one of ${choices}`);
    const entries = located.entries.filter(({ key }) => !key.startsWith('x-'));
    const [first, second] = entries;
    const [named, other] = entries.filter(({ key }) => byKey.has(key));
    const form = byKey.get(other === undefined ? (named?.key ?? '') : '');
    if (second !== undefined && Object.keys(form?.properties ?? {}).length > 1)
      return this.#object(form ?? {}, located, path);
    if (first === undefined || second !== undefined)
      return refuse('no-action', `must be one action, and here stand ${entries.length}; write one of ${choices}`);
    const property = byKey.get(first.key)?.properties?.[first.key];
    if (property === undefined)
      return refuse('unknown-action', `cannot be "${shortened(first.key)}"${meant(first.key)}`, first.keyPlace);
    const value = this.read(property, first.value, [...path, first.key]);
    return value === undefined ? undefined : { [first.key]: value };
  }
}

function mayBeMapping({ type, anyOf = [] }: Keywords): boolean {
  return type === 'object' || anyOf.some(mayBeMapping);
}

/** How the sentence calls it: by its own words, else by its key. */
function whatOf(schema: Keywords, path: Path): string {
  const { what } = saysOf(schema);
  if (typeof what === 'function') return what(path);
  return what ?? `\`${path.findLast((part) => typeof part === 'string') ?? ''}\``;
}

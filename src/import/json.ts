/** Reads what somebody else has exported: what is not there, or is something else, counts as empty. */
export type Json = unknown;
export type JsonObject = Readonly<Record<string, Json>>;

export const asObject = (value: Json): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};
export const asList = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
/** Without what nobody sees, and a terminal would obey. */
export const asText = (value: Json): string => (typeof value === 'string' ? value.replaceAll(UNSEEN, ' ').trim() : '');
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]+/gu;
export const asNumber = (value: Json): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const FIRST = Date.UTC(1900);
const LAST = Date.UTC(2099, 11, 31);

/** RFC 3339, or milliseconds since 1970; in this century or the one before. NaN: it is neither. */
export const asMoment = (value: Json): number =>
  Math.min(LAST, Math.max(FIRST, asNumber(value) ?? Date.parse(asText(value))));
/** An end that is as far away is none. */
export const isEnd = (value: Json): boolean => value != null && value !== '' && asMoment(value) !== LAST;

/** As a handle, and as a name, they say that somebody is not known. */
export const RESERVED: readonly string[] = ['external', 'unknown', 'nobody'];
const MAX_LENGTH = 40;

/** Handles and names of files, each once, by what the export calls them. */
export class Handles {
  readonly #byKey = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #next = new Map<string, number>();

  constructor(private readonly what: string) {}

  /**
   * @param keys By which it is found: its id, and what else names it in the export.
   * @param wanted What it may be called, the best first; Japanese ones become none.
   */
  add(keys: readonly string[], ...wanted: readonly string[]): string {
    const found = wanted.map(slug).find((one) => one !== '') ?? this.what;
    let handle = RESERVED.includes(found) ? `${found}-1` : found;
    for (let more = this.#next.get(found) ?? 2; this.#taken.has(handle); more += 1) {
      const ending = `-${more}`;
      handle = `${found.slice(0, MAX_LENGTH - ending.length)}${ending}`;
      this.#next.set(found, more);
    }
    this.#taken.add(handle);
    for (const key of keys) if (key !== '' && !this.#byKey.has(key)) this.#byKey.set(key, handle);
    return handle;
  }

  /** By the first of these that it knows. */
  get(...keys: readonly string[]): string | null {
    return keys.map((key) => this.#byKey.get(key)).find((handle) => handle !== undefined) ?? null;
  }
}

const slug = (text: string): string =>
  text
    .slice(0, 1_000)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    // Keys that begin so are for notes.
    .replace(/^x-/, 'x')
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, '');

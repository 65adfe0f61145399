/** Reads what somebody else has exported: what is not there, or is something else, counts as empty. */
export type Json = unknown;
export type JsonObject = Readonly<Record<string, Json>>;

export const asObject = (value: Json): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};
export const asList = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
export const asText = (value: Json): string => (typeof value === 'string' ? value : '');
export const asNumber = (value: Json): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
/** RFC 3339, or milliseconds since 1970. NaN: it is neither. */
export const asMoment = (value: Json): number => asNumber(value) ?? Date.parse(asText(value));

const RESERVED = ['external', 'unknown', 'nobody'];
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
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, '');

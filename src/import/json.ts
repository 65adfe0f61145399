/** Reads what somebody else has exported: what is not there, or is something else, counts as empty. */
export type Json = unknown;

export const asObject = (value: Json): Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};
export const asList = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
export const asText = (value: Json): string => (typeof value === 'string' ? value : '');
export const asNumber = (value: Json): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

const RESERVED = ['external', 'unknown', 'nobody'];
const MAX_LENGTH = 40;

/** Handles and names of files, each once, by the ids of the export. */
export class Handles {
  readonly #byId = new Map<string, string>();

  constructor(private readonly what: string) {}

  /** @param wanted What it may be called, the best first; Japanese ones become none. */
  add(id: string, ...wanted: readonly string[]): string {
    const found = wanted.map(slug).find((one) => one !== '') ?? this.what;
    const taken = new Set(this.#byId.values());
    let handle = RESERVED.includes(found) ? `${found}-1` : found;
    for (let more = 2; taken.has(handle); more += 1) handle = `${found.slice(0, MAX_LENGTH - 5)}-${more}`;
    this.#byId.set(id, handle);
    return handle;
  }

  get(id: string): string | null {
    return this.#byId.get(id) ?? null;
  }
}

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, '');

/** What does not fit in the body of a request, and where: a JSON pointer (RFC 6901), empty for the whole. */
export interface BodyProblem {
  readonly pointer: string;
  /** What it must be. Never repeats what was sent. */
  readonly message: string;
}

/** Thrown by a {@link Field}, and made a {@link BodyProblem} where the source was asked. */
export class UnfitField extends Error {
  override readonly name = 'UnfitField';
  constructor(readonly problem: BodyProblem) {
    super(`${problem.pointer}: ${problem.message}`);
  }
}

/** How deep what is nested becomes labels of its own; a list is a level too, as in `firing.alerts.0.labels.pod`. */
const DEEPEST_LABEL = 8;
/** Far more than are kept. */
const MOST_LABELS = 1_000;

/**
 * A part of the JSON that came, with its place. What is not there, is null or has another form reads as missing, since
 * an odd detail must not keep a telephone from ringing; only what an alert cannot do without is required.
 */
export class Field {
  constructor(
    readonly value: unknown,
    readonly pointer = '',
  ) {}

  /** The body itself, which has to be an object. */
  static object(body: unknown): Field {
    const field = new Field(body);
    if (!field.isObject) throw field.unfit('the body must be a JSON object');
    return field;
  }

  get(name: string): Field {
    const { value } = this;
    const member = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return new Field(member, `${this.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }

  /** The elements of a list; none of anything else. */
  get items(): readonly Field[] {
    return Array.isArray(this.value)
      ? this.value.map((item: unknown, index) => new Field(item, `${this.pointer}/${index}`))
      : [];
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  get isObject(): boolean {
    return isRecord(this.value);
  }

  /** A text that is not blank; numbers and booleans as text. */
  get text(): string | undefined {
    const { value } = this;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  }

  get number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined;
  }

  /** @param what What it must be: "must be the id of the event". */
  required(what: string): string {
    const { text } = this;
    if (text === undefined) throw this.unfit(what);
    return text;
  }

  /** What the table says of this word, in any case of its letters. */
  oneOf<T>(table: Readonly<Record<string, T>>): T {
    const found = lookUp(table, this.text);
    if (found === undefined) throw this.unfit(`must be ${listed(Object.keys(table))}`);
    return found;
  }

  /** Every text in it by name; what is nested has its path as name, `error.code`. */
  get texts(): Readonly<Record<string, string>> {
    const found = new Map<string, string>();
    collect(this, '', DEEPEST_LABEL, found);
    return Object.fromEntries(found);
  }

  unfit(message: string): UnfitField {
    return new UnfitField({ pointer: this.pointer, message });
  }
}

/** What a table says of a word, whatever the case of its letters. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: string | undefined): T | undefined {
  const key = word?.trim().toLowerCase() ?? '';
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function collect(field: Field, name: string, depth: number, found: Map<string, string>): void {
  if (found.size >= MOST_LABELS) return;
  const { text, value } = field;
  if (text !== undefined && name !== '') {
    if (!found.has(name)) found.set(name, text);
  } else if (depth > 0 && typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value).slice(0, MOST_LABELS)) {
      const member = new Field((value as Readonly<Record<string, unknown>>)[key]);
      collect(member, name === '' ? key : `${name}.${key}`, depth - 1, found);
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `"a", "b" or "c"` */
function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

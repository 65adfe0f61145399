import { DURATION_PATTERN, durationMs } from '../contract/duration.js';
import { ScriptError } from './script-error.js';

/** One value of a script with its place, so that whatever is wrong with it can be named. */
export class Field {
  constructor(
    readonly value: unknown,
    readonly path: readonly (string | number)[] = [],
  ) {}

  wrong(problem: string): ScriptError {
    return new ScriptError(this.path, problem);
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** The fields of an object that may have these and no others. */
  object<K extends string>(...names: readonly K[]): Readonly<Record<K, Field>> {
    const entries = this.entries();
    for (const [name, field] of entries) {
      if (!names.some((known) => known === name)) throw field.wrong(`no such field; there are ${names.join(', ')}`);
    }
    const fields = new Map(entries);
    const pick = (name: K): [K, Field] => [name, fields.get(name) ?? new Field(undefined, [...this.path, name])];
    return Object.fromEntries(names.map(pick)) as Record<K, Field>;
  }

  /** The fields of an object whose names are the user's. None when it is missing. */
  entries(): readonly (readonly [string, Field])[] {
    if (this.isMissing) return [];
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      throw this.wrong('must be an object');
    }
    return Object.entries(this.value).map(([name, value]) => [name, new Field(value, [...this.path, name])]);
  }

  /** None when it is missing. */
  list(): readonly Field[] {
    if (this.isMissing) return [];
    if (!Array.isArray(this.value)) throw this.wrong('must be a list');
    return this.value.map((value: unknown, index) => new Field(value, [...this.path, index]));
  }

  text(): string {
    if (typeof this.value !== 'string' || this.value === '') throw this.wrong('must be a text');
    return this.value;
  }

  optionalText(): string | undefined {
    return this.isMissing ? undefined : this.text();
  }

  /** One of these words. */
  word<W extends string>(words: readonly W[], fallback?: W): W {
    if (this.isMissing && fallback !== undefined) return fallback;
    const word = words.find((word) => word === this.value);
    if (word === undefined) throw this.wrong(`must be one of ${words.join(', ')}`);
    return word;
  }

  /** A moment after the opening, or a span, in milliseconds: a duration of the contract or `0s`. */
  milliseconds(fallback?: string): number {
    const text = this.isMissing && fallback !== undefined ? fallback : this.value;
    if (text === '0s') return 0;
    if (typeof text !== 'string' || !new RegExp(DURATION_PATTERN).test(text)) {
      throw this.wrong('must be a duration such as 0s, 30s, 5m, 4h or 2d');
    }
    return durationMs(text);
  }

  optionalFlag(): boolean {
    if (this.isMissing) return false;
    if (typeof this.value !== 'boolean') throw this.wrong('must be true or false');
    return this.value;
  }
}

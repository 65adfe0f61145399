import { manual, neverPicksUp, type Person } from './person.js';

/** One person for every call of a number, or one for each call in turn. */
export type PersonScript = Person | readonly Person[];

/** Scripts by telephone number; hyphens and spaces in numbers do not matter. */
export type PeopleScripts = Readonly<Record<string, PersonScript>>;

/** Who is at the numbers without a script: nobody (and the call counts as unexpected), a manual telephone, or somebody. */
export type Strangers = 'unexpected' | 'manual' | Person;

export type Found = { readonly kind: 'expected' | 'unexpected'; readonly person: Person };

/** Who is at which telephone. */
export class People {
  readonly #scripts = new Map<string, PersonScript>();
  readonly #strangers: Strangers;

  constructor(scripts: PeopleScripts = {}, strangers: Strangers = 'unexpected') {
    this.#strangers = strangers;
    for (const [phoneNumber, script] of Object.entries(scripts)) this.set(phoneNumber, script);
  }

  /** Replaces the script of a number, from its next call on. */
  set(phoneNumber: string, script: PersonScript): void {
    this.#scripts.set(plain(phoneNumber), script);
  }

  numbers(): readonly string[] {
    return [...this.#scripts.keys()];
  }

  /** The person of the next call of a number; a script of several loses its first. */
  take(phoneNumber: string): Found {
    const number = plain(phoneNumber);
    const script = this.#scripts.get(number);
    if (script === undefined) return this.#stranger();
    if (!isSequence(script)) return { kind: 'expected', person: script };
    const [first, ...rest] = script;
    this.#scripts.set(number, rest);
    return first === undefined ? NOBODY : { kind: 'expected', person: first };
  }

  #stranger(): Found {
    if (this.#strangers === 'unexpected') return NOBODY;
    return { kind: 'expected', person: this.#strangers === 'manual' ? manual() : this.#strangers };
  }
}

const NOBODY: Found = { kind: 'unexpected', person: neverPicksUp() };

function plain(phoneNumber: string): string {
  return phoneNumber.replaceAll(/[\s-]/g, '');
}

// Array.isArray does not narrow a readonly array out of a union.
function isSequence(script: PersonScript): script is readonly Person[] {
  return Array.isArray(script);
}

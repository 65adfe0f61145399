import type { PersonScript } from './people.js';
import {
  answeringMachine,
  answers,
  busy,
  hangsUp,
  type KeyPress,
  manual,
  neverPicksUp,
  type Person,
} from './person.js';

/** Thrown for a script that cannot be read; shows the part in question, never the telephone number. */
export class PersonScriptError extends Error {
  override readonly name = 'PersonScriptError';
}

const FORMS =
  'Write NUMBER=PERSON, or NUMBER=PERSON,PERSON for one call each. A person is answers:3s:1 (picks up after 3 s, ' +
  'presses 1), answers:3s:7@5s:1@20s (with times after the pick-up), answers:3s (no key), never, busy, machine, ' +
  'machine:10s, hangs-up:3s:5s (picks up after 3 s, listens for 5 s) or manual.';

/** Reads `0300000001=answers:3s:1,never`: a number and who stands there, the same at each call or one for each. */
export function parsePersonScript(text: string): { readonly phoneNumber: string; readonly script: PersonScript } {
  const split = text.indexOf('=');
  const phoneNumber = text.slice(0, Math.max(split, 0)).trim();
  if (!/^\+?[0-9][0-9 -]*$/.test(phoneNumber)) {
    throw new PersonScriptError(`A script must begin with a telephone number and "=". ${FORMS}`);
  }
  const people = text
    .slice(split + 1)
    .split(',')
    .map((person) => parsePerson(person.trim()));
  const [only, ...others] = people;
  return { phoneNumber, script: only !== undefined && others.length === 0 ? only : people };
}

function parsePerson(text: string): Person {
  const [word, first, ...others] = text.split(':');
  switch (word) {
    case 'answers':
      if (first === undefined) break;
      return answers(duration(first, text), ...others.map((key) => keyPress(key, text)));
    case 'never':
      if (first !== undefined) break;
      return neverPicksUp();
    case 'busy':
      if (first !== undefined) break;
      return busy();
    case 'machine':
      if (others.length > 0) break;
      return first === undefined ? answeringMachine() : answeringMachine(duration(first, text));
    case 'hangs-up': {
      const [listens, ...more] = others;
      if (first === undefined || listens === undefined || more.length > 0) break;
      return hangsUp(duration(first, text), duration(listens, text));
    }
    case 'manual':
      if (first !== undefined) break;
      return manual();
    default:
  }
  throw new PersonScriptError(`"${text}" is not a person. ${FORMS}`);
}

function keyPress(text: string, person: string): string | KeyPress {
  const [key, after, ...more] = text.split('@');
  if (key === undefined || !/^[0-9*#]$/.test(key) || more.length > 0) {
    throw new PersonScriptError(`"${text}" in "${person}" is not a key. ${FORMS}`);
  }
  return after === undefined ? key : { key, afterMs: duration(after, person) };
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function duration(text: string, person: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const unitMs = unit === undefined ? undefined : UNITS_MS[unit];
  if (amount === undefined || unitMs === undefined) {
    throw new PersonScriptError(`"${text}" in "${person}" is not a time like 500ms, 3s or 1m. ${FORMS}`);
  }
  return Math.round(Number(amount) * unitMs);
}

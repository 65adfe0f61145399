import { randomBytes } from 'node:crypto';

/** The keys of a file: the first writes, all read. */
export interface Keys {
  readonly writing: { readonly id: string; readonly key: Buffer };
  readonly reading: ReadonlyMap<string, Buffer>;
}

/** The file of keys cannot be used. The message names the line and what to correct, and holds no part of a key. */
export class KeysFileUnusable extends Error {
  override readonly name = 'KeysFileUnusable';
}

/** AES-256. */
const KEY_BYTES = 32;
/** Too short for a key in any form, since ids are public. */
const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
/** Of exactly 32 bytes; Node's own decoder would skip what it does not know. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/**
 * Reads `<key id> <base64 of 32 bytes>` a line; `#` begins a comment. Pure.
 *
 * @throws KeysFileUnusable
 */
export function parseKeys(text: string, file: string): Keys {
  const keys = new Map<string, Buffer>();
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const wrong = (problem: string) => new KeysFileUnusable(`The file of keys ${file}, line ${index + 1}: ${problem}.`);
    const [id, key, ...more] = line.replace(/#.*/, '').split(/\s+/).filter(Boolean);
    if (id === undefined) continue;
    if (key === undefined || more.length > 0) {
      throw wrong('wanted a key id and a key with a space between them; `pigeonflow codec new-key` prints one');
    }
    if (!KEY_ID.test(id)) {
      throw wrong('a key id has 1 to 32 letters, digits, dots, hyphens and underscores; it is before the key');
    }
    if (!KEY.test(key)) throw wrong(`its key is not the base64 of ${KEY_BYTES} bytes`);
    if (keys.has(id)) throw wrong('its key id is in a line above already');
    keys.set(id, Buffer.from(key, 'base64'));
  }
  const [first] = keys;
  if (first === undefined) {
    throw new KeysFileUnusable(`The file of keys ${file} holds no key. Make one: pigeonflow codec new-key`);
  }
  return { writing: { id: first[0], key: first[1] }, reading: keys };
}

/** A line for the file: an id that says when the key was made, and a new key. */
export function newKeyLine(now: Date): string {
  const id = `${now.toISOString().slice(0, 10)}-${randomBytes(2).toString('hex')}`;
  return `${id} ${randomBytes(KEY_BYTES).toString('base64')}`;
}

/** A payload is encrypted and cannot be read here; the message says which key is missing, and where to add it. */
export class PayloadUnreadable extends Error {
  override readonly name = 'PayloadUnreadable';
}

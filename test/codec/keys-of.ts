import { createHash } from 'node:crypto';
import { parseKeys } from '../../src/codec/keys.js';

const keyOf = (id: string): Buffer => createHash('sha256').update(id).digest();

/** The text of a file with a key for each id; the same id has always the same key. */
export const keysText = (...ids: readonly string[]): string =>
  ids.map((id) => `${id} ${keyOf(id).toString('base64')}\n`).join('');

/** Keys that are in no file. */
export function keysOf(...ids: readonly string[]) {
  const keys = parseKeys(keysText(...ids), '/etc/keys');
  const current = () => Promise.resolve(keys);
  return { path: '/etc/keys', current, latest: current, key: keyOf };
}

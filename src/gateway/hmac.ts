import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import type { Hmac } from './keys/keys.js';
import { Problem, tryAgain } from './problem.js';

/** Clocks differ, and senders retry with the same signature. */
const YOUNGEST_MS = 300_000;

/** What a sender has signed, as it comes. */
export interface SignedBody {
  readonly update: (chunk: Buffer) => void;
  /** @throws Problem 401 where the signature is not that of all that came. */
  readonly prove: () => void;
}

/**
 * Proves that the sender has signed the body: HMAC-SHA256 in hexadecimal, with or without `sha256=` before it.
 *
 * @throws Problem 401; 503 where the secret cannot be read, so that the sender keeps its alert.
 */
export async function beginSigned(
  { secretFile, header, timestampHeader }: Hmac,
  headers: IncomingHttpHeaders,
  now = Date.now(),
): Promise<SignedBody> {
  const given = textIn(headers, header).replace(/^sha256=/i, '');
  if (!/^[0-9a-f]{64}$/i.test(given)) throw new Problem(401, `The header ${header} must be the signature of the body.`);
  const timestamp = timestampHeader === null ? null : textIn(headers, timestampHeader);
  if (timestamp !== null && !(Math.abs(now - Number(timestamp) * 1_000) <= YOUNGEST_MS)) {
    throw new Problem(401, `The header ${timestampHeader} must be the time of the signature, at most 5 minutes ago.`);
  }
  const hashes = (await secretsIn(secretFile)).map((secret) => createHmac('sha256', secret));
  if (timestamp !== null) for (const hash of hashes) hash.update(`${timestamp}:`);
  return {
    update: (chunk) => {
      for (const hash of hashes) hash.update(chunk);
    },
    prove: () => {
      const signature = Buffer.from(given, 'hex');
      const isGenuine = hashes.map((hash) => timingSafeEqual(hash.digest(), signature)).includes(true);
      if (!isGenuine) throw new Problem(401, `The header ${header} is not the signature of this body with our secret.`);
    },
  };
}

const textIn = (headers: IncomingHttpHeaders, name: string): string => String(headers[name] ?? '').trim();

/** One a line; read again each time, so that a replaced one counts at once. */
async function secretsIn(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const secrets = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  if (secrets.length === 0) throw tryAgain('The secret of this integration cannot be read here.', 30);
  return secrets;
}

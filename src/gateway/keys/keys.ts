import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { PERMISSIONS } from './keys-file-schema.js';
import { readFile } from 'node:fs/promises';
import { Problem, tryAgain } from '../problem.js';
import type { Logger as Pino } from 'pino';

export type Permission = (typeof PERMISSIONS)[number];

/** Anyone who has a key, by the name that the file gives. */
export interface KeyHolder {
  readonly name: string;
  /** SHA-256 of each key that is valid. */
  readonly hashes: readonly Buffer[];
  readonly perMinute: number;
}

/** A sender of alerts. */
export interface Integration extends KeyHolder {
  /** Null: it does not sign. */
  readonly hmac: Hmac | null;
  /** ARNs; empty where every topic may send, and none is confirmed. */
  readonly topics: readonly string[];
  readonly rawDelivery: boolean;
}

export interface Hmac {
  readonly secretFile: string;
  /** In small letters, as the next one. */
  readonly header: string;
  readonly timestampHeader: string | null;
}

/** A user of the incident API. */
export interface Operator extends KeyHolder {
  readonly may: readonly Permission[];
}

export interface GatewayKeys {
  readonly integrations: readonly Integration[];
  readonly operators: readonly Operator[];
  /** Null: Pigeon's webhook is not taken. */
  readonly pigeon: KeyHolder | null;
}

/**
 * 128 random bits, in the 32 characters that PagerDuty's keys have, since some of its clients count them. They need no
 * salt and no slow hash: nobody can try so many.
 */
export function newKey(): string {
  return randomBytes(16).toString('hex');
}

/** As it is in the file. */
export function hashText(key: string): string {
  return `sha256:${hashOf(key).toString('hex')}`;
}

/** Whose key it is. Every hash is compared to its end, so that the time tells nothing. */
export function holderOf<T extends KeyHolder>(holders: readonly T[], key: string): T | null {
  const hash = hashOf(key);
  let found: T | null = null;
  for (const holder of holders) {
    for (const valid of holder.hashes) if (timingSafeEqual(valid, hash)) found = holder;
  }
  return found;
}

const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** The header for senders that can set one and have no other way. */
const KEY_HEADER = 'x-pigeonflow-key';

/** The key that is in the headers: as a bearer, as the password of HTTP Basic, or in a header of its own. */
export function keyInHeaders(headers: IncomingHttpHeaders): string | undefined {
  const own = headers[KEY_HEADER];
  if (typeof own === 'string') return own.trim();
  const [scheme = '', given = ''] = (headers.authorization ?? '').split(/ +(.*)/s);
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return given.trim();
    case 'basic':
      // The user may be anybody.
      return /:(.*)/s.exec(Buffer.from(given, 'base64').toString())?.[1];
    default:
      return undefined;
  }
}

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

/**
 * Notices two tools that send with one key. Their groups have the same keys, so the same trouble of both is one incident, and
 * the end of one resolves that of the other. The members of one cluster of Alertmanagers may do so.
 */
export class SendersOfKeys {
  readonly #first = new Map<string, string>();
  readonly #told = new Set<string>();

  /** @param sender how the tool names itself; undefined where it does not. */
  heard(key: string, sender: string | undefined, log: Pick<Pino, 'warn'>): void {
    if (sender === undefined || this.#told.has(key)) return;
    const first = this.#first.get(key);
    if (first === undefined) this.#first.set(key, sender);
    if (first === undefined || first === sender) return;
    this.#told.add(key);
    log.warn(
      { key, senders: [first, sender] },
      'two senders use one key: unless they are one cluster, give each its own, or one ends the incidents of the other',
    );
  }
}

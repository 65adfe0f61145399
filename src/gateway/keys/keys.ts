import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { PERMISSIONS } from './keys-file-schema.js';

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

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether the caller knows the token: as a bearer, as the `temporal` command sends it, or as the password of HTTP Basic,
 * which is what a browser can keep for Temporal's Web UI. The user of Basic may be anybody.
 */
export function knowsToken({ authorization = '' }: IncomingHttpHeaders, token: string): boolean {
  const [scheme = '', given = ''] = authorization.split(/ +(.*)/s);
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return same(given.trim(), token);
    case 'basic':
      return same(/:(.*)/s.exec(Buffer.from(given, 'base64').toString())?.[1] ?? '', token);
    default:
      return false;
  }
}

/** Of hashes, which have one length: the time that it takes tells nothing of the token. */
function same(given: string, token: string): boolean {
  const [one, other] = [given, token].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(one, other);
}

/** What a page of an allowed origin needs to be let through by its browser. */
export function corsHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization, authorization-extras, content-type, x-namespace',
    'access-control-max-age': '600',
    vary: 'origin',
  };
}

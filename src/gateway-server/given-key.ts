import type { IncomingHttpHeaders } from 'node:http';

/** The header for senders that can set one and have no other way. */
const KEY_HEADER = 'x-pigeonflow-key';

/** The key that stands in the headers: as a bearer, as the password of HTTP Basic, or in a header of its own. */
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

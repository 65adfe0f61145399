import { RequestRefused } from './request-refused.js';
import type { Tokens } from './tokens.js';

/** HTTP Basic auth that some spaces have in front. */
export interface BasicAuth {
  readonly username: string;
  readonly password: string;
}

export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Throws `RequestRefused` where the one who asks may not. */
export function checkAccess(
  headers: RequestHeaders,
  guard: { readonly tokens: Tokens; readonly basicAuth: BasicAuth | undefined },
  now: number,
): void {
  if (guard.basicAuth !== undefined && single(headers['authorization']) !== basicHeader(guard.basicAuth)) {
    throw new RequestRefused('noBasicAuth', 'authorization required', {
      headers: { 'www-authenticate': 'Basic realm="Kompira Pigeon"' },
    });
  }
  const judged = guard.tokens.judge(single(headers['x-authorization']), now);
  if (judged !== 'valid') throw new RequestRefused(judged, 'the token is missing, unknown or expired');
}

function basicHeader({ username, password }: BasicAuth): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

import { RequestRefused } from './request-refused.js';
import type { Switches } from './switches.js';
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

const WINDOW_MS = 1_000;

/** Counts requests in the last second of the space's time. */
export class RateLimit {
  readonly #times: number[] = [];

  /** Throws `RequestRefused` where this request is one too many; a refused request does not count. */
  admit(method: string, now: number, switches: Switches): void {
    const limit = switches.rateLimitPerSecond;
    if (limit === 'none' || (switches.rateLimited === 'posts' && method !== 'POST')) return;
    while ((this.#times[0] ?? now) <= now - WINDOW_MS) this.#times.shift();
    const oldest = this.#times[0];
    if (oldest === undefined || this.#times.length < limit) {
      this.#times.push(now);
      return;
    }
    const headers = retryAfter(oldest + WINDOW_MS, now, switches.retryAfter);
    throw new RequestRefused('tooManyRequests', 'too many requests', { headers });
  }
}

function retryAfter(at: number, now: number, form: Switches['retryAfter']): Readonly<Record<string, string>> {
  switch (form) {
    case 'seconds':
      return { 'retry-after': String(Math.ceil((at - now) / 1_000)) };
    case 'date':
      // An HTTP date has whole seconds: rounded up, so that nobody comes too early.
      return { 'retry-after': new Date(Math.ceil(at / 1_000) * 1_000).toUTCString() };
    case 'absent':
      return {};
    default:
      return form satisfies never;
  }
}

import { RequestRefused } from './request-refused.js';
import type { Switches } from './switches.js';

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

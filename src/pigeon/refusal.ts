import {
  type PigeonError,
  PigeonForbidden,
  PigeonNotFound,
  PigeonRateLimited,
  PigeonRedirected,
  PigeonRefused,
  PigeonUnauthorized,
  PigeonUnconfirmed,
} from './errors.js';
import { messageInBody } from './excerpt.js';

/** An answer outside 2xx. The body may be missing: the status alone is enough to know that Pigeon refused. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string | null;
}

/**
 * The error for an answer outside 2xx.
 *
 * @param request "POST /api/… to host", for the message.
 */
export function refusalError(
  { status, headers, body }: Refusal,
  request: string,
  secrets: readonly string[],
  now = Date.now(),
): PigeonError {
  const detail = body === null ? null : messageInBody(body, secrets);
  const said = detail === null ? '' : ` Pigeon says: "${detail}".`;

  if (status >= 300 && status < 400) {
    const target = originOf(headers['location']);
    const where = target === null ? 'elsewhere' : `to ${target}`;
    return new PigeonRedirected(
      `${request} was redirected ${where} (${status}) and not followed. Correct the base URL of Pigeon.`,
      status,
      target,
    );
  }
  switch (status) {
    case 401:
      return new PigeonUnauthorized(
        `${request} was answered with 401: the token is not valid or has expired, or HTTP Basic is missing. Make a new token in Pigeon and replace the workers' old one.`,
      );
    case 403:
      return new PigeonForbidden(
        `${request} was answered with 403: the token may not do this. Ask a privileged user of the space for the right.`,
      );
    case 404:
      return new PigeonNotFound(
        `${request} was answered with 404.${said} Check the ids of the call flow, the guidance or the run, and the base URL.`,
        detail,
      );
    case 429: {
      const retryAfterMs = retryAfter(headers['retry-after'], now);
      const when = retryAfterMs === null ? 'later' : `in ${Math.ceil(retryAfterMs / 1000)} s`;
      return new PigeonRateLimited(
        `${request} was answered with 429: too many requests. Repeat it ${when}.`,
        retryAfterMs,
      );
    }
    default:
      // 408: a proxy in front may say it of a request that went through.
      return status === 408 || status < 400 || status >= 500
        ? new PigeonUnconfirmed(
            `${request} was answered with ${status}. It is not known whether it was carried out: look before repeating it.`,
            `HTTP_${status}`,
            status,
          )
        : new PigeonRefused(`${request} was answered with ${status}.${said} Correct what it asks for.`, status, detail);
  }
}

/** RFC 9110: seconds, or an HTTP date. Everything else counts as absent. */
function retryAfter(header: string | string[] | undefined, now: number): number | null {
  const value = (Array.isArray(header) ? header[0] : header)?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // Date.parse takes "-5" and "1.5" for dates too.
  const date = /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** The path of a redirect may hold a ticket; scheme and host are enough to correct the address. */
function originOf(location: string | string[] | undefined): string | null {
  return typeof location === 'string' && URL.canParse(location) ? new URL(location).origin : null;
}

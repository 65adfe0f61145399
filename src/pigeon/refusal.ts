import {
  type PigeonError,
  PigeonForbidden,
  PigeonNotFound,
  PigeonNotReached,
  PigeonRateLimited,
  PigeonRedirected,
  PigeonRefused,
  PigeonUnauthorized,
  PigeonUnconfirmed,
} from './errors.js';
import { excerptOf, messageIn } from './excerpt.js';
import { objectOrNull, parseJson, textOrNull } from './json-value.js';

/** An answer outside 2xx; the body is null where it did not arrive whole. */
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
  if (status >= 300 && status < 400) return redirection(status, headers['location'], request);
  switch (status) {
    case 401:
      return new PigeonUnauthorized(
        `${request} was answered with 401: the token is not valid or has expired, or HTTP Basic is missing. Make a new token in Pigeon and replace the workers' old one.`,
      );
    case 403:
      return new PigeonForbidden(
        `${request} was answered with 403: the token may not do this. Ask a privileged user of the space for the right.`,
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
      return status < 400 || status >= 500 || MAY_HAVE_GONE_THROUGH.has(status)
        ? new PigeonUnconfirmed(
            `${request} was answered with ${status}. It is not known whether it was carried out: look before repeating it.`,
            `HTTP_${status}`,
            status,
          )
        : clientError(status, parseJson(body ?? ''), request, secrets);
  }
}

/** Said by a proxy that stopped waiting, of a request that it had passed on. */
const MAY_HAVE_GONE_THROUGH: ReadonlySet<number> = new Set([408, 460, 499]);

/** With these Pigeon says that what was asked for is wrong. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 422]);

/**
 * The one rule by which an answer counts as Pigeon's own no: one of its statuses, and its words in the shape that is known of
 * it. Whatever is in front of a space answers 4xx too, while the space is away, and must not end a call.
 */
function clientError(status: number, json: unknown, request: string, secrets: readonly string[]): PigeonError {
  const own = wordsOfPigeon(json);
  const detail = own === null ? null : excerptOf(own, secrets);
  if (detail === null || !REFUSALS.has(status)) {
    const words = detail ?? messageIn(json, secrets);
    return new PigeonNotReached(
      `${request} was answered with ${status}, ${detail === null ? "and not in Pigeon's words" : 'which is no refusal that is known of Pigeon'}.${words === null ? '' : ` It says: "${words}".`} Check the base URL of Pigeon, and what is in front of it.`,
      status,
      detail,
    );
  }
  const said = `${request} was answered with ${status}. Pigeon says: "${detail}".`;
  return status === 404
    ? new PigeonNotFound(`${said} Check the ids of the call flow, the guidance or the run, and the base URL.`, detail)
    : new PigeonRefused(`${said} Correct what it asks for.`, status, detail);
}

/** `errorDescriptor` is how Pigeon words a rejection; `message` alone is how the emulator words an error. */
function wordsOfPigeon(json: unknown): string | null {
  const object = objectOrNull(json);
  const descriptor = objectOrNull(object?.['errorDescriptor']);
  if (descriptor !== null) {
    const words = [textOrNull(descriptor['title']), textOrNull(descriptor['detail'])].filter((word) => word !== null);
    return words.length === 0 ? null : words.join(': ');
  }
  if (object === null || Object.keys(object).join() !== 'message') return null;
  const message = textOrNull(object['message']);
  return message === null || ABOUT_THE_ADDRESS.test(message) ? null : message;
}

/** Gateways answer `{"message": …}` too, but know nothing of calls: they speak of the address that they do not know. */
const ABOUT_THE_ADDRESS =
  /^(?!.*(?:call ?flow|guidance|contact|phone|parameter))\W*(?:\d{3}\W*)?(?:(?:the )?(?:requested )?(?:resource|route|page|path|url|endpoint|service)\b.*)?(?:not found|no (?:matching )?route|no such (?:route|path|page|service)|cannot (?:get|post)|missing authentication token|method not allowed|bad request|forbidden|unauthorized|gone|unavailable|maintenance)/i;

/** These say that nothing was done where they were given. Of any other it may be the result. */
const MOVED: ReadonlySet<number> = new Set([301, 302, 307, 308]);

function redirection(status: number, location: string | string[] | undefined, request: string): PigeonError {
  // 303 says that it was done, and where to read of it; servers that know no 303 say 302 for it.
  if (!MOVED.has(status) || (status <= 302 && typeof location === 'string' && /\/results\//.test(location))) {
    return new PigeonUnconfirmed(
      `${request} was answered with ${status} and not followed. It is not known whether it was carried out: look before repeating it.`,
      `HTTP_${status}`,
      status,
    );
  }
  const target = originOf(location);
  const where = target === null ? 'elsewhere' : `to ${target}`;
  return new PigeonRedirected(
    `${request} was redirected ${where} (${status}) and not followed. Correct the base URL of Pigeon.`,
    status,
    target,
  );
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

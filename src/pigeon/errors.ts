/**
 * Every way in which a request to Pigeon fails, one class each. What decides between them is whether the request left this
 * process, and what Pigeon said; the code of a network error only chooses the words.
 *
 * No message, `cause` or field holds a token, a password, a telephone number or a whole body of an answer.
 */

/** The parent of all failures of this client: `error instanceof PigeonError`. */
export abstract class PigeonError extends Error {
  abstract override readonly name: string;
}

/**
 * Nothing reached Pigeon: address not found, connection refused, no TLS, no way through the proxy, the time limit passed
 * while connecting, or `latestSendAt` had passed. It is proven: undici never began to write the request.
 *
 * What to do: the same request may be sent again without the danger of calling twice.
 */
export class PigeonNotSent extends PigeonError {
  override readonly name: string = 'PigeonNotSent';

  /** @param code the network's word (`ECONNREFUSED`, `ENOTFOUND`, …), or ours: `TIME_LIMIT`, `TOO_LATE`, `CREDENTIAL`. */
  constructor(
    message: string,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The token, or the user and password of HTTP Basic, cannot be read or is empty. Counts as not sent.
 *
 * What to do: write the file (its path is in `file`, null for a plain value); it is read again before the next request.
 */
export class PigeonCredentialMissing extends PigeonNotSent {
  override readonly name = 'PigeonCredentialMissing';

  constructor(
    message: string,
    readonly file: string | null,
  ) {
    super(message, 'CREDENTIAL');
  }
}

/**
 * The request was sent, and no usable answer came back: reset, time-out, cut off, unreadable, 303, 408 or 5xx.
 *
 * What to do: after `invoke`, look for the run before anything else: it may exist, and telephones may be ringing. `result`,
 * `calls` and `abort` can be repeated safely.
 */
export class PigeonUnconfirmed extends PigeonError {
  override readonly name = 'PigeonUnconfirmed';

  /**
   * @param code the network's word, or ours: `TIME_LIMIT`, `UNREADABLE`, `HTTP_503` (the answer's status).
   * @param statusCode of an answer outside 2xx; null when none came, or a 2xx could not be used.
   */
  constructor(
    message: string,
    readonly code: string,
    readonly statusCode: number | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * 401: the token is unknown or has expired, or HTTP Basic in front of the space was not satisfied. Nothing was done.
 *
 * What to do: make a new token in Pigeon and replace the old one; the request may then be repeated.
 */
export class PigeonUnauthorized extends PigeonError {
  override readonly name = 'PigeonUnauthorized';
}

/**
 * 403: the token is known but may not do this. Nothing was done.
 *
 * What to do: let a privileged user of the space widen its rights; the request may then be repeated.
 */
export class PigeonForbidden extends PigeonError {
  override readonly name = 'PigeonForbidden';
}

/**
 * 404 in Pigeon's own words: the space does not know the call flow, the guidance or the run. Nothing was done.
 *
 * What to do: correct the id; repeating does not help. `detail` is Pigeon's own text, shortened.
 */
export class PigeonNotFound extends PigeonError {
  override readonly name = 'PigeonNotFound';

  constructor(
    message: string,
    readonly detail: string | null,
  ) {
    super(message);
  }
}

/**
 * 400 or 422 in Pigeon's own words: it understood and said no. Nothing was done.
 *
 * What to do: correct what was asked for; repeating does not help. `detail` is Pigeon's own text, shortened.
 */
export class PigeonRefused extends PigeonError {
  override readonly name = 'PigeonRefused';

  constructor(
    message: string,
    readonly statusCode: number,
    readonly detail: string | null,
  ) {
    super(message);
  }
}

/**
 * Any other 4xx, and each 4xx whose body is not in the shape that is known of Pigeon: an ingress without a backend, a proxy, a
 * maintenance page, another server. Pigeon did nothing.
 *
 * What to do: correct the base URL, or wait until the space is back; the request can be repeated safely. `detail` is its text, shortened,
 * where it is in Pigeon's shape anyway; else null.
 */
export class PigeonNotReached extends PigeonError {
  override readonly name = 'PigeonNotReached';

  constructor(
    message: string,
    readonly statusCode: number,
    readonly detail: string | null,
  ) {
    super(message);
  }
}

/**
 * 429: too many requests. Nothing was done.
 *
 * What to do: repeat after `retryAfterMs` (milliseconds from the answer on; null when Pigeon named no time), and back off.
 */
export class PigeonRateLimited extends PigeonError {
  override readonly name = 'PigeonRateLimited';

  constructor(
    message: string,
    readonly retryAfterMs: number | null,
  ) {
    super(message);
  }
}

/**
 * 301, 302, 307 or 308: the address leads somewhere else. It is never followed, since a redirected POST is a second POST. Pigeon did nothing.
 *
 * What to do: correct the base URL. `target` is the scheme and host that the answer named, or null.
 */
export class PigeonRedirected extends PigeonError {
  override readonly name = 'PigeonRedirected';

  constructor(
    message: string,
    readonly statusCode: number,
    readonly target: string | null,
  ) {
    super(message);
  }
}

import {
  type CallsPage,
  callsPageFrom,
  type InvokeAnswer,
  invokeAnswerFrom,
  type RunResult,
  runResultFrom,
} from './answers.js';
import { openConnections, type ProxySettings } from './connections.js';
import { PigeonCredentialMissing, PigeonNotSent, PigeonUnconfirmed } from './errors.js';
import { parseJson } from './json-value.js';
import type { InvokeParams } from './wire.js';
import type { Dispatcher } from 'undici';
import { refusalError } from './refusal.js';
import { startTimeLimit, type TimeLimit } from './time-limit.js';
import { transportFailure } from './transport-failure.js';

export interface PigeonClientOptions {
  /** `https://<space>.cloud.kompira.jp`, with a path if Pigeon stands below one. No user or password in it. */
  readonly baseUrl: string;
  /** The API token. Asked before every request, so that a replaced one is used at once. See `tokenFrom`. */
  readonly token: () => Promise<string>;
  /** `user:password` of HTTP Basic in front of the space, sent in `Authorization`. Default: none. */
  readonly basicAuth?: () => Promise<string>;
  /** Default: a direct connection. The environment is never read here. */
  readonly proxy?: ProxySettings;
  /** Limit for a whole exchange, from asking for the token to the end of the body. Milliseconds, default 10,000. */
  readonly timeLimitMs?: number;
  /** PEM of the certificate authority to trust, in place of the built-in ones. Default: the built-in ones. */
  readonly ca?: string | Buffer;
}

export interface Cancellable {
  /** Ends the request and closes its connection; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Kompira Pigeon's HTTP API. Every method makes one request, never repeats it, follows no redirect, ends within the time
 * limit, and rejects with a `PigeonError` (see `errors.ts` for which, and what to do).
 */
export interface PigeonClient {
  /**
   * Starts a run: telephones ring. There is no idempotency key, the same request twice calls twice.
   *
   * @param options.latestSendAt epoch milliseconds after which nothing is sent any more; `PigeonNotSent` (`TOO_LATE`) then.
   */
  invoke(params: InvokeParams, options?: { readonly latestSendAt?: number }): Promise<InvokeAnswer>;
  result(resultId: string, options?: Cancellable): Promise<RunResult>;
  /** Any 2xx counts. A run that is over or unknown is what Pigeon chooses: `PigeonNotFound`, or `PigeonNotReached` with 409. */
  abort(resultId: string, options?: Cancellable): Promise<void>;
  /** @param page `limit` is at most 1000. */
  calls(page: { readonly offset: number; readonly limit: number }, options?: Cancellable): Promise<CallsPage>;
  /** Waits for the requests under way, then closes the connections. Later requests are `PigeonNotSent`. */
  close(): Promise<void>;
}

const DEFAULT_TIME_LIMIT_MS = 10_000;

const API = '/api/apps/pigeon';

/** @throws {TypeError} when `baseUrl` or a proxy is no http or https URL, or `baseUrl` holds a password. */
export function createPigeonClient(options: PigeonClientOptions): PigeonClient {
  const { token, basicAuth, proxy, ca, timeLimitMs = DEFAULT_TIME_LIMIT_MS } = options;
  const base = baseUrlOf(options.baseUrl);
  const server = `Pigeon at ${base.host}`;
  const connections = openConnections({ base, timeLimitMs, proxy, ca });
  const requester = createRequester({ base, token, basicAuth, timeLimitMs });

  return {
    async invoke(params, { latestSendAt } = {}) {
      const path = `${API}/chain/invoke`;
      const { body, secrets } = await requester.send(connections.fresh, {
        method: 'POST',
        path,
        json: { params },
        latestSendAt,
      });
      return invokeAnswerFrom(parseJson(body), secrets, server);
    },
    async result(resultId, { signal } = {}) {
      const path = `${API}/results/${encodeURIComponent(resultId)}`;
      const { body } = await requester.send(connections.kept, { method: 'GET', path, signal });
      const run = runResultFrom(parseJson(body), server);
      if (run.resultId !== null && run.resultId !== resultId) {
        throw new PigeonUnconfirmed(
          `${server} answered with the result of another run. Repeat the request.`,
          'UNREADABLE',
          null,
        );
      }
      return run;
    },
    async abort(resultId, { signal } = {}) {
      const path = `${API}/chain/abort`;
      await requester.send(connections.aborts, { method: 'POST', path, json: { resultId }, signal });
    },
    async calls({ offset, limit }, { signal } = {}) {
      const path = `${API}/calls?offset=${offset}&limit=${limit}`;
      const { body } = await requester.send(connections.kept, { method: 'GET', path, signal });
      return callsPageFrom(parseJson(body), server);
    },
    async close() {
      await requester.close();
      await Promise.all([connections.fresh, connections.kept, connections.aborts].map((each) => each.destroy()));
    },
  };
}

/** The errors here do not quote the value: it may hold a password. */
function baseUrlOf(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(
      'The base URL of Pigeon is not an http or https URL. Write it as https://<space>.cloud.kompira.jp.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(
      `The base URL of Pigeon (${url.host}) holds a user or password. Give them as HTTP Basic instead.`,
    );
  }
  return url;
}

interface RequesterOptions {
  readonly base: URL;
  readonly token: () => Promise<string>;
  readonly basicAuth?: (() => Promise<string>) | undefined;
  readonly timeLimitMs: number;
}

interface JsonRequest {
  readonly method: 'GET' | 'POST';
  /** With the query, below the base URL. */
  readonly path: string;
  readonly json?: unknown;
  readonly latestSendAt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The body of a 2xx, and what must not show in anything that is said about it. */
interface GoodAnswer {
  readonly body: string;
  readonly secrets: readonly string[];
}

interface Requester {
  /** Resolves with the body of a 2xx; rejects with a `PigeonError`, or with the reason of the caller's signal. */
  send(dispatcher: Dispatcher, request: JsonRequest): Promise<GoodAnswer>;
  /** Refuses new requests and waits for those under way. */
  close(): Promise<void>;
}

/** Adds what every request has in common: credentials, the time limit, and the error for each way to fail. */
function createRequester({ base, token, basicAuth, timeLimitMs }: RequesterOptions): Requester {
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  async function send(dispatcher: Dispatcher, request: JsonRequest): Promise<GoodAnswer> {
    const name = `${request.method} ${request.path.replace(/\?.*/, '')} to ${base.host}`;
    const limit = startTimeLimit(timeLimitMs, request.signal);
    try {
      const { headers, secrets } = await credentials(limit, name, request.signal);
      if (request.json !== undefined) headers['content-type'] = 'application/json';
      const end = await exchange(
        dispatcher,
        {
          origin: base.origin,
          path: base.pathname.replace(/\/+$/, '') + request.path,
          method: request.method,
          headers,
          body: request.json === undefined ? null : JSON.stringify(request.json),
        },
        { stop: limit.signal, latestSendAt: request.latestSendAt },
      );
      if (end.kind !== 'answered') request.signal?.throwIfAborted();
      return { body: goodBody(end, name, secrets), secrets };
    } finally {
      limit.end();
    }
  }

  async function credentials(
    limit: TimeLimit,
    name: string,
    cancelled: AbortSignal | undefined,
  ): Promise<{ headers: Record<string, string>; secrets: string[] }> {
    try {
      const given = await limit.race(token());
      const basic = basicAuth === undefined ? null : await limit.race(basicAuth());
      const headers: Record<string, string> = { accept: 'application/json', 'x-authorization': `Token ${given}` };
      if (basic === null) return { headers, secrets: [given] };
      const encoded = Buffer.from(basic, 'utf8').toString('base64');
      headers['authorization'] = `Basic ${encoded}`;
      return { headers, secrets: [given, encoded, basic, basic.slice(basic.indexOf(':') + 1)] };
    } catch (error) {
      if (error instanceof PigeonCredentialMissing) throw error;
      cancelled?.throwIfAborted();
      // No cause: anyone who gives the token may quote it.
      const { code, reason } = transportFailure(error, []);
      throw new PigeonNotSent(
        `${name} was not sent: the credentials could not be had, ${reason}. Mend their source; it is safe to repeat.`,
        code === 'UNKNOWN' ? 'CREDENTIAL' : code,
      );
    }
  }

  return {
    send(dispatcher, request) {
      if (closed) return Promise.reject(closedError(base));
      const sending = send(dispatcher, request);
      const settled: Promise<unknown> = sending.then(
        () => underWay.delete(settled),
        () => underWay.delete(settled),
      );
      underWay.add(settled);
      return sending;
    },
    async close() {
      closed = true;
      await Promise.all(underWay);
    },
  };
}

function closedError(base: URL): PigeonNotSent {
  return new PigeonNotSent(`Nothing was sent to ${base.host}: this client is closed. Create a new one.`, 'CLOSED');
}

function goodBody(end: ExchangeEnd, name: string, secrets: readonly string[]): string {
  switch (end.kind) {
    case 'notSent': {
      const { code, reason, cause } = transportFailure(end.failure, secrets);
      throw new PigeonNotSent(
        `${name} was not sent: ${reason}. Check the address, the network and the proxy; it is safe to repeat.`,
        code,
        { cause },
      );
    }
    case 'noAnswer':
      throw unconfirmed(end.failure, name, secrets);
    case 'cutOff':
      if (end.status < 200 || end.status >= 300) throw refusalError({ ...end, body: null }, name, secrets);
      throw unconfirmed(end.failure, name, secrets);
    case 'answered':
      if (end.status < 200 || end.status >= 300) throw refusalError(end, name, secrets);
      return end.body;
    default:
      return end satisfies never;
  }
}

function unconfirmed(failure: unknown, name: string, secrets: readonly string[]): PigeonUnconfirmed {
  const { code, reason, cause } = transportFailure(failure, secrets);
  return new PigeonUnconfirmed(
    `${name} was sent, but there is no usable answer: ${reason}. It is not known whether it was carried out: look before repeating it.`,
    code,
    null,
    { cause },
  );
}

interface ExchangeRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface ExchangeOptions {
  /** Ends the exchange, whatever it is doing; the signal's reason becomes the `failure`. */
  readonly stop: AbortSignal;
  /** Epoch milliseconds; nothing is written after it. */
  readonly latestSendAt?: number | undefined;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How one request and its answer ended. */
type ExchangeEnd =
  /** Not one byte of the request was written, nor will be. */
  | { readonly kind: 'notSent'; readonly failure: unknown }
  /** The request was written, wholly or in part, and no status line came back. */
  | { readonly kind: 'noAnswer'; readonly failure: unknown }
  /** The status is known, the body did not arrive whole. */
  | { readonly kind: 'cutOff'; readonly status: number; readonly headers: Headers; readonly failure: unknown }
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Headers; readonly body: string };

/** The `failure` of a request that would have been written after its `latestSendAt`. */
class TooLateToSend extends Error {
  override readonly name = 'TooLateToSend';
  readonly code = 'TOO_LATE';
}

/**
 * One request, one answer, never a second request. Never rejects, and settles as soon as `stop` aborts, also where undici
 * does not listen to a signal: in its queue, in a TLS handshake, in a proxy's CONNECT.
 *
 * The proof of "not sent" is `onRequestStart`. undici calls it once it has a usable connection to Pigeon itself (through the
 * proxy and TLS, if there are any) and right before it writes the head, in the same tick; to abort there leaves the socket
 * unwritten (undici 7.30, `writeH1` in lib/dispatcher/client-h1.js). A proxy's CONNECT has a handler of its own.
 *
 * This works on `dispatch` and not on `fetch`, because fetch sends a POST again that was answered with 421
 * (`httpNetworkOrCacheFetch` in lib/web/fetch/index.js), and on neither `request`, whose signal is not heard while connecting.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  { stop, latestSendAt }: ExchangeOptions,
): Promise<ExchangeEnd> {
  return new Promise((resolve) => {
    let settled = false;
    let writing: Dispatcher.DispatchController | null = null;
    let answer: { readonly status: number; readonly headers: Headers } | null = null;
    const chunks: Buffer[] = [];

    const settle = (end: ExchangeEnd): void => {
      if (settled) return;
      settled = true;
      stop.removeEventListener('abort', onStop);
      resolve(end);
    };
    const fail = (failure: unknown): void => {
      if (writing === null) settle({ kind: 'notSent', failure });
      else if (answer === null) settle({ kind: 'noAnswer', failure });
      else settle({ kind: 'cutOff', ...answer, failure });
    };
    const onStop = (): void => {
      fail(stop.reason);
      writing?.abort(new Error('the exchange was ended'));
    };

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        if (!settled && latestSendAt !== undefined && Date.now() > latestSendAt) fail(new TooLateToSend());
        // Anyone who was told "not sent" relies on it, so a connection that is ready only now must not be written to.
        if (settled || writing !== null) {
          controller.abort(new Error('not to be sent'));
          return;
        }
        writing = controller;
      },
      onResponseStart(_controller, status, headers) {
        if (status >= 200) answer = { status, headers };
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        if (answer !== null)
          settle({ kind: 'answered', ...answer, body: new TextDecoder().decode(Buffer.concat(chunks)) });
      },
      onResponseError(_controller, error) {
        fail(error);
      },
    };

    if (stop.aborted) return fail(stop.reason);
    stop.addEventListener('abort', onStop, { once: true });
    try {
      dispatcher.dispatch({ ...request, headers: { ...request.headers } }, handler);
    } catch (error) {
      fail(error);
    }
  });
}

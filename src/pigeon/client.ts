import { type CallsPage, callsPageFrom } from './calls-page.js';
import { openConnections, type ProxySettings } from './connections.js';
import { PigeonUnconfirmed } from './errors.js';
import { type InvokeAnswer, invokeAnswerFrom } from './invoke-answer.js';
import { parseJson } from './json-value.js';
import { createRequester } from './requester.js';
import { type RunResult, runResultFrom } from './run-result.js';
import type { InvokeParams } from './wire.js';

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

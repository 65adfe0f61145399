import type { Dispatcher } from 'undici';
import { PigeonCredentialMissing, PigeonNotSent, PigeonUnconfirmed } from './errors.js';
import { exchange, type ExchangeEnd } from './exchange.js';
import { refusalError } from './refusal.js';
import { startTimeLimit, type TimeLimit } from './time-limit.js';
import { transportFailure } from './transport-failure.js';

export interface RequesterOptions {
  readonly base: URL;
  readonly token: () => Promise<string>;
  readonly basicAuth?: (() => Promise<string>) | undefined;
  readonly timeLimitMs: number;
}

export interface JsonRequest {
  readonly method: 'GET' | 'POST';
  /** With the query, below the base URL. */
  readonly path: string;
  readonly json?: unknown;
  readonly latestSendAt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The body of a 2xx, and what must not show in anything that is said about it. */
export interface GoodAnswer {
  readonly body: string;
  readonly secrets: readonly string[];
}

export interface Requester {
  /** Resolves with the body of a 2xx; rejects with a `PigeonError`, or with the reason of the caller's signal. */
  send(dispatcher: Dispatcher, request: JsonRequest): Promise<GoodAnswer>;
  /** Refuses new requests and waits for those under way. */
  close(): Promise<void>;
}

/** Adds what every request has in common: credentials, the time limit, and the error for each way to fail. */
export function createRequester({ base, token, basicAuth, timeLimitMs }: RequesterOptions): Requester {
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

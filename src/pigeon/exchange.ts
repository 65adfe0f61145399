import type { Dispatcher } from 'undici';

export interface ExchangeRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface ExchangeOptions {
  /** Ends the exchange, whatever it is doing; the signal's reason becomes the `failure`. */
  readonly stop: AbortSignal;
  /** Epoch milliseconds; nothing is written after it. */
  readonly latestSendAt?: number | undefined;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How one request and its answer ended. */
export type ExchangeEnd =
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

import {
  Client,
  type ClientInterceptors,
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  type GrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { lookAtTls } from '../process/look-at-tls.js';
import { TemporalRefused, TemporalUnreachable } from './errors.js';
import { addressOf, grpcErrorIn, reasonOf, translated } from './temporal-errors.js';

/** A server that is being restarted is back within seconds; a person waits for the answer. */
const CONNECT_TIMEOUT_MS = 8_000;
const TRY_AGAIN_MS = 500;

/**
 * Connects, and knows why where it cannot: the SDK's own `connect` says only that the time is over.
 *
 * @param dataConverter from `openDataConverter`; what only looks at the server and its workers needs none.
 * @throws TemporalUnreachable after 8 s, or TemporalRefused at once.
 */
export async function connectTemporal(
  options: ConnectionOptions,
  namespace: string,
  dataConverter: DataConverter = {},
): Promise<Client> {
  const deadline = Date.now() + CONNECT_TIMEOUT_MS;
  // Without the SDK's own tries, which keep the reason of the failure to themselves.
  const probe = Connection.lazy({ ...options, interceptors: [] });
  const asked = new Client({ connection: probe, namespace });
  let reason: string | null = null;
  try {
    for (;;) {
      try {
        await asked.withDeadline(deadline, () => probe.workflowService.getSystemInfo({}));
        return lazyTemporal(options, namespace, dataConverter);
      } catch (error) {
        const known = translated(error, asked, null);
        if (!(known instanceof TemporalUnreachable)) throw known;
        const grpc = grpcErrorIn(error);
        const trouble = await lookAtTls(options, Math.max(500, Math.min(3_000, deadline - Date.now())));
        if (trouble?.kind === 'refused') {
          throw new TemporalRefused(`Temporal at ${addressOf(asked)} cannot be used: ${trouble.why}.`, {
            cause: error,
          });
        }
        // The last try is cut off by the deadline; an earlier one knows more.
        if (trouble !== null) reason = trouble.why;
        else if (grpc !== null && Date.now() < deadline) reason = reasonOf(grpc);
        if (Date.now() + TRY_AGAIN_MS >= deadline) {
          throw reason === null ? known : new TemporalUnreachable(addressOf(asked), reason, { cause: error });
        }
      }
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  } finally {
    await probe.close();
  }
}

/** A client that connects when it is first asked, and again whenever the connection is lost: for what waits for its server. */
export function lazyTemporal(
  options: ConnectionOptions,
  namespace: string,
  dataConverter: DataConverter,
  interceptors: ClientInterceptors = {},
): Client {
  const connection = Connection.lazy({
    interceptors: [makeGrpcRetryInterceptor(askAgain()), failsWhenClosed],
    ...options,
  });
  return new Client({ connection, namespace, dataConverter, interceptors });
}

type Interceptor = ReturnType<typeof makeGrpcRetryInterceptor>;
type Call = ReturnType<Interceptor>;
const CANCELLED = 1;

/** What is told of an answer. */
interface AnswerListener {
  readonly onReceiveMessage?: (message: null) => void;
  readonly onReceiveStatus?: (status: object) => void;
}

/**
 * The SDK asks again by a timer. On a connection that was closed meanwhile grpc-js throws, out of that timer, which would end the
 * process: the question fails instead, as it does when it is first asked then.
 */
const failsWhenClosed: Interceptor = (options, nextCall) => {
  try {
    return nextCall(options) as Call;
  } catch (error) {
    const details = error instanceof Error ? error.message : String(error);
    const ignored = () => undefined;
    const call: object = {
      start: (metadata: unknown, listener?: AnswerListener) =>
        setImmediate(() => {
          listener?.onReceiveMessage?.(null); // as of grpc-js, which has a message before each status; the SDK relies on it
          listener?.onReceiveStatus?.({ code: CANCELLED, details, metadata });
        }),
      sendMessage: ignored,
      sendMessageWithContext: ignored,
      startRead: ignored,
      halfClose: ignored,
      cancelWithStatus: ignored,
      getPeer: () => '',
      getAuthContext: () => null,
    };
    return call as Call;
  }
};

/** What the server says to an update that comes while a run ends and the next begins, which takes it. */
const NEXT_RUN_BEGINS = /workflow is closing/i;
const RETRY_INTERVAL_MS = 100;

/**
 * How the SDK asks again, but for an incident that continues as new: this takes a fraction of a second, and the SDK would wait as
 * for a server that has too much to do, 1.7 s and then 2.9 and 4.9: who meets it three times has no answer within 10 s.
 */
export function askAgain(): GrpcRetryOptions {
  const usual = defaultGrpcRetryOptions();
  const soon = defaultGrpcRetryOptions({ initialIntervalMs: () => RETRY_INTERVAL_MS });
  return {
    ...usual,
    delayFunction: (attempt, status) =>
      (NEXT_RUN_BEGINS.test(status.details) ? soon : usual).delayFunction(attempt, status),
  };
}

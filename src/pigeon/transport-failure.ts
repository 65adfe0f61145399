import { excerptOf } from './excerpt.js';

/** What went wrong on the way, in words and in a form that may be logged. */
export interface TransportFailure {
  /** The network's, TLS's or undici's code; `UNKNOWN` when there is none. */
  readonly code: string;
  /** A clause without a full stop: "the connection was refused (ECONNREFUSED)". */
  readonly reason: string;
  readonly cause: Error;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'the connection was refused'],
  ['ENOTFOUND', 'the host name is not known to DNS'],
  ['EAI_AGAIN', 'DNS did not answer'],
  ['ECONNRESET', 'the connection was reset'],
  ['EPIPE', 'the connection was reset'],
  ['EHOSTUNREACH', 'there is no route to the host'],
  ['ENETUNREACH', 'there is no route to the network'],
  ['ETIMEDOUT', 'the connection timed out'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connecting took too long'],
  ['UND_ERR_HEADERS_TIMEOUT', 'no answer came in time'],
  ['UND_ERR_BODY_TIMEOUT', 'the answer stopped half-way'],
  ['UND_ERR_SOCKET', 'the other side closed the connection'],
  ['UND_ERR_ABORTED', 'the proxy refused to connect'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'the answer is larger than 1 MiB'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'the answer was cut off'],
  ['UND_ERR_INVALID_ARG', 'the request cannot be written: check the token for characters that a header cannot carry'],
  ['UND_ERR_PRX_TLS', 'no secure connection to the proxy'],
  ['UND_ERR_CLOSED', 'this client is closed'],
  ['UND_ERR_DESTROYED', 'this client is closed'],
  ['NOT_HTTP', 'the answer is not HTTP'],
  ['PROXY_CLOSED', 'the proxy closed the connection'],
  ['TIME_LIMIT', 'the time limit passed'],
  ['TOO_LATE', 'the latest time for sending had passed'],
]);

const TLS_CODE = /^(?:ERR_SSL|ERR_TLS|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA)/;

export function transportFailure(failure: unknown, secrets: readonly string[]): TransportFailure {
  const code = codeOf(failure);
  const words = REASONS.get(code) ?? wordsForFamily(code);
  return { code, reason: `${words} (${code})`, cause: loggableCopy(failure, code, secrets) };
}

function wordsForFamily(code: string): string {
  if (TLS_CODE.test(code)) return 'there is no trusted TLS connection';
  return 'the connection failed';
}

/** Two refused addresses are one `AggregateError`, and undici's parser error has no code in 7.30. */
function codeOf(failure: unknown): string {
  if (failure instanceof Error && failure.name === 'HTTPParserError') return 'NOT_HTTP';
  if (failure instanceof Error && 'code' in failure && typeof failure.code === 'string') return failure.code;
  if (failure instanceof AggregateError && failure.errors.length > 0) return codeOf(failure.errors[0]);
  return 'UNKNOWN';
}

/**
 * The original is not passed on: undici's parser error carries the body that it could not parse, a TLS error the certificate,
 * and either would be written out by a logger that follows `cause`.
 */
function loggableCopy(failure: unknown, code: string, secrets: readonly string[]): Error {
  const name = failure instanceof Error ? failure.name : 'Error';
  const text = failure instanceof Error && failure.message !== '' ? excerptOf(failure.message, secrets) : code;
  return Object.assign(new Error(`${name}: ${text}`), { code });
}

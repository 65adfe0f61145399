import { Agent, EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici';

/** Values of the usual environment variables, as somebody else has read them. */
export interface ProxySettings {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
}

export interface ConnectionSettings {
  readonly base: URL;
  readonly timeLimitMs: number;
  readonly proxy?: ProxySettings | undefined;
  readonly ca?: string | Buffer | undefined;
}

export interface Connections {
  /** A new connection for every request. */
  readonly fresh: Dispatcher;
  /** A few connections that are kept open, for polls and lists. */
  readonly kept: Dispatcher;
  /** As many as are needed, kept open: hanging up waits behind no other request, however long that hangs. */
  readonly aborts: Dispatcher;
}

/** 1 MiB: a page of 1,000 calls is about 300 KB, a result far less. More is no answer of Pigeon's. */
export const LARGEST_ANSWER_BYTES = 1024 * 1024;

/** A space holds at most 30 runs, each polled every few seconds. */
const KEPT_CONNECTIONS = 8;

/**
 * Opens nothing yet. The POST that must not be repeated goes over `fresh`: the peer may reset a kept connection at the moment
 * of writing, and the POST then looks sent although nobody read it.
 */
export function openConnections(settings: ConnectionSettings): Connections {
  return {
    fresh: dispatcherFor(settings, { pipelining: 0 }),
    kept: dispatcherFor(settings, { connections: KEPT_CONNECTIONS }),
    aborts: dispatcherFor(settings, { pipelining: 1 }),
  };
}

function dispatcherFor({ base, timeLimitMs, proxy, ca }: ConnectionSettings, reuse: Agent.Options): Dispatcher {
  const tls = { timeout: timeLimitMs, ...(ca === undefined ? {} : { ca }) };
  const options: Agent.Options = {
    ...reuse,
    allowH2: false,
    // Only the second lock: they are coarse, and none bounds the whole exchange.
    headersTimeout: timeLimitMs,
    bodyTimeout: timeLimitMs,
    maxResponseSize: LARGEST_ANSWER_BYTES,
    connect: tls,
  };

  const proxyUrl = base.protocol === 'https:' ? proxy?.httpsProxy : proxy?.httpProxy;
  if (proxyUrl === undefined || proxyUrl === '') return new Agent(options);
  checkProxyUrl(proxyUrl, base.protocol);
  return new EnvHttpProxyAgent({
    ...options,
    // All three are given, else undici reads process.env; both are the same, else it takes the http proxy for https.
    httpProxy: proxyUrl,
    httpsProxy: proxyUrl,
    noProxy: proxy?.noProxy ?? '',
    // A tunnel also for http: a forwarding proxy would take the request before Pigeon has, and "sent" would prove nothing.
    proxyTunnel: true,
    requestTls: tls,
    proxyTls: tls,
    clientFactory: (origin, given) =>
      new Pool(origin, { ...given, headersTimeout: timeLimitMs }).compose(endWhenProxyCloses),
  });
}

/**
 * A proxy that closes the connection in CONNECT fails with `UND_ERR_SOCKET`, which undici's client takes for a reason to
 * connect again, at once and for ever (1,800 connections a second, also after the request was given up). Under another code
 * it is an error as any other.
 */
const endWhenProxyCloses: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade: (controller, status, headers, socket) =>
      handler.onRequestUpgrade?.(controller, status, headers, socket),
    onResponseStart: (controller, status, headers, text) =>
      handler.onResponseStart?.(controller, status, headers, text),
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => {
      const closed = 'code' in error && error.code === 'UND_ERR_SOCKET';
      handler.onResponseError?.(controller, closed ? new ProxyClosedConnection() : error);
    },
  });

class ProxyClosedConnection extends Error {
  override readonly name = 'ProxyClosedConnection';
  readonly code = 'PROXY_CLOSED';
  constructor() {
    super('the proxy closed the connection instead of answering CONNECT');
  }
}

/** The value may hold a password, and the errors of `new URL` quote it. */
function checkProxyUrl(value: string, protocol: string): void {
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return;
  throw new TypeError(
    `The proxy for ${protocol}// addresses is not an http or https URL. Write it as http://host:port, or leave it out.`,
  );
}

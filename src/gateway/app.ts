import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger as Pino } from 'pino';
import { refuseCrossSite } from './cross-site.js';
import type { Stay } from './in-progress.js';
import type { Integration, KeyHolder } from './keys/keys.js';
import type { Place } from './deliver.js';
import { Problem } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key it is, once that is known. */
    holder: KeyHolder | Integration | null;
    /** Among the alerts of its sender. */
    place: Place | null;
    /** Among the requests in progress. */
    stay: Stay;
    /** What the access log says of it: ids and names, never content. */
    noted: Readonly<Record<string, unknown>>;
  }
}

/** A sender has this long for a whole request, and a little less for its headers. */
const REQUEST_WITHIN_MS = 10_000;
/** How often those are looked for that have taken longer. */
const LOOK_FOR_SLOW_MS = 1_000;
/** Longer than the proxies that are usual in front of it, which would else send into a connection that closes. */
const KEEP_IDLE_MS = 75_000;
/** Of somebody who has shown no key. */
const KEEP_STRANGER_MS = 5_000;
/** Above the time of every answer: anyone who does not read it is cut. */
const SILENT_MS = 30_000;

export interface AppOptions {
  /** Null: plain HTTP. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly log: Pino;
  /** From then on each answer closes its connection. */
  readonly stop: AbortSignal;
  readonly requestWithinMs?: number;
}

export type App = FastifyInstance;

/** The server without its routes: limits, problem details, the access log. */
export function createApp({ tls, log, stop, requestWithinMs = REQUEST_WITHIN_MS }: AppOptions): App {
  const timeLimits = {
    requestTimeout: requestWithinMs,
    headersTimeout: requestWithinMs,
    connectionsCheckingInterval: Math.min(LOOK_FOR_SLOW_MS, requestWithinMs),
    keepAliveTimeout: KEEP_IDLE_MS,
  };
  const app: App = Fastify({
    serverFactory: (handler) =>
      (tls === null
        ? createServer(timeLimits, handler)
        : createTlsServer({ ...timeLimits, ...tls }, handler)
      ).setTimeout(SILENT_MS),
    // While it stops, what still comes is answered.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // Nothing is coerced and nothing taken away: what was sent is what is checked.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true } },
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    // Its own words repeat the address, in which a key may stand.
    frameworkErrors: (_error, _request, reply) => {
      sendProblem(reply, new Problem(400, 'The address of the request cannot be read.'));
    },
  });
  app.decorateRequest('holder', null);
  app.decorateRequest('place', null);
  app.decorateRequest('stay', null as never);
  app.decorateRequest('noted', null as never);
  app.addHook('onRequest', async (request) => {
    request.noted = {};
    refuseCrossSite(request);
  });
  keepStrangersShort(app);
  app.addHook('onSend', async (_request, reply) => {
    if (stop.aborted) void reply.header('connection', 'close');
  });
  logAccess(app, log);
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(
      reply,
      new Problem(
        404,
        'There is nothing here. Alerts go to /v1/alerts/<source>/<key>; /openapi.json has the incident API.',
      ),
    ),
  );
  app.setErrorHandler((error, request, reply) => sendProblem(reply, problemOf(error, request, log)));
  return app;
}

function sendProblem(reply: FastifyReply, { status, headers, body }: Problem): void {
  // As a text: the type of problem details is none of those that are serialized automatically.
  void reply.code(status).headers(headers).send(JSON.stringify(body));
}

function keepStrangersShort(app: App): void {
  app.addHook('onRequest', async (request, { raw: response }) => {
    response.once('finish', () => {
      if (request.holder === null) request.raw.socket.setTimeout(KEEP_STRANGER_MS);
    });
  });
}

/** A line for each request, by the pattern of its address: the address itself may hold a key. */
function logAccess(app: App, log: Pino): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...(request.holder !== null && { key: request.holder.name }),
      ...request.noted,
    };
    if (reply.statusCode < 400) log.info(line, 'answered');
    else if (reply.statusCode < 500) log.warn(line, 'refused');
    else log.error(line, 'failed');
  });
}

/** What Fastify itself refuses, in our words: its own repeat what was sent. */
const OWN_WORDS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  405: 'This method is not possible here.',
  411: 'The request must say how long its body is.',
  414: 'The address is too long.',
  415: 'The type of the body must be application/json.',
};

function problemOf(error: unknown, request: FastifyRequest, log: Pino): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Error && 'validation' in error) return unfit(error as FastifyError);
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  const words = OWN_WORDS[status];
  if (words !== undefined) return new Problem(status, words);
  const at = error instanceof Error ? error.stack?.split('\n').find((line) => line.trimStart().startsWith('at ')) : '';
  const name = error instanceof Error ? error.name : typeof error;
  log.error({ error: { name, at: at?.trim() }, route: request.routeOptions.url }, 'a request failed unexpectedly');
  return new Problem(500, 'The request failed here. It can be repeated safely.');
}

const MOST_ERRORS = 20;

/** Of the body, or of a parameter of the address. The words of the checker name what is wanted, never what came. */
function unfit({ validation = [], validationContext }: FastifyError): Problem {
  const where = validationContext === 'body' ? '' : `/${validationContext ?? 'request'}`;
  const errors = validation
    .slice(0, MOST_ERRORS)
    .map(({ instancePath, message }) => ({ pointer: `#${where}${instancePath}`, detail: message ?? 'does not fit' }));
  return new Problem(400, 'The request does not fit; `errors` names the fields.', { errors });
}

/** Whatever else is asked of this address is answered with what is possible. */
export function onlyMethods(app: App, url: string, possible: readonly ('GET' | 'POST' | 'DELETE')[]): void {
  const allow = possible.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const refuse = () => {
    throw new Problem(405, `Here is possible: ${allow.join(', ')}.`, { headers: { allow: allow.join(', ') } });
  };
  const others = METHODS.filter((method) => !allow.includes(method));
  app.route({ method: others, url, onRequest: refuse, handler: refuse });
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];

/** Counts a request of this holder, or the alerts of one, of which some have been counted. @throws Problem 429 */
export function limitRate(
  rates: RateLimit,
  { name, perMinute }: KeyHolder,
  given: { readonly alerts: number; readonly counted: number } | null = null,
): void {
  const seconds = rates.take(name, perMinute, given?.alerts, given?.counted);
  if (seconds === 0) return;
  const limit = given === null ? 'may be used' : 'may send alerts';
  const detail = `This key ${limit} ${perMinute} times a minute. Try again after the time of Retry-After.`;
  throw new Problem(429, detail, { headers: { 'retry-after': String(seconds) } });
}

/** So many at once, and so many a minute after that, for each name. */
export class RateLimit {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Takes `wanted`, of which it `has` some already, or nothing. More than a minute's worth is possible where a whole minute is free: what
   * follows then waits until all of it is paid for.
   *
   * @returns Seconds after which to try again; 0: it may.
   */
  take(name: string, perMinute: number, wanted = 1, has = 0): number {
    const at = this.now();
    const bucket = this.#buckets.get(name) ?? { left: perMinute, at };
    const left = Math.min(perMinute, bucket.left + ((at - bucket.at) / 60_000) * perMinute);
    const missing = Math.min(wanted, perMinute) - has - left;
    this.#buckets.set(name, { left: missing > 0 ? left : left - (wanted - has), at });
    return missing > 0 ? Math.max(1, Math.ceil(((missing + has) / perMinute) * 60)) : 0;
  }
}

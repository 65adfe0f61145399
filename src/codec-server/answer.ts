import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, IncomingHttpHeaders } from 'node:http';
import type { PayloadCodec, Payload } from '@temporalio/common';
import { JSONToPayload, payloadToJSON } from '@temporalio/common/lib/proto-utils.js';
import { PayloadUnreadable } from '../codec/index.js';

export interface AnswerOptions {
  readonly codec: PayloadCodec;
  /** Asked at each request, so that a replaced token counts from the next one on. */
  readonly token: () => Promise<string>;
  /** Those of the pages that may ask, exactly. */
  readonly origins: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the log may say of it: never content. */
  readonly noted: Readonly<Record<string, unknown>>;
}

/**
 * Answers as Temporal's Web UI and command ask: `POST /decode` and `/encode`. Both: what an operator types into the Web UI
 * reaches Temporal encrypted only if the Web UI can ask for it. `GET /` is where a browser is given the token.
 */
export async function answer(request: IncomingMessage, { codec, token, origins }: AnswerOptions): Promise<Answer> {
  const { origin } = request.headers;
  const allowed = origin === undefined || origins.includes(origin);
  const cors = origin === undefined || !allowed ? {} : corsHeaders(origin);
  try {
    if (!allowed)
      throw new Refusal(403, 'Pages of this origin may not ask. PIGEONFLOW_CODEC_ORIGINS names those that may.');
    const found = request.method === 'OPTIONS' ? PREFLIGHT : WORK[`${request.method} ${pathOf(request)}`];
    if (found === undefined) throw new Refusal(404, 'There are POST /decode, POST /encode and GET /.');
    if (found !== PREFLIGHT && !knowsToken(request.headers, await token())) throw new Refusal(401, UNKNOWN, CHALLENGE);
    const given = await found(request, codec);
    return { ...given, headers: { ...cors, ...given.headers } };
  } catch (error) {
    const { status, message, headers } = refusalOf(error);
    return {
      status,
      headers: { ...cors, 'content-type': 'text/plain; charset=utf-8', ...headers },
      body: `${message}\n`,
      noted: { why: message },
    };
  }
}

export const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?')[0] ?? '';

type Work = (request: IncomingMessage, codec: PayloadCodec) => Answer | Promise<Answer>;

const PREFLIGHT: Work = () => ({ status: 204, headers: {}, body: '', noted: {} });

const WORK: Readonly<Record<string, Work>> = {
  'GET /': () => ({
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: "This browser knows the token now: Temporal's Web UI can ask this codec server.\n",
    noted: {},
  }),
  'POST /decode': async (request, codec) => payloadsAnswer(await codec.decode(await payloadsIn(request))),
  'POST /encode': async (request, codec) => payloadsAnswer(await codec.encode(await payloadsIn(request))),
};

const payloadsAnswer = (payloads: Awaited<ReturnType<PayloadCodec['decode']>>): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: bodyWith(payloads),
  noted: { payloads: payloads.length },
});

const UNKNOWN =
  'The token is missing or wrong. It is the one of PIGEONFLOW_CODEC_TOKEN_FILE or PIGEONFLOW_CODEC_TOKEN.';
/** A browser asks for a user, who may be anybody, and a password: the token. */
const CHALLENGE = { 'www-authenticate': 'Basic realm="pigeonflow codec server", charset="UTF-8"' };

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof PayloadUnreadable) return new Refusal(422, error.message);
  return new Refusal(500, `The request failed: ${error instanceof Error ? error.name : 'unknown error'}.`);
}

/**
 * Whether the caller knows the token: as a bearer, as the `temporal` command sends it, or as the password of HTTP Basic,
 * which is what a browser can keep for Temporal's Web UI. The user of Basic may be anybody.
 */
function knowsToken({ authorization = '' }: IncomingHttpHeaders, token: string): boolean {
  const [scheme = '', given = ''] = authorization.split(/ +(.*)/s);
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return same(given.trim(), token);
    case 'basic':
      return same(/:(.*)/s.exec(Buffer.from(given, 'base64').toString())?.[1] ?? '', token);
    default:
      return false;
  }
}

/** Of hashes, which have one length: the time that it takes tells nothing of the token. */
function same(given: string, token: string): boolean {
  const [one, other] = [given, token].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(one, other);
}

/** What a page of an allowed origin needs to be let through by its browser. */
function corsHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization, authorization-extras, content-type, x-namespace',
    'access-control-max-age': '600',
    vary: 'origin',
  };
}

/** A request that is not carried out; the message is its answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Above a message of Temporal, 4 MiB, in base64. */
const MOST_BYTES = 8 * 1024 * 1024;

/** @throws Refusal 413 or 400 */
async function payloadsIn(request: IncomingMessage): Promise<Payload[]> {
  const body = await bodyOf(request);
  try {
    const { payloads } = JSON.parse(body) as { readonly payloads: readonly object[] };
    return payloads.map((payload) => JSONToPayload(payload));
  } catch {
    // The reason would quote the payload.
    throw new Refusal(400, 'The body must be JSON of the form {"payloads":[{"metadata":{…},"data":"…"}]}.');
  }
}

/** In the order of the request, as the protocol demands. */
const bodyWith = (payloads: readonly Payload[]): string =>
  JSON.stringify({ payloads: payloads.map((payload) => payloadToJSON(payload)) });

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Refusal(413, `A body has at most ${MOST_BYTES} bytes.`, { connection: 'close' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

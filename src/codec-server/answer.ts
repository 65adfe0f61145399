import type { IncomingMessage } from 'node:http';
import type { PayloadCodec } from '@temporalio/common';
import { PayloadUnreadable } from '../codec.js';
import { corsHeaders, knowsToken } from './access.js';
import { bodyWith, payloadsIn } from './payloads-body.js';
import { Refusal } from './refusal.js';

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

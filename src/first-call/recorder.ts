import { request } from 'undici';
import type { PigeonConfig } from '../config/config.js';
import { openConnections } from '../pigeon/connections.js';
import { parseJson } from '../pigeon/json-value.js';
import { tokenFrom } from '../pigeon/token.js';

/** One request and what came back, as it came. No header is kept but the type of the answer: they hold credentials. */
export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly sent: unknown;
  readonly status: number;
  readonly contentType: string | null;
  /** JSON, else the beginning of the text. */
  readonly answer: unknown;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Recorder {
  readonly ask: (method: Exchange['method'], path: string, sent?: unknown, token?: string) => Promise<Exchange>;
  readonly close: () => Promise<void>;
}

const API = '/api/apps/pigeon';
const WITHIN_MS = 10_000;
const MOST_TEXT = 500;

/** Asks a space without understanding what it answers: what the client makes of it is another question. */
export function recordSpace({ baseUrl, token, basicAuth, proxy }: PigeonConfig): Recorder {
  const base = new URL(baseUrl);
  const connections = openConnections({ base, timeLimitMs: WITHIN_MS, proxy: proxy ?? undefined });
  const ours = tokenFrom(token);
  const basic = basicAuth === null ? null : tokenFrom(basicAuth);
  return {
    ask: async (method, path, sent, other) => {
      const headers: Record<string, string> = {
        accept: 'application/json',
        'x-authorization': `Token ${other ?? (await ours())}`,
        ...(basic !== null && { authorization: `Basic ${Buffer.from(await basic()).toString('base64')}` }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
      };
      const at = Date.now();
      const answer = await request(`${base.origin}${base.pathname.replace(/\/+$/, '')}${API}${path}`, {
        method,
        headers,
        dispatcher: connections.fresh,
        signal: AbortSignal.timeout(WITHIN_MS),
        ...(sent !== undefined && { body: JSON.stringify(sent) }),
      });
      const text = await answer.body.text();
      const json = parseJson(text);
      const type = answer.headers['content-type'];
      const contentType = typeof type === 'string' ? type : null;
      return {
        method,
        path,
        sent,
        status: answer.statusCode,
        contentType,
        answer: json === undefined ? text.slice(0, MOST_TEXT) : json,
        at,
      };
    },
    close: async () => {
      await Promise.all([connections.fresh, connections.kept, connections.aborts].map((each) => each.destroy()));
    },
  };
}

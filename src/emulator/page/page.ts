import type { ServerResponse } from 'node:http';
import type { PigeonRequest } from '../endpoint.js';
import { act, type ActOutcome } from './page-act.js';
import { readAsset } from './page-asset.js';
import { PageFeed, type PageFeedParts } from './page-feed.js';
import { refusalOf } from './page-guard.js';
import type { PageRoute } from './page-route.js';

export interface PageParts extends PageFeedParts {
  /** Host that the emulator listens on. */
  readonly host: string;
}

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/**
 * The telephones of a space in a browser. It knows no token: whoever reaches the emulator may pick up, which is why that
 * listens on loopback unless told otherwise.
 */
export class Page {
  readonly #parts: PageParts;
  readonly #feed: PageFeed;

  constructor(parts: PageParts) {
    this.#parts = parts;
    this.#feed = new PageFeed(parts);
  }

  async serve(request: PigeonRequest, route: PageRoute, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request, this.#parts.host);
    if (refusal !== undefined) return answer(response, refusal.status, { message: refusal.message });
    if (route.kind === 'unknown') return answer(response, 404, { message: 'not found' });
    const allowed = route.kind === 'act' ? ['POST'] : ['GET', 'HEAD'];
    if (!allowed.includes(request.method)) {
      return answer(response, 405, { message: 'method not allowed' }, { allow: allowed.join(', ') });
    }
    switch (route.kind) {
      case 'asset':
        return serveAsset(route.name, response);
      case 'events':
        response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
        if (request.method === 'HEAD') return void response.end();
        return this.#feed.stream(response);
      case 'act': {
        await this.#parts.pacemaker.catchUp();
        return answerAct(response, act(this.#parts.space, route.act, route.callId, request.text));
      }
      default:
        return route satisfies never;
    }
  }

  /** Ends every stream at once. */
  close(): void {
    this.#feed.close();
  }
}

async function serveAsset(name: string, response: ServerResponse): Promise<void> {
  const asset = await readAsset(name);
  if (asset === undefined) return answer(response, 404, { message: 'not found' });
  response.writeHead(200, { ...HEADERS, 'content-type': asset.contentType, 'content-length': asset.body.length });
  response.end(asset.body);
}

function answerAct(response: ServerResponse, outcome: ActOutcome): void {
  switch (outcome.kind) {
    case 'acted':
      return answer(response, 200, { effect: outcome.effect });
    case 'unknownCall':
      return answer(response, 404, { message: 'There is no such call.' });
    case 'noKey':
      return answer(response, 400, { message: 'The key must be one of 0 to 9, * and #.' });
    default:
      return outcome satisfies never;
  }
}

function answer(
  response: ServerResponse,
  status: number,
  json: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(json);
  const type = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...HEADERS, ...type, ...headers });
  response.end(body);
}

import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { extname } from 'node:path';
import type { ActEffect } from '../call.js';
import type { KeyEffect } from '../conversation.js';
import type { PigeonRequest } from '../endpoint.js';
import { isObject } from '../json-value.js';
import type { Space } from '../space.js';
import { PageFeed, type PageFeedParts } from './page-feed.js';

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
 * The telephones of a space in a browser. It knows no token: anyone who reaches the emulator may pick up, which is why that
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

export type ActOutcome =
  | { readonly kind: 'acted'; readonly effect: ActEffect | KeyEffect }
  | { readonly kind: 'unknownCall' }
  | { readonly kind: 'noKey' };

/** Somebody acts at a telephone of the page; `text` is the body of the request, `{"key": "1"}` for a press. */
function act(space: Space, name: PageAct, callId: string, text: string): ActOutcome {
  if (!space.calls().some((call) => call.callId === callId)) return { kind: 'unknownCall' };
  switch (name) {
    case 'pick-up':
      return { kind: 'acted', effect: space.pickUp(callId) };
    case 'hang-up':
      return { kind: 'acted', effect: space.hangUp(callId) };
    case 'press': {
      const key = keyIn(text);
      return key === undefined ? { kind: 'noKey' } : { kind: 'acted', effect: space.press(callId, key) };
    }
    default:
      return name satisfies never;
  }
}

function keyIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const key = isObject(body) ? body['key'] : undefined;
    return typeof key === 'string' && /^[0-9*#]$/.test(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

export interface PageAsset {
  readonly contentType: string;
  readonly body: Buffer;
}

// The browser gets these files as they are written; the build copies them to the same place beside this module.
const ASSETS = new URL('./assets/', import.meta.url);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads an asset by its name, which must be free of folders; undefined where there is none. */
async function readAsset(name: string): Promise<PageAsset | undefined> {
  const contentType = CONTENT_TYPES[extname(name)];
  if (contentType === undefined) return undefined;
  try {
    return { contentType, body: await readFile(new URL(name, ASSETS)) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Why a request of the page is not answered. */
export interface PageRefusal {
  readonly status: 403 | 415 | 421;
  readonly message: string;
}

/**
 * The page asks for no token, so nothing but itself may use it: neither a page of another origin, nor one that has its
 * own name resolved to this machine (DNS rebinding), which is of the same origin but has a public name.
 */
function refusalOf(request: PigeonRequest, listensOn: string): PageRefusal | undefined {
  const { host, origin, 'content-type': contentType, 'sec-fetch-site': site } = request.headers;
  if (!isNearby(host, listensOn)) {
    return { status: 421, message: 'Open the page under localhost or the IP address of the emulator.' };
  }
  if (request.method !== 'POST') return undefined;
  const foreign = origin !== undefined && hostOf(origin) !== host;
  if (foreign || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
    return { status: 403, message: 'Only the page of the emulator itself may act at its telephones.' };
  }
  // A form of another origin cannot send JSON without asking first, which is never allowed here.
  if (typeof contentType !== 'string' || !/^application\/json\s*(;|$)/i.test(contentType)) {
    return { status: 415, message: 'The content type must be application/json.' };
  }
  return undefined;
}

// Names without a dot are those of this machine and of container networks; a foreign site cannot have one.
function isNearby(host: PigeonRequest['headers'][string], listensOn: string): boolean {
  const name = nameOf(host);
  if (name === undefined) return false;
  return !name.includes('.') || name.endsWith('.localhost') || isIP(name) !== 0 || name === listensOn.toLowerCase();
}

function nameOf(host: PigeonRequest['headers'][string]): string | undefined {
  if (typeof host !== 'string' || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, '$1');
}

function hostOf(origin: string | readonly string[]): string | undefined {
  return typeof origin === 'string' && URL.canParse(origin) ? new URL(origin).host : undefined;
}

export type PageAct = 'pick-up' | 'press' | 'hang-up';

/** What of the page a request is for; `undefined` belongs to the API. */
export type PageRoute =
  | { readonly kind: 'asset'; readonly name: string }
  | { readonly kind: 'events' }
  | { readonly kind: 'act'; readonly act: PageAct; readonly callId: string }
  | { readonly kind: 'unknown' };

const ACTS: Readonly<Record<string, PageAct>> = { 'pick-up': 'pick-up', press: 'press', 'hang-up': 'hang-up' };

export function pageRouteOf(path: string): PageRoute | undefined {
  if (path === '/') return { kind: 'asset', name: 'index.html' };
  if (!path.startsWith('/page/')) return undefined;
  const rest = path.slice('/page/'.length);
  if (rest === 'events') return { kind: 'events' };
  const [, id = '', word = ''] = /^calls\/([^/]+)\/([a-z-]+)$/.exec(rest) ?? [];
  const act = Object.hasOwn(ACTS, word) ? ACTS[word] : undefined;
  const callId = decoded(id);
  if (act !== undefined && callId !== undefined) return { kind: 'act', act, callId };
  // One name without a folder, so that no path leads out of the assets.
  return /^[a-z][a-z-]*\.(js|css|svg)$/.test(rest) ? { kind: 'asset', name: rest } : { kind: 'unknown' };
}

function decoded(id: string): string | undefined {
  try {
    return decodeURIComponent(id);
  } catch {
    return undefined;
  }
}

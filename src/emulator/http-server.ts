import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, answerRequest, type Door, refusalAnswer } from './answer.js';
import { deferred } from './deferred.js';
import { deliver, type Delivery, deliveryOf } from './delivery.js';
import { type Endpoint, type PigeonRequest, type Route, routeOf } from './endpoint.js';
import { momentOf, Faults, type Listener } from './faults.js';
import { type Journal, requestFacts, spaceFacts } from './journal.js';
import type { Pacemaker } from './pacemaker.js';
import { type Page, pageRouteOf } from './page/page.js';
import type { Space } from './space.js';

export interface HttpServerParts {
  readonly space: Space;
  readonly door: Door;
  readonly journal: Journal;
  readonly pacemaker: Pacemaker;
  /** The telephones in a browser: no part of Pigeon, so without faults and journal. */
  readonly page: Page;
}

/** The space on a socket: reads requests, lets faults befall them, and writes the journal. */
export class HttpServer implements Listener {
  readonly faults = new Faults(this);
  readonly #parts: HttpServerParts;
  readonly #server: Server;
  readonly #closing = new AbortController();
  #address: { readonly host: string; readonly port: number };

  constructor(parts: HttpServerParts, address: { readonly host: string; readonly port: number }) {
    this.#parts = parts;
    this.#address = address;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get port(): number {
    return this.#address.port;
  }

  /** Rejects where the port is taken. */
  async open(): Promise<void> {
    if (this.#server.listening) return;
    const { promise, resolve, reject } = deferred<void>();
    this.#server.once('error', reject);
    this.#server.listen(this.#address.port, this.#address.host, resolve);
    await promise;
    this.#server.off('error', reject);
    // The port that was found free is kept for later.
    this.#address = { ...this.#address, port: portOf(this.#server.address()) };
  }

  // Does not wait for `close`: that comes only after the last connection, which may hang.
  async shut(): Promise<void> {
    this.#server.close();
    this.#server.closeIdleConnections();
    return Promise.resolve();
  }

  /** Ends every connection at once, also those that hang. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#parts.page.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await read(incoming);
      const ofPage = pageRouteOf(request.path);
      if (ofPage !== undefined) return await this.#parts.page.serve(request, ofPage, response);
      await this.#answer(request, routeOf(request.method, request.path), response);
    } catch {
      // The other side went away while it was read, or the emulator closes.
      response.destroy();
    }
  }

  async #answer(request: PigeonRequest, route: Route, response: ServerResponse): Promise<void> {
    const { journal, space } = this.#parts;
    const endpoint = faultable(route);
    let fault = endpoint === undefined ? undefined : this.faults.take(endpoint, request);
    const number = journal.add(requestFacts(request, route, space.now));

    if (endpoint !== undefined) fault = (await this.faults.pass(endpoint, 'beforeHandling', request)) ?? fault;
    const skipped = fault !== undefined && momentOf(fault) === 'beforeHandling';
    const answer = skipped ? undefined : await this.#handle(request, route);
    journal.completeRequest(number, spaceFacts(answer, space.now));
    if (endpoint !== undefined && !skipped) {
      fault = (await this.faults.pass(endpoint, 'afterHandling', request)) ?? fault;
    }

    const delivery = deliveryOf(fault, answer);
    if (delivery.kind === 'late') await delay(delivery.ms, undefined, { signal: this.#closing.signal, ref: false });
    const befallen = fault === undefined ? {} : { fault: fault.kind };
    journal.completeRequest(number, { ...befallen, outcome: outcomeOf(delivery) });
    // A connection that outlives a refusal would let the next request in.
    if (!this.#server.listening && !response.headersSent) response.setHeader('connection', 'close');
    deliver(delivery, response, space.now);
  }

  async #handle(request: PigeonRequest, route: Route): Promise<Answer> {
    const { space, door, pacemaker } = this.#parts;
    try {
      await pacemaker.catchUp();
    } catch (error) {
      return refusalAnswer(error, space.switches);
    }
    return answerRequest(space, door, route, request);
  }
}

async function read(incoming: IncomingMessage): Promise<PigeonRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const [path = '', query] = (incoming.url ?? '').split('?');
  return {
    method: incoming.method ?? '',
    path,
    query: new URLSearchParams(query),
    headers: incoming.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

function faultable(route: Route): Endpoint | undefined {
  return route.endpoint === 'unknownPath' || route.endpoint === 'wrongMethod' ? undefined : route.endpoint;
}

function outcomeOf(delivery: Delivery) {
  return delivery.kind === 'whole' || delivery.kind === 'late'
    ? ({ kind: 'answered', status: delivery.answer.status } as const)
    : ({ kind: 'unanswered' } as const);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The emulator listens on a TCP port only.');
  return address.port;
}

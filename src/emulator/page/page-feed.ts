import type { ServerResponse } from 'node:http';
import type { Change } from '../change.js';
import type { Pacemaker } from '../pacemaker.js';
import type { Space } from '../space.js';
import type { PageTime, PageUpdate } from './page-update.js';
import { changesUpdate, wholeUpdate } from './page-view.js';

/** Changes that come close together, as those of a fast clock do, reach the page as one. */
const GATHERING_MS = 40;

/** How often a page hears the time, and that its connection lives. */
const HEARTBEAT_MS = 1_000;

/** Of a page that does not read; it then connects again, and begins with the whole. */
const UNREAD_BYTES_MAX = 8_000_000;

export interface PageFeedParts {
  readonly space: Space;
  readonly pacemaker: Pacemaker;
  /** As in `PageTime`. */
  readonly speed: number;
}

/** Tells every page that is open what happens in the space, as server-sent events `update` and `time`. */
export class PageFeed {
  readonly #parts: PageFeedParts;
  readonly #streams = new Set<ServerResponse>();
  readonly #runs = new Set<string>();
  readonly #calls = new Set<string>();
  #telephones: 'same' | 'changed' = 'same';
  #gathering: NodeJS.Timeout | undefined;
  #stop: (() => void) | undefined;

  constructor(parts: PageFeedParts) {
    this.#parts = parts;
  }

  /** Streams into a response, headers of which are the caller's, until the other side or `close` ends it. */
  async stream(response: ServerResponse): Promise<void> {
    await this.#catchUp();
    if (response.destroyed) return;
    response.once('close', () => this.#leave(response));
    this.#streams.add(response);
    this.#stop ??= this.#start();
    response.write('retry: 1000\n\n');
    send(response, 'update', wholeUpdate(this.#parts.space, this.#time()));
  }

  close(): void {
    for (const response of this.#streams) response.destroy();
  }

  #leave(response: ServerResponse): void {
    this.#streams.delete(response);
    if (this.#streams.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  #start(): () => void {
    const unsubscribe = this.#parts.space.subscribe((change) => this.#note(change));
    const heartbeat = setInterval(() => void this.#beat(), HEARTBEAT_MS).unref();
    return () => {
      unsubscribe();
      clearInterval(heartbeat);
      clearTimeout(this.#gathering);
      this.#gathering = undefined;
      this.#forget();
    };
  }

  #note(change: Change): void {
    if (change.kind === 'webhook') return;
    this.#runs.add(change.resultId);
    if (change.kind !== 'run') this.#calls.add(change.callId);
    if (change.kind === 'placed') this.#telephones = 'changed';
    this.#gathering ??= setTimeout(() => void this.#tell(), GATHERING_MS).unref();
  }

  async #tell(): Promise<void> {
    await this.#catchUp();
    this.#gathering = undefined;
    const touched = { runs: this.#runs, calls: this.#calls, telephones: this.#telephones };
    if (this.#streams.size > 0) this.#broadcast('update', changesUpdate(this.#parts.space, this.#time(), touched));
    this.#forget();
  }

  #forget(): void {
    this.#runs.clear();
    this.#calls.clear();
    this.#telephones = 'same';
  }

  async #beat(): Promise<void> {
    await this.#catchUp();
    this.#broadcast('time', this.#time());
  }

  // A clock that cannot be read is no reason to leave the page without what is known.
  async #catchUp(): Promise<void> {
    await this.#parts.pacemaker.catchUp().catch(() => undefined);
  }

  #time(): PageTime {
    return { now: this.#parts.space.now, speed: this.#parts.speed };
  }

  #broadcast(event: 'update' | 'time', data: PageUpdate | PageTime): void {
    for (const response of this.#streams) send(response, event, data);
  }
}

function send(response: ServerResponse, event: 'update' | 'time', data: PageUpdate | PageTime): void {
  if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
  else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

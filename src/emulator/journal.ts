import type { Answer } from './answer.js';
import type { PlacedCall, WebhookEvent } from './change.js';
import { deferred } from './deferred.js';
import type { Endpoint, PigeonRequest, Route } from './endpoint.js';
import type { FaultKind } from './faults.js';
import { isObject, type JsonObject } from './json-value.js';

/** Older entries are forgotten, so that an emulator can run for weeks. */
const MOST_ENTRIES = 100_000;

const USUAL_WAIT_MS = 5_000;

/** Everything that came in and went out, for tests and for anyone who looks on. Holds telephone numbers, never tokens. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #listeners = new Set<(entry: JournalEntry) => void>();
  #count = 0;

  /** Oldest first. */
  entries(): readonly JournalEntry[] {
    return [...this.#entries];
  }

  requests(): readonly RequestEntry[] {
    return this.#entries.filter((entry) => entry.kind === 'request');
  }

  invokes(): readonly RequestEntry[] {
    return this.requests().filter((entry) => entry.endpoint === 'invoke');
  }

  /** Reads of a result: of that run, or of all. */
  polls(resultId?: string): readonly RequestEntry[] {
    return this.requests().filter(
      (entry) => entry.endpoint === 'result' && (resultId === undefined || entry.resultId === resultId),
    );
  }

  aborts(): readonly RequestEntry[] {
    return this.requests().filter((entry) => entry.endpoint === 'abort');
  }

  /** Reads of the list of calls. */
  listings(): readonly RequestEntry[] {
    return this.requests().filter((entry) => entry.endpoint === 'calls');
  }

  /** Telephone numbers that were dialled. */
  calls(): readonly CallEntry[] {
    return this.#entries.filter((entry) => entry.kind === 'call');
  }

  webhooks(): readonly WebhookEntry[] {
    return this.#entries.filter((entry) => entry.kind === 'webhook');
  }

  /** Hears of every new entry, and of every entry that is completed; returns the way to stop. */
  subscribe(listener: (entry: JournalEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The first entry that matches, now or when it appears. Rejects after `timeoutMs` real milliseconds (default 5000). */
  waitFor<T extends JournalEntry>(predicate: (entry: JournalEntry) => entry is T, timeoutMs?: number): Promise<T>;
  waitFor(predicate: (entry: JournalEntry) => boolean, timeoutMs?: number): Promise<JournalEntry>;
  async waitFor(predicate: (entry: JournalEntry) => boolean, timeoutMs = USUAL_WAIT_MS): Promise<JournalEntry> {
    const there = this.#entries.find(predicate);
    if (there !== undefined) return there;
    const found = deferred<JournalEntry>();
    const unsubscribe = this.subscribe((entry) => {
      if (predicate(entry)) found.resolve(entry);
    });
    const timer = setTimeout(() => {
      const last = this.#entries.slice(-5).map((entry) => JSON.stringify(entry));
      found.reject(new Error(`No journal entry matched within ${timeoutMs} ms. The last entries:\n${last.join('\n')}`));
    }, timeoutMs);
    try {
      return await found.promise;
    } finally {
      clearTimeout(timer);
      unsubscribe();
    }
  }

  /** For the emulator: writes an entry, and returns its number. */
  add(unnumbered: Unnumbered): number {
    this.#count += 1;
    const entry: JournalEntry = { ...unnumbered, number: this.#count, realAt: Date.now() };
    this.#entries.push(entry);
    if (this.#entries.length > MOST_ENTRIES) this.#entries.splice(0, MOST_ENTRIES / 10);
    this.#tell(entry);
    return this.#count;
  }

  /** For the emulator: completes a request. */
  completeRequest(number: number, facts: Partial<Omit<RequestEntry, 'kind' | 'number'>>): void {
    this.#replace(number, (entry) => (entry.kind === 'request' ? { ...entry, ...facts } : entry));
  }

  /** For the emulator: completes a webhook. */
  completeWebhook(number: number, outcome: WebhookEntry['outcome']): void {
    this.#replace(number, (entry) => (entry.kind === 'webhook' ? { ...entry, outcome } : entry));
  }

  #replace(number: number, completed: (entry: JournalEntry) => JournalEntry): void {
    const index = number - (this.#entries[0]?.number ?? 0);
    const entry = this.#entries[index];
    if (entry === undefined) return;
    const replaced = completed(entry);
    this.#entries[index] = replaced;
    this.#tell(replaced);
  }

  #tell(entry: JournalEntry): void {
    for (const listener of this.#listeners) listener(entry);
  }
}

interface Numbered {
  /** From 1, in the order of arrival over all kinds of entries. */
  readonly number: number;
  /** Milliseconds since 1970 on the space's clock; of a request, when it was handled. */
  readonly at: number;
  /** Milliseconds since 1970 on this machine, at arrival. */
  readonly realAt: number;
}

type RequestOutcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'answered'; readonly status: number }
  /** A hang or a reset, or half of an answer. */
  | { readonly kind: 'unanswered' };

/** A request that came in. Headers are left out: they hold tokens. */
export interface RequestEntry extends Numbered {
  readonly kind: 'request';
  readonly endpoint: Endpoint | 'other';
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The body as JSON, or its text where it is none; undefined without a body. */
  readonly body: unknown;
  /** Whether the space heard of it: a fault may come before. */
  readonly handling: 'pending' | 'handled' | 'skipped';
  /** HTTP status that the space itself gave, whatever a fault made of it. */
  readonly spaceStatus?: number;
  /** JSON that the space itself answered, whatever a fault made of it. */
  readonly answer?: JsonObject;
  readonly outcome: RequestOutcome;
  readonly fault?: FaultKind;
  /** The run that the request made or named. */
  readonly resultId?: string;
}

/** A number that was dialled. */
export interface CallEntry extends Numbered, PlacedCall {
  readonly kind: 'call';
}

/** A webhook that was sent, or would have been where no URL is configured. */
export interface WebhookEntry extends Numbered {
  readonly kind: 'webhook';
  readonly event: WebhookEvent;
  readonly body: JsonObject;
  readonly outcome:
    | { readonly kind: 'noUrl' }
    | { readonly kind: 'pending' }
    | { readonly kind: 'answered'; readonly status: number }
    | { readonly kind: 'failed'; readonly reason: string };
}

export type JournalEntry = RequestEntry | CallEntry | WebhookEntry;

/** An entry before it has its number. */
export type Unnumbered<T extends JournalEntry = JournalEntry> = T extends unknown
  ? Omit<T, 'number' | 'realAt'>
  : never;

/** What is known of a request when it arrives. */
export function requestFacts(request: PigeonRequest, route: Route, at: number): Unnumbered<RequestEntry> {
  const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
  const body = bodyOf(request.text);
  const resultId = namedRun(route, body);
  return {
    kind: 'request',
    at,
    endpoint: route.endpoint === 'unknownPath' || route.endpoint === 'wrongMethod' ? 'other' : route.endpoint,
    method: request.method,
    path: request.path + query,
    body,
    handling: 'pending',
    outcome: { kind: 'pending' },
    ...(resultId === undefined ? {} : { resultId }),
  };
}

/** What the space made of it; undefined where a fault stood before. */
export function spaceFacts(answer: Answer | undefined, at: number): Partial<RequestEntry> {
  if (answer === undefined) return { at, handling: 'skipped' };
  const resultId = answer.json?.['resultId'];
  return {
    at,
    handling: 'handled',
    spaceStatus: answer.status,
    ...(answer.json === undefined ? {} : { answer: answer.json }),
    ...(typeof resultId === 'string' ? { resultId } : {}),
  };
}

function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function namedRun(route: Route, body: unknown): string | undefined {
  if (route.endpoint === 'result') return route.resultId;
  if (route.endpoint !== 'abort' || !isObject(body)) return undefined;
  const inside = isObject(body['params']) ? body['params']['resultId'] : undefined;
  const resultId = body['resultId'] ?? inside;
  return typeof resultId === 'string' ? resultId : undefined;
}

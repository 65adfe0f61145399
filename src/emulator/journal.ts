import { deferred } from './deferred.js';
import type { CallEntry, JournalEntry, RequestEntry, Unnumbered, WebhookEntry } from './journal-entry.js';

/** Older entries are forgotten, so that an emulator can run for weeks. */
const MOST_ENTRIES = 100_000;

const USUAL_WAIT_MS = 5_000;

/** Everything that came in and went out, for tests and for whoever looks on. Holds telephone numbers, never tokens. */
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

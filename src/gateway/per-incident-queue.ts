import { setTimeout } from 'node:timers/promises';

/** What is asked of one incident, until it has been answered. */
interface Asked<T> {
  readonly content: string;
  readonly outcome: Promise<T>;
  begun: boolean;
}

/**
 * Does one thing at a time for each id, in the order in which they came: so a resolve does not overtake its trigger on the
 * way to Temporal, and a storm of repeats does not meet Temporal's limit of updates in flight. Anyone who brings what already
 * waits as the last of its id shares the outcome.
 */
export class InOrder<T> {
  readonly #last = new Map<string, Asked<T>>();

  run(id: string, content: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id);
    if (before !== undefined && !before.begun && before.content === content) return before.outcome;
    const begin = () => {
      asked.begun = true;
      return work();
    };
    const asked: Asked<T> = {
      content,
      begun: before === undefined,
      outcome: before === undefined ? work() : before.outcome.then(begin, begin),
    };
    this.#last.set(id, asked);
    const done = () => {
      if (this.#last.get(id) === asked) this.#last.delete(id);
    };
    asked.outcome.then(done, done);
    return asked.outcome;
  }
}

/** How long an alert waits for one that came before it; a sender that is slow must not keep the next telephone from ringing. */
const TURN_TIMEOUT_MS = 2_000;

/** A request, from its arrival until what it asks for is in order. */
export interface Place {
  /** Resolves when those that came before have left. */
  readonly turn: () => Promise<void>;
  readonly leave: () => void;
}

/**
 * Requests of one sender in the order in which they came, whatever has to be awaited for each before it is known which
 * incident it is of: a file that is read again, a signature that is proven.
 */
export class Arrivals {
  readonly #last = new Map<string, Promise<void>>();

  enter(sender: string): Place {
    const before = this.#last.get(sender);
    let leave = (): void => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const all = before === undefined ? left : before.then(() => left);
    this.#last.set(sender, all);
    void all.then(() => {
      if (this.#last.get(sender) === all) this.#last.delete(sender);
    });
    return {
      leave,
      turn: async () => {
        if (before === undefined) return;
        const limit = new AbortController();
        const tooLong = setTimeout(TURN_TIMEOUT_MS, undefined, { signal: limit.signal }).catch(() => undefined);
        await Promise.race([before, tooLong]);
        limit.abort();
      },
    };
  }
}

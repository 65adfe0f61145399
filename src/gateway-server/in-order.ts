/** What is asked of one incident, until it has been answered. */
interface Waiting<T> {
  readonly content: string;
  readonly outcome: Promise<T>;
  begun: boolean;
}

/**
 * Does one thing at a time for each id, in the order in which they came: so a resolve does not overtake its trigger on the
 * way to Temporal, and a storm of repeats does not meet Temporal's limit of updates in flight. Whoever brings what already
 * waits as the last of its id shares the outcome.
 */
export class InOrder<T> {
  readonly #last = new Map<string, Waiting<T>>();

  run(id: string, content: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id);
    if (before !== undefined && !before.begun && before.content === content) return before.outcome;
    const begin = () => {
      waiting.begun = true;
      return work();
    };
    const waiting: Waiting<T> = {
      content,
      begun: before === undefined,
      outcome: before === undefined ? work() : before.outcome.then(begin, begin),
    };
    this.#last.set(id, waiting);
    const done = () => {
      if (this.#last.get(id) === waiting) this.#last.delete(id);
    };
    waiting.outcome.then(done, done);
    return waiting.outcome;
  }
}

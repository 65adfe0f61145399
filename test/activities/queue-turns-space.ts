import { QueueTurns } from '../../src/activities/queue-turns.js';
import { PRIORITIES, retryIntervalMs } from '../../src/contract/rejected-calls.js';
import type { Severity } from '../../src/contract/severity.js';

export interface Caller {
  readonly name: string;
  readonly severity: Severity;
  /** When it posts for the first time. */
  readonly at: number;
}

const FULL = { title: 'Queue limit exceeded', detail: 'The queue is full.' };
/** Two POSTs a second, as the task queue hands them out. */
const DISPATCH_MS = 500;

/** A full space, one worker and the task queue before it, in a time of their own: what the workflows do, without them. */
export class Space {
  readonly placed: string[] = [];
  readonly posts: { readonly at: number; readonly name: string; readonly retry: boolean }[] = [];
  readonly #queue = new QueueTurns();
  readonly #rejections = new Map<string, number>();
  #asking: { readonly caller: Caller; readonly at: number }[];
  #places = 0;
  #now = 0;
  #seed: number;

  constructor(seed: number, callers: readonly Caller[]) {
    this.#seed = seed;
    this.#asking = callers.map((caller) => ({ caller, at: caller.at }));
  }

  comes(caller: Caller): void {
    this.#asking.push({ caller, at: caller.at });
  }

  free(places: number): void {
    this.#places += places;
  }

  runUntil(time: number): void {
    for (; this.#now < time; this.#now += DISPATCH_MS) {
      const due = this.#asking.filter(({ at }) => at <= this.#now);
      const [next] = due.toSorted(
        (one, other) => PRIORITIES[one.caller.severity] - PRIORITIES[other.caller.severity] || one.at - other.at,
      );
      if (next === undefined) continue;
      this.#asking = this.#asking.filter((one) => one !== next);
      this.#post(next.caller);
    }
  }

  #post(caller: Caller): void {
    const { name: call, severity } = caller;
    const rejections = this.#rejections.get(call) ?? 0;
    const heldBackMs = this.#queue.admit({ call, severity, rejections }, this.#now);
    if (heldBackMs !== null) return this.#again(caller, heldBackMs);
    this.posts.push({ at: this.#now, name: call, retry: rejections > 0 });
    const sent = { sentAt: this.#now, answeredAt: this.#now + 20 };
    if (this.#places > 0) {
      this.#places -= 1;
      this.placed.push(call);
      return this.#queue.accepted(call, sent);
    }
    const { againInMs } = this.#queue.rejected({ call, severity, rejections }, FULL, sent);
    this.#rejections.set(call, rejections + 1);
    this.#again(caller, Math.max(againInMs, retryIntervalMs(severity, rejections + 1)));
  }

  /** A timer and a queue: a little late. */
  #again(caller: Caller, ms: number): void {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2 ** 31;
    this.#asking.push({ caller, at: this.#now + ms + (this.#seed % 300) });
  }
}

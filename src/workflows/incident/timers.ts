import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { measure } from '../metrics.js';

/** The timers of one workflow, by the number that the decision gave them. */
export class Timers {
  readonly #waits = new Map<number, { readonly scope: CancellationScope; readonly due: number }>();

  constructor(private readonly fired: (timer: number) => void) {}

  /** `at`: epoch milliseconds. The summary is shown in the Web UI. */
  start(timer: number, at: number, summary: string): void {
    const scope = new CancellationScope();
    const ms = Math.min(Math.max(at - Date.now(), 1), MAX_TIMER_MS);
    const due = Date.now() + ms;
    this.#waits.set(timer, { scope, due });
    void this.#fire(timer, due, () => scope.run(() => sleep(ms, { summary })));
  }

  cancel(timer: number): void {
    this.#waits.get(timer)?.scope.cancel();
    this.#waits.delete(timer);
  }

  /** Whether one fires in this instant: what follows it begins some promises later. */
  get oneIsDue(): boolean {
    return [...this.#waits.values()].some(({ due }) => Date.now() >= due);
  }

  async #fire(timer: number, due: number, wait: () => Promise<void>): Promise<void> {
    try {
      await wait();
      measure('timerLateness', 'incident', Date.now() - due);
    } catch (error) {
      if (isCancellation(error)) return;
      throw error;
    }
    this.#waits.delete(timer);
    this.fired(timer);
  }
}

/** A hundred years: the server counts nanoseconds, and would take a longer time for one of the past. */
const MAX_TIMER_MS = 100 * 365 * 86_400_000;

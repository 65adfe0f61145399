import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { measure } from '../metrics.js';

/** The timers of one workflow, by the number that the decision gave them. */
export class Alarms {
  readonly #scopes = new Map<number, CancellationScope>();

  constructor(private readonly fired: (timer: number) => void) {}

  /** `at`: epoch milliseconds. The summary is shown in the Web UI. */
  start(timer: number, at: number, summary: string): void {
    const scope = new CancellationScope();
    this.#scopes.set(timer, scope);
    void this.#wait(timer, scope, Math.min(Math.max(at - Date.now(), 1), LONGEST_MS), summary);
  }

  cancel(timer: number): void {
    this.#scopes.get(timer)?.cancel();
    this.#scopes.delete(timer);
  }

  async #wait(timer: number, scope: CancellationScope, ms: number, summary: string): Promise<void> {
    const due = Date.now() + ms;
    try {
      await scope.run(() => sleep(ms, { summary }));
      measure('timerLateness', 'incident', Date.now() - due);
    } catch (error) {
      if (isCancellation(error)) return;
      throw error;
    }
    this.#scopes.delete(timer);
    this.fired(timer);
  }
}

/** A hundred years: the server counts nanoseconds, and would take a longer time for one of the past. */
const LONGEST_MS = 100 * 365 * 86_400_000;

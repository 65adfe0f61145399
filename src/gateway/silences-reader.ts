import type { Client } from '@temporalio/client';
import type { Logger as Pino } from 'pino';
import type { Silence, Silences } from '../contract/silence-schema.js';

/** Half of the time after which a silence is answered: the other half is for the look itself. */
const LOOK_INTERVAL_MS = 1_000;
/** An alert never waits longer for it. */
const MAX_WAIT_MS = 1_000;
const LOOK_TIMEOUT_MS = 5_000;
/** For so long what was read last still counts where it cannot be read. After that nothing is silenced. */
const STALE_AFTER_MS = 60_000;

/** The silences that are on, as far as this gateway can read them: where it cannot, somebody is called. */
export class SilencesReader {
  #known: readonly Silence[] = [];
  #asOf = -Infinity;
  #failed = false;
  #look: { readonly at: number; readonly done: Promise<void> } | null = null;

  constructor(
    private readonly look: () => Promise<Silences>,
    private readonly temporal: Pick<Client, 'withDeadline'>,
    private readonly log: Pick<Pino, 'info' | 'error'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async current(): Promise<readonly Silence[]> {
    const age = this.now() - Math.max(this.#asOf, this.#failed ? (this.#look?.at ?? -Infinity) : -Infinity);
    if (age >= LOOK_INTERVAL_MS) {
      // One that hangs keeps no other from beginning.
      if (this.now() - (this.#look?.at ?? -Infinity) >= LOOK_INTERVAL_MS) {
        this.#look = { at: this.now(), done: this.#lookOnce() };
      }
      if (this.#look !== null) await within(MAX_WAIT_MS, this.#look.done);
    }
    if (this.now() - this.#asOf >= STALE_AFTER_MS) return [];
    return this.#known.filter(({ until }) => Date.parse(until) > Date.now());
  }

  async #lookOnce(): Promise<void> {
    const asOf = this.now();
    try {
      const { silences } = await this.temporal.withDeadline(Date.now() + LOOK_TIMEOUT_MS, () => this.look());
      if (asOf < this.#asOf) return;
      this.#known = silences;
      this.#asOf = asOf;
      if (this.#failed) this.log.info('the silences can be read again');
      this.#failed = false;
    } catch (error) {
      if (asOf < this.#asOf) return;
      const why = error instanceof Error ? error.message : String(error);
      if (!this.#failed) {
        this.log.error(
          { why },
          'the silences cannot be read: those that were known count for a minute, then none does',
        );
      }
      this.#failed = true;
    }
  }
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => void (timer = setTimeout(resolve, ms)));
  await Promise.race([done, over]);
  clearTimeout(timer);
}

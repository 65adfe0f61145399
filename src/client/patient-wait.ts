import { setMaxListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { TemporalUnreachable } from './errors.js';

export interface WaitOptions {
  /** Ends the waiting, never what is waited for; the waiting then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** For how long Temporal may be away before the waiting gives up. Milliseconds; default 300,000, a restart with room to spare. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 300_000;
/** Temporal's client tries for about 20 s automatically. A try that lasted longer had been connected. */
const OWN_TRIES_MS = 40_000;
const TRY_AGAIN_MS = 1_000;

/** Asks again while Temporal is away, for as long as the caller is patient. `ask` throws errors of ours. */
export async function patiently<T>(
  temporal: Client,
  ask: () => Promise<T>,
  { signal, patienceMs = PATIENCE_MS }: WaitOptions = {},
): Promise<T> {
  const stop = signal === undefined ? null : listenedToByMany(signal);
  for (let lostAt: number | null = null; ;) {
    stop?.throwIfAborted();
    const triedAt = Date.now();
    try {
      return await (stop === null ? ask() : temporal.withAbortSignal(stop, ask));
    } catch (error) {
      stop?.throwIfAborted();
      if (!(error instanceof TemporalUnreachable)) throw error;
      if (lostAt === null || Date.now() - triedAt > OWN_TRIES_MS) lostAt = Date.now();
      if (Date.now() - lostAt >= patienceMs) throw error;
      await setTimeout(TRY_AGAIN_MS);
    }
  }
}

/** Temporal's client adds a listener for each of its long polls, one a minute, and removes none: Node.js would warn of it. */
function listenedToByMany(signal: AbortSignal): AbortSignal {
  const own = AbortSignal.any([signal]);
  setMaxListeners(0, own);
  return own;
}

import { setTimeout } from 'node:timers/promises';
import type { IncidentOwner, IncidentResult, IncidentStatus } from '../contract/incident-schema.js';
import { IS_UNATTENDED } from './listed-incident.js';
import type { WaitOptions } from './patient-wait.js';

export interface Owned {
  /** Null: nobody was reached. It has closed, or is `exhausted` and open. */
  readonly owner: IncidentOwner | null;
  /** Null: it is open. */
  readonly result: IncidentResult | null;
}

/** What is asked of an incident for it. */
interface Asked {
  status(limit: { readonly timeLimitMs: number }): Promise<IncidentStatus>;
  result(options: WaitOptions): Promise<IncidentResult>;
}

const ANSWER_TIMEOUT_MS = 3_000;
/** Often at first, when somebody waits for it; an incident that lasts for hours costs its worker little. */
export const pauseMs = (watchedMs: number): number => Math.min(5_000, Math.max(500, watchedMs / 50));

export async function waitUntilOwned(incident: Asked, { signal, ...patience }: WaitOptions = {}): Promise<Owned> {
  const over = new AbortController();
  const stop = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const closed = incident.result({ ...patience, signal: stop }).then((result) => ({ owner: result.owner, result }));
  const looking = lookForOwner(incident, stop);
  try {
    return await Promise.race([closed, looking.then((found) => found ?? closed)]);
  } finally {
    over.abort();
    closed.catch(() => undefined);
    // The connection may be the caller's: the SDK repeats a question by a timer, which ends the process once it is closed.
    await looking;
  }
}

/** Null when it is stopped. Who cannot be asked is asked again: how long that is tolerated, and the end, are told by `result`. */
async function lookForOwner(incident: Pick<Asked, 'status'>, signal: AbortSignal): Promise<Owned | null> {
  for (const began = Date.now(); !signal.aborted;) {
    const status = await incident.status({ timeLimitMs: ANSWER_TIMEOUT_MS }).catch(() => null);
    // Something is still to come: it stays open.
    const isUnattended = status !== null && IS_UNATTENDED[status.state] && status.nextAt !== null;
    if (status !== null && status.result === null && (status.owner !== null || isUnattended)) {
      return { owner: status.owner, result: null };
    }
    await setTimeout(pauseMs(Date.now() - began), undefined, { signal }).catch(() => undefined);
  }
  return null;
}

/**
 * What a full queue of the space means for a call that it rejects. Pure: workflows and the worker before the POST go by the
 * same numbers.
 */
import type { Severity } from './severity.js';

/** Temporal hands out what waits in a queue in this order, 1 first; a retry has the place of its severity too. */
export const PRIORITIES = { critical: 1, error: 2, warning: 3, info: 4 } as const satisfies Record<Severity, number>;

/** Of a call whose severity nobody gave. */
export const DEFAULT_SEVERITY: Severity = 'warning';

/** Pigeon's `errorDescriptor`, shortened. */
export interface RejectionReason {
  readonly title: string | null;
  readonly detail: string | null;
}

/** How a POST stands among the others of its space. */
export interface Place {
  /** The call, through all its POSTs. */
  readonly call: string;
  readonly severity: Severity;
  /** How often it was rejected; 0: this is its first POST. */
  readonly rejections: number;
}

/** What a worker saw of other calls when this one was rejected. */
export interface SeenOfOthers {
  /** It knows what a full queue is answered with, and this was another answer. */
  readonly otherReason: boolean;
  /** How many rejections of this call had another call accepted within 1 s before and after. */
  readonly acceptedAround: number;
}

/** When a rejected call asks again. The first rejection is 1. */
export function retryIntervalMs(severity: Severity, rejections: number): number {
  switch (severity) {
    // A freed place is gone within half a second where others ask for it.
    case 'critical':
      return 2_000;
    case 'error':
      return 10_000;
    case 'warning':
    case 'info':
      return Math.min(60_000 * 2 ** Math.min(Math.max(rejections - 1, 0), 10), 600_000);
    default:
      return severity satisfies never;
  }
}

/** Three, so that no coincidence ends a call; over so long, so that a queue that fills and empties does not either. */
const MIN_ACCEPTED_AROUND = 3;
const MIN_REJECTED_MS = 5 * 60_000;

/**
 * Whether a rejection is the call's own: it can never be placed, and others can. Both must be seen: another reason than a full
 * queue has, and others that were accepted around it, again and again. That others are accepted alone proves nothing.
 */
export function isRejectedForItself(seen: SeenOfOthers, rejectedForMs: number): boolean {
  return seen.otherReason && seen.acceptedAround >= MIN_ACCEPTED_AROUND && rejectedForMs >= MIN_REJECTED_MS;
}

/** A level that could not be placed for so long gives way to the next: somebody else may be reached by another way. */
export const GIVE_WAY_TIMEOUT_MS = 30 * 60_000;

import type { Outcome } from '../contract/pigeon-call-schema.js';

/** How a run of a call flow ended, as an incident sees it. */
export type CallOutcome =
  | Outcome
  /** Pigeon refuses what this call asks for (400, 404, 422). */
  | 'refused'
  /** By us. */
  | 'hungUp';

import type { Update } from '../incident/events.js';
import type { FinalState, IncidentStateName } from '../contract/incident-states.js';
import type { Owner } from '../incident/state.js';
import type { TimelineEntry } from '../incident/timeline.js';
import type { Answer } from '../incident/decide.js';

/** What a script came to. Times are milliseconds after the opening. */
export interface Simulation {
  /** Who was called when. */
  readonly calls: readonly SimulatedCall[];
  readonly timeline: readonly TimelineEntry[];
  readonly answers: readonly { readonly update: Update; readonly answer: Answer }[];
  /** Of the worker. They change nothing. */
  readonly restarts: readonly number[];
  readonly end: End;
}

/** One telephone call. */
export interface SimulatedCall {
  readonly at: number;
  readonly level: number;
  readonly step: string;
  readonly attempt: number;
  /** The contact, or the stored call flow. */
  readonly who: string;
  /** What was read; null where nobody picked up, and for a guidance stored in Pigeon. */
  readonly said: string | null;
  /** What was read after the key. */
  readonly heard: string | null;
  /** In words: `pressed 1`, `did not pick up`, `hung up`. */
  readonly end: string;
  readonly endedAt: number | null;
}

export type End =
  | {
      readonly kind: 'closed';
      readonly at: number;
      readonly state: FinalState;
      readonly owner: Owner | null;
      readonly keyInput: string | null;
      readonly placedCalls: number;
    }
  | {
      /** The incident continues, the simulation does not: the script's horizon, or too many decisions to be useful. */
      readonly kind: 'horizon' | 'tooManyDecisions';
      readonly at: number;
      readonly state: IncidentStateName;
      readonly owner: Owner | null;
      readonly placedCalls: number;
    };

/**
 * All that one level remembers between two events: enough to carry it on anywhere, in the run of its incident or in a
 * child of it. Plain JSON, bounded.
 */
export interface Level {
  /** From 1; 0 before the first. */
  readonly number: number;
  readonly step: string;
  /** `elsewhere`: a child decides it and reports; what stands here is what it reported last. */
  readonly runs: 'here' | 'elsewhere';
  /** Attempts used. */
  readonly attempts: number;
  /** Whether the attempt under way counts: calls that were only ever blocked use none. */
  readonly attemptCounts: boolean;
  /** Telephone calls placed. */
  readonly calls: number;
  /** Runs of the attempt under way that are not yet reported ended. */
  readonly live: readonly LiveCall[];
  /** Until the next attempt; null while one is under way. */
  readonly waiting: Timer | null;
  /** Telephone calls of ended runs inside the span of the budget, those of earlier levels too. Oldest first. */
  readonly rung: readonly Rung[];
  /** The last number that was given to a call or a timer. */
  readonly serial: number;
  /**
   * What is known of the calls that ring, in the words of whoever carries the level on: only while it is handed from one
   * child to the next. Opaque here.
   */
  readonly carried?: readonly unknown[];
  readonly status:
    | { readonly kind: 'running' }
    /** Decided; over as soon as no call is live. */
    | ({ readonly kind: 'ending' } & LevelEnding)
    | ({ readonly kind: 'over' } & LevelEnding);
}

export interface LevelEnding {
  readonly outcome:
    /** A key decided. */
    | 'answered'
    /** Attempts used up, or the level was lost with its child. */
    | 'unanswered'
    /** Its calls were rejected for so long, since the queue of the space was full, that it gives way. */
    | 'notPlaced'
    /** Ended from outside: an update, or the incident was cancelled. */
    | 'stoodDown';
  readonly keyInput: string | null;
  readonly contact: string | null;
}

export interface LiveCall {
  readonly id: number;
  /** Place in the step's list of calls. */
  readonly index: number;
  /** Why the space does not take it now. */
  readonly blocked: string | null;
  /** Why it waits for a place in the space; absent: it does not. */
  readonly waiting?: string;
  readonly hangingUp: boolean;
}

export interface Timer {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface Rung {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly calls: number;
}

import type { CallView, RunView, TelephoneView } from '../telephone-view.js';

/** Time of the space in milliseconds since 1970, and how much of it passes in one millisecond of this machine. */
export interface PageTime {
  readonly now: number;
  /** 0 where that is not known: time then moves on the page only as it is told. */
  readonly speed: number;
}

export type PageRun = Omit<RunView, 'calls'>;

export type PageTelephone = Omit<TelephoneView, 'calls'>;

/** A call; what was heard, and the keys, only of those that are in progress or the last of their telephone. */
export interface PageCall extends Omit<CallView, 'purpose' | 'transcript' | 'keys'> {
  readonly transcript?: CallView['transcript'];
  /** Behaviour of each key that does something else than reading the guidance again. */
  readonly keys?: CallView['keys'];
}

/** `whole` replaces all that a page knows, `changes` holds what is new since. */
export interface PageUpdate {
  readonly kind: 'whole' | 'changes';
  readonly time: PageTime;
  /** Absent where there are the same ones as before. */
  readonly telephones?: readonly PageTelephone[];
  /** Every run on the page, newest first; others are forgotten. */
  readonly runIds: readonly string[];
  readonly runs: readonly PageRun[];
  readonly calls: readonly PageCall[];
}

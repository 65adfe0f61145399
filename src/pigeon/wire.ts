/**
 * The JSON of Kompira Pigeon's HTTP API, as far as it is publicly known: what we send, and the known parts of what comes
 * back. Answers are read by `answers.ts`, which takes every other shape as it comes.
 */

/** What a key does when it is pressed. A call flow ends as a success at the first `terminate`. */
export type Behavior = 'terminate' | 'continue' | 'leave' | 'transfer';

export interface WireContact {
  readonly displayName: string;
  readonly phones: readonly { readonly phoneNumber: string }[];
}

/** Whom to call, in order, and how often to go through the list. */
export interface WireCallflow {
  readonly loopLimit: number;
  readonly contacts: readonly WireContact[];
}

export interface WireReaction {
  readonly behavior: Behavior | (string & {});
  readonly messageTemplate?: string;
}

/** What is read out; `reactions` is keyed "1" to "9". */
export interface WireGuidance {
  readonly messageTemplate: string;
  readonly reactions: Readonly<Record<string, WireReaction>>;
}

/** `params` of `POST /api/apps/pigeon/chain/invoke`: stored ids, ad-hoc objects, or one of each. */
export interface InvokeParams {
  readonly callflowId?: string;
  readonly callflow?: WireCallflow;
  readonly guidanceId?: string;
  readonly guidance?: WireGuidance;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Status of one telephone call inside a run. The last five are final. */
export type CallStatus =
  'preparing' | 'calling' | 'aborting' | 'succeeded' | 'ignored' | 'missed' | 'aborted' | 'failed';

/** Probable words for the status of a run; the vendor publishes none, so every other word must be expected. */
export type RunStatus = 'waiting' | 'started' | 'succeeded' | 'failed' | 'aborted';

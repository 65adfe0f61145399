/** What calls and workflows come to in a simulation: the words of a script, and how long each takes. */
import { DURATION_PATTERN, durationMs } from '../contract/duration.js';
import type { CallOutcome } from '../incident/state.js';

/** What one telephone call, or one run of a call flow, comes to. `afterMs`: from the dialling. */
export type Behaviour =
  | { readonly kind: 'presses'; readonly key: string; readonly afterMs: number }
  /** The call ends without a key, and the run continues with the next contact. */
  | { readonly kind: 'noKey'; readonly word: NoKeyWord; readonly afterMs: number }
  /** The whole run ends so. */
  | { readonly kind: 'runEnds'; readonly outcome: RunEndWord; readonly afterMs: number };

export type NoKeyWord = 'silence' | 'busy' | 'machine';
export type RunEndWord = Extract<CallOutcome, 'refused' | 'unknown' | 'rejected' | 'aborted' | 'timedOut'>;

/** How long each takes when the script does not say. */
const NO_KEY: Readonly<Record<NoKeyWord, number>> = {
  /** Pigeon rings for 30 s. */
  silence: 30_000,
  busy: 2_000,
  /** Picks up after 12 s, and records for a minute. */
  machine: 72_000,
};
const RUN_ENDS: Readonly<Record<RunEndWord, number>> = {
  refused: 1_000,
  /** Looked for until a minute after the first 15 s; an incident then calls again, once. */
  unknown: 150_000,
  aborted: 10_000,
  /** The default deadline of a call; a level that can give way to another does so much sooner. */
  rejected: 86_400_000,
  timedOut: 86_400_000,
};
const KEY_AFTER_MS = 8_000;

/** Whom the script does not name. */
export const SILENCE: Behaviour = { kind: 'noKey', word: 'silence', afterMs: NO_KEY.silence };

/** Reads `1`, `1 after 8s`, `silence`, `refused after 2s`; undefined for anything else. */
export function behaviourOf(written: unknown): Behaviour | undefined {
  const { word = '', afterMs } = wordAndTime(written);
  if (/^[1-9]$/.test(word)) return { kind: 'presses', key: word, afterMs: afterMs ?? KEY_AFTER_MS };
  if (isWordOf(NO_KEY, word)) return { kind: 'noKey', word, afterMs: afterMs ?? NO_KEY[word] };
  if (isWordOf(RUN_ENDS, word)) return { kind: 'runEnds', outcome: word, afterMs: afterMs ?? RUN_ENDS[word] };
  return undefined;
}

/** What a workflow that a key started comes to. */
export type RunBehaviour = { readonly kind: 'ends' | 'fails'; readonly afterMs: number } | { readonly kind: 'hangs' };

const RUN_AFTER_MS = 30_000;

/** Reads `ends`, `fails after 10s`, `hangs`; undefined for anything else. */
export function runBehaviourOf(written: unknown): RunBehaviour | undefined {
  const { word, afterMs } = wordAndTime(written);
  if (word === 'hangs' && afterMs === undefined) return { kind: 'hangs' };
  if (word === 'ends' || word === 'fails') return { kind: word, afterMs: afterMs ?? RUN_AFTER_MS };
  return undefined;
}

function wordAndTime(written: unknown): { readonly word?: string; readonly afterMs?: number } {
  const text = typeof written === 'number' ? String(written) : written;
  const [, word, time] = (typeof text === 'string' && /^(\w+)(?: after (\S+))?$/.exec(text.trim())) || [];
  if (word === undefined) return {};
  if (time === undefined) return { word };
  return new RegExp(DURATION_PATTERN).test(time) ? { word, afterMs: durationMs(time) } : {};
}

function isWordOf<W extends string>(words: Readonly<Record<W, number>>, word: string): word is W {
  return Object.hasOwn(words, word);
}

import { DURATION_PATTERN, durationMs } from '../contract/duration.js';
import type { CallOutcome } from '../policy/call-outcome.js';
import type { Field } from './field.js';

/** What one telephone call, or one run of a call flow, comes to. `afterMs`: from the dialling. */
export type Behaviour =
  | { readonly kind: 'presses'; readonly key: string; readonly afterMs: number }
  /** The call ends without a key, and the run goes on with the next contact. */
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
  /** The default deadline of a call. */
  rejected: 86_400_000,
  timedOut: 86_400_000,
};
const KEY_AFTER_MS = 8_000;

const BEHAVIOUR_FORMS =
  'must be a key such as `1` or `1 after 8s`; silence, busy or machine; or refused, unknown, rejected, aborted or ' +
  'timedOut for the whole run; each may have a time as `silence after 20s`';

/** Reads `1`, `1 after 8s`, `silence`, `refused after 2s`. */
export function parseBehaviour(field: Field): Behaviour {
  const { word, afterMs } = wordAndTime(field, BEHAVIOUR_FORMS);
  if (/^[1-9]$/.test(word)) return { kind: 'presses', key: word, afterMs: afterMs ?? KEY_AFTER_MS };
  if (isWordOf(NO_KEY, word)) return { kind: 'noKey', word, afterMs: afterMs ?? NO_KEY[word] };
  if (isWordOf(RUN_ENDS, word)) return { kind: 'runEnds', outcome: word, afterMs: afterMs ?? RUN_ENDS[word] };
  throw field.wrong(BEHAVIOUR_FORMS);
}

/** Whom the script does not name. */
export const SILENCE: Behaviour = { kind: 'noKey', word: 'silence', afterMs: NO_KEY.silence };

/** What a workflow that a key started comes to. */
export type RunBehaviour = { readonly kind: 'ends' | 'fails'; readonly afterMs: number } | { readonly kind: 'hangs' };

const RUN_FORMS = 'must be `ends`, `fails` or `hangs`, the first two with a time as `ends after 30s`';
const RUN_AFTER_MS = 30_000;

export function parseRunBehaviour(field: Field): RunBehaviour {
  const { word, afterMs } = wordAndTime(field, RUN_FORMS);
  if (word === 'hangs' && afterMs === null) return { kind: 'hangs' };
  if (word === 'ends' || word === 'fails') return { kind: word, afterMs: afterMs ?? RUN_AFTER_MS };
  throw field.wrong(RUN_FORMS);
}

function wordAndTime(field: Field, forms: string): { readonly word: string; readonly afterMs: number | null } {
  const text = typeof field.value === 'number' ? String(field.value) : field.value;
  if (typeof text !== 'string') throw field.wrong(forms);
  const [, word, time] = /^(\w+)(?: after (\S+))?$/.exec(text.trim()) ?? [];
  if (word === undefined || (time !== undefined && !new RegExp(DURATION_PATTERN).test(time))) throw field.wrong(forms);
  return { word, afterMs: time === undefined ? null : durationMs(time) };
}

function isWordOf<W extends string>(words: Readonly<Record<W, number>>, word: string): word is W {
  return Object.hasOwn(words, word);
}

/** A key, pressed so long after the pick-up. */
export interface KeyPress {
  readonly key: string;
  readonly afterMs: number;
}

/** What the person at a telephone does during one call. */
export type Person =
  | { readonly kind: 'answers'; readonly afterMs: number; readonly keys: readonly KeyPress[] }
  | { readonly kind: 'neverPicksUp' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'answeringMachine'; readonly afterMs: number; readonly recordsMs: number }
  | { readonly kind: 'hangsUp'; readonly afterMs: number; readonly listensMs: number }
  /** Waits for `pickUp`, `press` and `hangUp` of the space. */
  | { readonly kind: 'manual' };

/** How long a person thinks before the first key, and before each next one, where a script does not say. */
const THINKING_MS = 2_000;

const MACHINE_ANSWERS_AFTER_MS = 12_000;
const MACHINE_RECORDS_MS = 60_000;

/** Picks up so long after the first ring, and presses the keys; without a key, listens to the end. */
export function answers(afterMs: number, ...keys: readonly (string | KeyPress)[]): Person {
  return {
    kind: 'answers',
    afterMs,
    keys: keys.map((key, index) => (typeof key === 'string' ? { key, afterMs: THINKING_MS * (index + 1) } : key)),
  };
}

export function neverPicksUp(): Person {
  return { kind: 'neverPicksUp' };
}

export function busy(): Person {
  return { kind: 'busy' };
}

/** Picks up, records for a while, and hangs up without a key. */
export function answeringMachine(afterMs = MACHINE_ANSWERS_AFTER_MS, recordsMs = MACHINE_RECORDS_MS): Person {
  return { kind: 'answeringMachine', afterMs, recordsMs };
}

/** Picks up, listens for a while, and hangs up without a key. */
export function hangsUp(afterMs: number, listensMs: number): Person {
  return { kind: 'hangsUp', afterMs, listensMs };
}

export function manual(): Person {
  return { kind: 'manual' };
}

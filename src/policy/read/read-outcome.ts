import type { DraftEscalate, DraftOutcome, DraftSnooze } from '../draft.js';
import { STEP_NAME_PATTERN } from '../policy-file-schema.js';
import type { Located } from '../../yaml-file/located.js';
import { choose } from './choose.js';
import type { Reading } from '../../yaml-file/problem.js';
import { readDuration, readWord } from '../../yaml-file/values.js';

const WORDS = ['acknowledge', 'resolve', 'exhausted'] as const;
const FORMS = ['escalate', 'snooze'] as const;

/** What follows a workflow that a key has started: `then`, `onFailure`. */
export function readOutcome(located: Located, what: string, reading: Reading): DraftOutcome | undefined {
  const chosen = choose(located, what, WORDS, FORMS, reading);
  if (chosen === undefined) return undefined;
  return chosen.kind === 'word' ? { kind: chosen.word } : readForm(chosen.form, chosen.value, reading);
}

/** What follows the last attempt of a step. */
export function readOtherwise(
  located: Located,
  reading: Reading,
): DraftEscalate | { readonly kind: 'exhausted' } | undefined {
  const chosen = choose(located, '`otherwise`', ['exhausted'], ['escalate'], reading);
  if (chosen === undefined) return undefined;
  return chosen.kind === 'word' ? { kind: chosen.word } : readEscalate(chosen.value, reading);
}

/** What follows an acknowledge that nobody resolves: somebody is called, there is no other way. */
export function readCallsAgain(located: Located, reading: Reading): DraftEscalate | undefined {
  const chosen = choose(located, '`otherwise` of `acknowledged`', [], ['escalate'], reading);
  return chosen?.kind === 'form' ? readEscalate(chosen.value, reading) : undefined;
}

/** The actions that keys and outcomes share. */
export function readForm(
  form: 'escalate' | 'snooze',
  value: Located,
  reading: Reading,
): DraftEscalate | DraftSnooze | undefined {
  if (form === 'escalate') return readEscalate(value, reading);
  const time = readDuration(
    value,
    {
      what: '`snooze`',
      longest: '7d',
      why: 'whoever presses the key will not remember; take a shorter one',
      shortest: { duration: '1m', why: 'the telephone rings again while it is put down' },
    },
    reading,
  );
  return time && { kind: 'snooze', for: time.value };
}

function readEscalate(value: Located, reading: Reading): DraftEscalate | undefined {
  const step = readWord(
    value,
    {
      what: 'the step after `escalate`',
      pattern: STEP_NAME_PATTERN,
      allowed: 'names of steps have 1 to 40 small letters, digits and hyphens',
    },
    reading,
  );
  if (step === undefined) return undefined;
  reading.mentionsStep(step);
  return { kind: 'escalate', step };
}

import type { DraftAction } from '../draft.js';
import type { Located } from '../yaml/located.js';
import { choose } from './choose.js';
import { readForm } from './read-outcome.js';
import { readRun } from './read-run.js';
import type { Reading } from './reading.js';

const WORDS = ['acknowledge', 'resolve', 'next', 'leave'] as const;
const FORMS = ['escalate', 'snooze', 'run'] as const;

/** What a key does. */
export function readAction(located: Located, key: string, reading: Reading): DraftAction | undefined {
  const what = `what key ${key} does`;
  const chosen = choose(located, what, WORDS, FORMS, reading);
  if (chosen === undefined) return undefined;
  if (chosen.kind === 'word') return { kind: chosen.word };
  if (chosen.form === 'run') return readRun(chosen.value, reading);
  return readForm(chosen.form, chosen.value, reading);
}

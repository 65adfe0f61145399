import { suggestion } from '../did-you-mean.js';
import type { Placed } from '../problem.js';
import type { Reading } from '../read/reading.js';
import { shortened, type Located } from '../yaml/located.js';

/** Whether everything that is named exists. A step or contact that is wrong in itself exists all the same. */
export function checkNames(file: Located, reading: Reading): void {
  const steps = keysUnder(file, 'steps');
  // Without any steps that is what has to be corrected first.
  if (steps.length > 0) check('step', reading.steps, steps, reading);
  check('contact', reading.contacts, keysUnder(file, 'contacts'), reading);
}

function check(
  what: 'step' | 'contact',
  mentioned: readonly Placed<string>[],
  known: readonly string[],
  reading: Reading,
): void {
  for (const { value, place } of mentioned) {
    if (known.includes(value)) continue;
    const none = `; there are no contacts, describe them at the top: contacts: { tanaka: { phone: "0300000001" } }`;
    const instead = known.length === 0 ? none : suggestion(value, known, `${what}s`);
    reading.error(`unknown-${what}`, place, `there is no ${what} "${shortened(value)}"${instead}`);
  }
}

function keysUnder(file: Located, key: string): readonly string[] {
  const value = file.kind === 'map' ? file.entries.find((entry) => entry.key === key)?.value : undefined;
  return value?.kind === 'map' ? value.entries.map((entry) => entry.key) : [];
}

import { nearest } from '../../yaml-file/did-you-mean.js';
import { describeLocated, shortened, type Located } from '../../yaml-file/located.js';
import type { Reading } from '../../yaml-file/problem.js';

const EXAMPLES = {
  escalate: '{ escalate: manager }',
  snooze: '{ snooze: 30m }',
  run: '{ run: { workflow: …, taskQueue: … } }',
} as const;
type Form = keyof typeof EXAMPLES;

export type Chosen<W, F> =
  { readonly kind: 'word'; readonly word: W } | { readonly kind: 'form'; readonly form: F; readonly value: Located };

/** One action: one of these words, or a mapping with one of these keys. */
export function choose<W extends string, F extends Form>(
  located: Located,
  what: string,
  words: readonly W[],
  forms: readonly F[],
  reading: Reading,
): Chosen<W, F> | undefined {
  const choices = [...words, ...forms.map((form) => EXAMPLES[form])].join(', ');
  if (located.kind === 'scalar' && typeof located.value === 'string') {
    const word = words.find((word) => word === located.value);
    if (word !== undefined) return { kind: 'word', word };
    reading.error(
      'unknown-action',
      located.place,
      `${what} cannot be "${shortened(located.value)}"${meant(located.value, words, forms, choices)}`,
    );
    return undefined;
  }
  if (located.kind !== 'map') {
    reading.error(
      'no-action',
      located.place,
      `${what} is missing: here stands ${describeLocated(located)}; write one of ${choices}`,
    );
    return undefined;
  }
  const entries = located.entries.filter(({ key }) => !key.startsWith('x-'));
  const [first, second] = entries;
  if (first === undefined || second !== undefined) {
    reading.error(
      'no-action',
      located.place,
      `${what} must be one action, and here stand ${entries.length}; write one of ${choices}`,
    );
    return undefined;
  }
  const form = forms.find((form) => form === first.key);
  if (form !== undefined) return { kind: 'form', form, value: first.value };
  reading.error(
    'unknown-action',
    first.keyPlace,
    `${what} cannot be "${shortened(first.key)}"${meant(first.key, words, forms, choices)}`,
  );
  return undefined;
}

function meant(written: string, words: readonly string[], forms: readonly Form[], choices: string): string {
  const near = nearest(written, [...words, ...forms]);
  const form = forms.find((form) => form === near);
  if (form !== undefined) return `; did you mean ${EXAMPLES[form]}?`;
  return near === undefined ? `; write one of ${choices}` : `; did you mean "${near}"?`;
}

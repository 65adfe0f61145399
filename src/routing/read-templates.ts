import { nearest } from '../yaml-file/did-you-mean.js';
import type { Place, Placed, Reading } from '../yaml-file/problem.js';
import { readText, readWord, readOneOrMore } from '../yaml-file/values.js';
import { readTemplate } from '../policy/template.js';
import { PARAMETER_PATTERN } from '../policy/policy-file-schema.js';
import { describeLocated, shortened, type Located } from '../yaml-file/located.js';
import { isPlaceholder, PLACEHOLDERS } from './placeholders.js';
import { MOST } from './routes-file-schema.js';
import type { RuleParameter } from './routes.js';

export interface PlacedParameter extends RuleParameter {
  readonly place: Place;
}

/** `parameters`, of the file or of a rule. `source`: the text of the file. */
export function readParameters(located: Located, source: string, reading: Reading): readonly PlacedParameter[] {
  if (located.kind !== 'map') {
    const example = 'parameters: { server: "{{labels.instance}}", incident: "{{summary}}" }';
    reading.error(
      'no-mapping',
      located.place,
      `\`parameters\` gives each name a text, such as ${example}; here stands ${describeLocated(located)}`,
    );
    return [];
  }
  return located.entries.flatMap(({ key, keyPlace, value }) => {
    const name = readWord(
      { kind: 'scalar', value: key, written: key, quoted: true, place: keyPlace },
      {
        what: 'the name of a parameter',
        pattern: PARAMETER_PATTERN,
        allowed: 'it has no spaces and no braces, such as "server", which the policy uses as {{server}}',
      },
      reading,
    );
    const what = `the parameter "${shortened(key)}"`;
    const texts = readOneOrMore(value, what, MOST.texts, reading, (item) =>
      readFilledText(item, what, source, reading),
    );
    checkAlternatives(texts, what, reading);
    return name === undefined ? [] : [{ name: key, texts: texts.map(({ value }) => value), place: keyPlace }];
  });
}

/** Behind a text that always has its values nothing is looked at. */
function checkAlternatives(texts: readonly Placed<string>[], what: string, reading: Reading): void {
  const always = texts.findIndex(({ value }) => readTemplate(value).placeholders.length === 0);
  const next = always === -1 ? undefined : texts[always + 1];
  if (next === undefined) return;
  reading.error(
    'ignored-text',
    next.place,
    `this would never be used: the text of ${what} before it needs no value of the alert; put that one last, or remove this`,
  );
}

/** A text with placeholders of the alert. */
export function readFilledText(
  located: Located,
  what: string,
  source: string,
  reading: Reading,
): Placed<string> | undefined {
  const text = readText(located, what, MOST.textLength, reading);
  if (text === undefined) return undefined;
  const { placeholders, mistakes } = readTemplate(text.value);
  for (const { code, written, message } of mistakes) reading.error(code, placeOf(text.place, written, source), message);
  for (const { name, written } of placeholders) {
    if (isPlaceholder(name)) continue;
    reading.error(
      'unknown-placeholder',
      placeOf(text.place, written, source),
      `an alert has no "${shortened(name)}"${insteadOf(name)}`,
    );
  }
  return text;
}

function insteadOf(name: string): string {
  const [first = '', ...rest] = name.split('.');
  const named = nearest(first, ['labels', 'parameters']);
  if (named !== undefined && rest.length > 0) return `; did you mean {{${named}.${shortened(rest.join('.'))}}}?`;
  const near = nearest(name, PLACEHOLDERS);
  if (near !== undefined) return `; did you mean {{${near}}}?`;
  return `; for a label write {{labels.${shortened(name)}}}; there are also ${PLACEHOLDERS.join(', ')} and parameters.…`;
}

/** Where it is written inside the text; escapes and folded lines may hide it. */
function placeOf(place: Place, written: string, source: string): Place {
  const start = source.indexOf(written, place.start);
  return start === -1 || start + written.length > place.end ? place : { ...place, start, end: start + written.length };
}

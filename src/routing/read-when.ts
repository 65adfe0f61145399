import { knownSeverity, SEVERITIES, type Severity } from '../contract/severity.js';
import { suggestion } from '../yaml-file/did-you-mean.js';
import type { Placed, Reading } from '../yaml-file/problem.js';
import { Fields } from '../yaml-file/fields.js';
import { readText, readWord, readChoice, readOneOrMore, readValue } from '../yaml-file/values.js';
import { describeLocated, shortened, type Located, type LocatedEntry } from '../yaml-file/located.js';
import { isPlainWord, openEndOf, patternNotMeant, valueNotMeant } from './not-meant.js';
import { readPattern } from './pattern.js';
import { readTime } from './read-time.js';
import { INTEGRATION_PATTERN, MatchesSchema, MOST, WhenSchema } from './routes-file-schema.js';
import type { Conditions, LabelCondition } from './routes.js';

export interface DraftConditions {
  readonly conditions: Conditions;
  readonly sources: readonly Placed<string>[];
  /** When the last of its moments is over, if all its times are moments. */
  readonly over: Placed<number> | undefined;
}

const CONDITION_SIGNS =
  'write { env: prod }, { env: [prod, stg] } or { env: { matches: "prod.*" } }; there is no "not"';

export const ANY: Conditions = { integration: [], source: [], severity: [], labels: [], time: [] };

const HINTS = {
  label: 'it is called `labels`: labels: { team: db }',
  match: 'write each condition by its name: labels: { team: db }',
  days: 'it belongs into `time`: time: { days: mon-fri, from: "09:00", to: "18:00" }',
  from: 'it belongs into `time`: time: { from: "22:00", to: "06:00" }',
  to: 'it belongs into `time`: time: { from: "22:00", to: "06:00" }',
  receiver: 'the receiver of Alertmanager is told by its key: integration: <name of the key>',
  alertname: 'it is a label: labels: { alertname: … }',
};

/** `when` of a rule. `zone`: the time zone of the file. */
export function readWhen(located: Located, zone: string | undefined, reading: Reading): DraftConditions | undefined {
  const fields = Fields.read(located, { what: '`when`', schema: WhenSchema, hints: HINTS }, reading);
  if (fields === undefined) return undefined;
  const many = <T>(key: keyof Conditions, read: (item: Located) => T | undefined): readonly T[] => {
    const field = fields.get(key);
    return field === undefined ? [] : readOneOrMore(field, `\`${key}\``, MOST.values, reading, read);
  };
  const integration = many('integration', (item) =>
    readWord(
      item,
      { what: 'the name of an integration', pattern: INTEGRATION_PATTERN, allowed: 'it has no spaces' },
      reading,
    ),
  );
  for (const { value, place } of integration) {
    const hint = valueNotMeant(value);
    if (hint !== undefined) reading.error('never-met', place, `no key is named "${shortened(value)}"; ${hint}`);
  }
  const sources = many('source', (item) => readValue(item, '`source`', MOST.labelLength, reading));
  const severity = many('severity', (item) => readSeverity(item, reading));
  const time = many('time', (item) => readTime(item, zone, reading));
  const labels = fields.get('labels');
  const ends = time.map(({ value, place }) => ({ value: value.kind === 'single' ? value.to : Infinity, place }));
  return {
    conditions: {
      integration: integration.map(({ value }) => value),
      source: sources.map(({ value }) => value),
      severity: severity.map(({ value }) => value),
      labels: labels === undefined ? [] : readLabels(labels, reading),
      time: time.map(({ value }) => value),
    },
    sources,
    over: ends.toSorted((a, b) => b.value - a.value)[0],
  };
}

export function readSeverity(located: Located, reading: Reading): Placed<Severity> | undefined {
  const instead = (written: string) => {
    const meant = knownSeverity(written);
    return meant === undefined ? suggestion(written, SEVERITIES, 'severities') : `; did you mean "${meant}"?`;
  };
  return readChoice(located, 'a severity', SEVERITIES, instead, reading);
}

function readLabels(located: Located, reading: Reading): readonly LabelCondition[] {
  if (located.kind !== 'map') {
    reading.error(
      'no-mapping',
      located.place,
      `\`labels\` gives names their values, such as { team: db }; here stands ${describeLocated(located)}`,
    );
    return [];
  }
  if (located.entries.length === 0) {
    reading.error('empty', located.place, '`labels` is empty and asks for nothing; write a label, or remove it');
  }
  return located.entries.flatMap((entry) => readLabel(entry, reading) ?? []);
}

function readLabel({ key: name, keyPlace, value }: LocatedEntry, reading: Reading): LabelCondition | undefined {
  const what = `the label "${shortened(name)}"`;
  if (/^!|[!=~]$/.test(name)) {
    reading.error('never-met', keyPlace, `${what} has a sign in its name that no label has; ${CONDITION_SIGNS}`);
    return undefined;
  }
  if (value.kind === 'map') {
    const negation = 'there is no "not": put a rule for what is not meant above this one';
    const called = 'it is called `matches`';
    const hints = {
      regex: called,
      pattern: called,
      not: negation,
      notMatches: negation,
      notIn: negation,
      except: negation,
    };
    const field = Fields.read(value, { what, schema: MatchesSchema, hints }, reading)?.require(
      'matches',
      'a regular expression, such as "web-\\d+"',
    );
    const pattern = field && readPatternField(field, what, reading);
    return pattern && { kind: 'matches', name, pattern };
  }
  const values = readOneOrMore(value, what, MOST.values, reading, (item) =>
    readValue(item, what, MOST.textLength, reading),
  );
  for (const { value, place } of values) {
    const hint = valueNotMeant(value);
    if (hint !== undefined) {
      reading.error('never-met', place, `${what} would have to be exactly "${shortened(value)}"; ${hint}`);
      continue;
    }
    if (!looksLikePattern(value)) continue;
    reading.warning(
      'maybe-pattern',
      place,
      `${what} has to be exactly "${shortened(value)}", which looks like a pattern; for a pattern write { matches: … }`,
    );
  }
  return values.length === 0 ? undefined : { kind: 'oneOf', name, values: values.map(({ value }) => value) };
}

/** `/web/`, `web$`, which may be a path or a name as well */
function looksLikePattern(value: string): boolean {
  return /^\/.*\/$|\*$|\$$/.test(value);
}

function readPatternField(located: Located, what: string, reading: Reading) {
  const text = readText(located, `\`matches\` of ${what}`, MOST.patternLength, reading);
  if (text === undefined) return undefined;
  const pattern = readPattern(text.value);
  if (pattern.ok) {
    const hint = patternNotMeant(text.value);
    if (hint !== undefined)
      reading.error('never-met', text.place, `the pattern does not mean what it looks like: ${hint}`);
    else if (openEndOf(text.value) === 'counted') {
      const why =
        'the pattern has to match the whole value also where it has no anchor; write ".*" there, or both anchors';
      reading.warning('one-anchor', text.place, why);
    } else if (isPlainWord(text.value)) {
      const inside = `for what has it anywhere write ".*${shortened(text.value)}.*", else leave out \`matches\``;
      reading.warning('plain-pattern', text.place, `the pattern matches "${shortened(text.value)}" alone; ${inside}`);
    }
    return pattern.pattern;
  }
  const { place } = text;
  const quote = located.kind === 'scalar' && located.quoted ? 1 : 0;
  const start = Math.min(place.start + quote + (pattern.at ?? 0), place.end);
  // With escapes the place would be another one.
  const isPlain = pattern.at !== null && place.end - place.start - text.value.length <= 2;
  reading.error(
    'bad-pattern',
    isPlain ? { ...place, start, end: Math.min(start + 1, place.end) } : place,
    `the pattern cannot be read: ${pattern.message}`,
  );
  return undefined;
}

import { knownSeverity, normalWord, SEVERITIES, type Severity } from '../contract/severity.js';
import { readTemplate } from '../policy/template.js';
import { nearest, suggestion } from '../yaml-file/did-you-mean.js';
import { describeLocated, shortened, type Located, type LocatedEntry } from '../yaml-file/located.js';
import type { Problems } from '../yaml-file/problem.js';
import type { Part, Path, Refusal } from '../yaml-file/schema.js';
import { isPlainWord, openEndOf, patternNotMeant, valueNotMeant } from './not-meant.js';
import { readPattern } from './pattern.js';
import { isPlaceholder, PLACEHOLDERS } from './placeholders.js';

/** What is wrong in the parts of a routing file, in their form or in what they would mean. */

export const MAX_RULES = 500;
export const MAX_VALUES = 100;

/** How a sentence calls the label that a path leads to, or into. */
export function labelAt(path: Path): string {
  return `the label "${shortened(String(path[path.indexOf('labels') + 1]))}"`;
}

export function parameterAt(path: Path): string {
  return `the parameter "${shortened(String(path[path.indexOf('parameters') + 1]))}"`;
}

/** @param empty What to say where it has nothing in it, if that is wrong. */
export function wantsMapping(wanted: string, empty?: string): (written: Located) => readonly Refusal[] {
  return (written) => {
    if (written.kind !== 'map')
      return [{ code: 'no-mapping', message: `${wanted}; here stands ${describeLocated(written)}` }];
    return written.entries.length > 0 || empty === undefined ? [] : [{ code: 'empty', message: empty }];
  };
}

export function refuseRules(written: Located): readonly Refusal[] {
  if (written.kind !== 'list') {
    const message = `\`rules\` is a list, since their order counts: - name: …; here stands ${describeLocated(written)}`;
    return [{ code: 'no-list', message }];
  }
  const { length } = written.items;
  if (length === 0)
    return [{ code: 'empty', message: '`rules` is empty; write at least one: { name: everything, policy: … }' }];
  if (length <= MAX_RULES) return [];
  const message = `at most ${MAX_RULES} rules are possible, and here stand ${length}; use labels and patterns that take several alerts`;
  return [{ code: 'too-many', message }];
}

export function refuseIgnore(written: Located): readonly Refusal[] {
  if (written.kind === 'scalar' && written.value === true) return [];
  const found = describeLocated(written);
  const message = `\`ignore\` can only be true, and here stands ${found}; remove it for a rule that calls`;
  return [{ code: 'no-ignore', message }];
}

export function refuseLabelName({ key }: LocatedEntry): Refusal | undefined {
  if (!/^!|[!=~]$/.test(key)) return undefined;
  const message =
    `the label "${shortened(key)}" has a sign in its name that no label has; ` +
    'write { env: prod }, { env: [prod, stg] } or { env: { matches: "prod.*" } }; there is no "not"';
  return { code: 'never-met', message };
}

/** What words of one's own mean. */
export function refuseSeverities(written: Located): readonly Refusal[] {
  const count = written.kind === 'map' ? written.entries.length : 0;
  if (count > MAX_VALUES) {
    const message = `\`severities\` has ${count} words; at most ${MAX_VALUES} are possible`;
    return [{ code: 'too-many', message }];
  }
  if (count > 0) return [];
  const found = describeLocated(written);
  const message = `\`severities\` gives each word a severity, such as { 警戒: critical }; here stands ${found}`;
  return [{ code: 'no-mapping', message }];
}

export function refuseWord({ key }: LocatedEntry): Refusal | undefined {
  if (normalWord(key) !== '') return undefined;
  return { code: 'no-word', message: `"${shortened(key)}" is no word; write what the sender writes` };
}

export function severityInstead(written: string): string {
  const meant = knownSeverity(written);
  return meant === undefined ? suggestion(written, SEVERITIES, 'severities') : `; did you mean "${meant}"?`;
}

export function checkIntegration(value: string, part: Part, problems: Problems): void {
  const hint = valueNotMeant(value);
  if (hint !== undefined) problems.error('never-met', part.at([]), `no key is named "${shortened(value)}"; ${hint}`);
}

export function checkLabelValue(value: string, part: Part, problems: Problems): void {
  const exactly = `${labelAt(part.path)} would have to be exactly "${shortened(value)}"`;
  const hint = valueNotMeant(value);
  if (hint !== undefined) return problems.error('never-met', part.at([]), `${exactly}; ${hint}`);
  // `/web/`, `web$` may be a path or a name as well.
  if (!/^\/.*\/$|\*$|\$$/.test(value)) return;
  problems.warning(
    'maybe-pattern',
    part.at([]),
    `${labelAt(part.path)} has to be exactly "${shortened(value)}", which looks like a pattern; for a pattern write { matches: … }`,
  );
}

export function checkPattern(source: string, part: Part, problems: Problems): void {
  const place = part.at([]);
  const pattern = readPattern(source);
  if (!pattern.ok) {
    const { at, message } = pattern;
    const quote = part.written.kind === 'scalar' && part.written.quoted ? 1 : 0;
    const start = Math.min(place.start + quote + (at ?? 0), place.end);
    // With escapes the place would be another one.
    const isPlain = at !== null && place.end - place.start - source.length <= 2;
    const mistake = isPlain ? { ...place, start, end: Math.min(start + 1, place.end) } : place;
    return problems.error('bad-pattern', mistake, `the pattern cannot be read: ${message}`);
  }
  const hint = patternNotMeant(source);
  if (hint !== undefined) {
    problems.error('never-met', place, `the pattern does not mean what it looks like: ${hint}`);
  } else if (openEndOf(source) === 'counted') {
    const why =
      'the pattern has to match the whole value also where it has no anchor; write ".*" there, or both anchors';
    problems.warning('one-anchor', place, why);
  } else if (isPlainWord(source)) {
    const inside = `for what has it anywhere write ".*${shortened(source)}.*", else leave out \`matches\``;
    problems.warning('plain-pattern', place, `the pattern matches "${shortened(source)}" alone; ${inside}`);
  }
}

/** A text with placeholders of the alert. */
export function checkTemplate(text: string, part: Part, problems: Problems): void {
  const { placeholders, mistakes } = readTemplate(text);
  for (const { code, written, message } of mistakes) {
    const name = written.replaceAll(/[${}]/g, '').trim();
    // Pigeon never sees these braces: they are filled in here, where blanks beside a name do not count.
    if (code === 'placeholder-with-spaces' && !/\s/.test(name)) continue;
    const isOther = code === 'placeholder-single' && !isPlaceholder(name);
    const told = isOther ? `"${shortened(written)}" would be read aloud as it stands${insteadOf(name)}` : message;
    problems.error(code, part.within(written), told);
  }
  for (const { name, written } of placeholders) {
    if (isPlaceholder(name)) continue;
    const message = `an alert has no "${shortened(name)}"${insteadOf(name)}`;
    problems.error('unknown-placeholder', part.within(written), message);
  }
}

function insteadOf(name: string): string {
  const inOthers = inOtherTemplates(name);
  if (inOthers !== undefined) return `; did you mean {{${shortened(inOthers)}}}?`;
  const [first = '', ...rest] = name.split('.');
  const named = nearest(first, ['labels', 'parameters']);
  if (named !== undefined && rest.length > 0) return `; did you mean {{${named}.${shortened(rest.join('.'))}}}?`;
  const near = nearest(name, PLACEHOLDERS);
  if (near !== undefined) return `; did you mean {{${near}}}?`;
  return `; for a label write {{labels.${shortened(name)}}}; there are also ${PLACEHOLDERS.join(', ')} and parameters.…`;
}

/** Macros of Zabbix, by what its alerts have here. */
const MACROS: Readonly<Record<string, string>> = {
  'ALERT.MESSAGE': 'labels.alert_message',
  'ALERT.SUBJECT': 'summary',
  'EVENT.NAME': 'summary',
  'EVENT.NSEVERITY': 'severity',
  'EVENT.OPDATA': 'labels.event_opdata',
  'EVENT.SEVERITY': 'severity',
  'HOST.HOST': 'labels.host_name',
  'HOST.IP': 'labels.host_ip',
  'HOST.NAME': 'labels.host_name',
  'TRIGGER.ID': 'labels.trigger_id',
  'TRIGGER.NAME': 'summary',
  'TRIGGER.SEVERITY': 'severity',
};

/** What a name of another tool's templates is called here: of Alertmanager's and Grafana's, or of Zabbix's. */
function inOtherTemplates(name: string): string | undefined {
  const plain = name.replace(/^[.$]+/, '');
  if (Object.hasOwn(MACROS, plain)) return MACROS[plain];
  const [, root = '', key = ''] = /^(?:common|group)?(labels|annotations)\.(.+)$/i.exec(plain) ?? [];
  if (root.toLowerCase() === 'labels') return `labels.${key}`;
  // Of annotations the summary is kept, and the addresses.
  if (root !== '') return /url|link|runbook|dashboard/i.test(key) ? 'link' : 'summary';
  return plain !== name && isPlaceholder(plain) ? plain : undefined;
}

/** A constant would read the same for all alerts of the rule, and all but the first would call nobody. */
export function checkGroupText(text: string, part: Part, problems: Problems): void {
  checkTemplate(text, part, problems);
  const { placeholders, mistakes } = readTemplate(text);
  if (placeholders.length + mistakes.length > 0) return;
  const meant = isPlaceholder(text) ? text : `labels.${text.replace(/^labels\./i, '')}`;
  problems.error(
    'constant-group',
    part.at([]),
    `"${shortened(text)}" is the same for every alert, so all alerts of the rule would be one incident; ` +
      `write "{{${shortened(meant)}}}", or "{{integration}}" if all that one key sends is to be one incident`,
  );
}

/** Behind a text that always has its values nothing is looked at. */
export function checkAlternatives(texts: string | readonly string[], part: Part, problems: Problems): void {
  const always = [texts].flat().findIndex((text) => readTemplate(text).placeholders.length === 0);
  if (always === -1 || always + 1 >= [texts].flat().length) return;
  problems.error(
    'ignored-text',
    part.at([always + 1]),
    `this would never be used: the text of ${parameterAt(part.path)} before it needs no value of the alert; put that one last, or remove this`,
  );
}

export function checkSeverities(own: Readonly<Record<string, Severity>>, part: Part, problems: Problems): void {
  const seen = new Set<string>();
  for (const [written, severity] of Object.entries(own)) {
    const place = part.keyAt([written]);
    const word = normalWord(written);
    if (seen.has(word)) {
      problems.error(
        'word-twice',
        place,
        `"${shortened(written)}" is the same word as one above: case, blanks, "_" and "-" do not count; remove one of the two`,
      );
    }
    seen.add(word);
    const usual = knownSeverity(word);
    if (usual === undefined || SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(usual)) continue;
    problems.warning(
      'milder-word',
      place,
      `"${shortened(written)}" is ${usual} everywhere else, and only ${severity} here: alerts of all sources become milder by it`,
    );
  }
}

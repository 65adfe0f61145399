import { Fields } from '../yaml-file/fields.js';
import type { Reading, Placed } from '../yaml-file/problem.js';
import { readBoolean, readDuration, readWord, readOneOrMore } from '../yaml-file/values.js';
import { readTemplate } from '../policy/template.js';
import { POLICY_NAME_PATTERN } from '../policy/policy-file-schema.js';
import { describeLocated, shortened, type Located } from '../yaml-file/located.js';
import type { DraftRule, Group } from './routes.js';
import { isPlaceholder } from './placeholders.js';
import { readFilledText, readParameters, type PlacedParameter } from './read-templates.js';
import { ANY, readWhen } from './read-when.js';
import { GroupSchema, MOST, RULE_NAME_PATTERN, RuleSchema } from './routes-file-schema.js';

/** What a rule takes from the top of its file. */
export interface FileWide {
  /** The text of the file. */
  readonly source: string;
  readonly timeZone: string | undefined;
  readonly parameters: readonly PlacedParameter[];
}

const INTO_WHEN = 'it belongs into `when`';
const HINTS = {
  integration: INTO_WHEN,
  source: INTO_WHEN,
  severity: INTO_WHEN,
  labels: INTO_WHEN,
  time: INTO_WHEN,
  match: 'it is called `when`',
  if: 'it is called `when`',
  groupBy: 'write group: { by: "{{labels.cluster}}" }',
  window: 'it belongs into `group`',
  timeZone: 'it belongs to the top of the file, or into `time`',
};

export function readRule(located: Located, file: FileWide, reading: Reading): DraftRule | undefined {
  const fields = Fields.read(located, { what: 'a rule', schema: RuleSchema, hints: HINTS }, reading);
  if (fields === undefined) return undefined;
  const nameField = fields.require('name', 'by which it is spoken of, such as name: database');
  const name =
    nameField &&
    readWord(
      nameField,
      {
        what: 'the name of a rule',
        pattern: RULE_NAME_PATTERN,
        allowed: 'it has 1 to 60 small letters, digits and hyphens, such as "database"',
      },
      reading,
    );
  const whenField = fields.get('when');
  const when =
    whenField === undefined
      ? { conditions: ANY, sources: [], over: undefined }
      : readWhen(whenField, file.timeZone, reading);
  const then = readThen(fields, file, reading);
  if (name === undefined || when === undefined || then === undefined) return undefined;
  const { outcome, ...places } = then;
  return {
    name,
    rule: { name: name.value, when: when.conditions, outcome },
    ...places,
    sources: when.sources,
    over: when.over,
  };
}

type DraftThen = Pick<DraftRule, 'policy' | 'parameterPlaces' | 'resolvesPlace'> & {
  readonly outcome: DraftRule['rule']['outcome'];
};

function readThen(fields: Fields, file: FileWide, reading: Reading): DraftThen | undefined {
  const ignore = fields.get('ignore');
  if (ignore !== undefined) return readIgnore(ignore, fields, reading);
  const policyField = fields.require(
    'policy',
    'the name of the policy that calls; or `ignore: true`, so that nobody is called',
  );
  const policy =
    policyField &&
    readWord(
      policyField,
      {
        what: '`policy`',
        pattern: POLICY_NAME_PATTERN,
        allowed:
          'the name of a policy has 1 to 60 small letters, digits and hyphens; it is the name of its file, without ".yaml"',
      },
      reading,
    );
  const parametersField = fields.get('parameters');
  const own = parametersField === undefined ? [] : readParameters(parametersField, file.source, reading);
  const groupField = fields.get('group');
  const group = groupField === undefined ? null : readGroup(groupField, file.source, reading);
  const resolvesField = fields.get('resolves');
  const resolves = resolvesField === undefined ? group === null : readBoolean(resolvesField, '`resolves`', reading);
  if (policy === undefined || group === undefined || resolves === undefined) return undefined;
  // Those of the rule win, in the place of those of the file.
  const parameters = new Map([...file.parameters, ...own].map(({ name, texts }) => [name, { name, texts }]));
  return {
    outcome: { kind: 'open', policy: policy.value, parameters: [...parameters.values()], group, resolves },
    policy,
    parameterPlaces: new Map(own.map(({ name, place }) => [name, place])),
    resolvesPlace: resolvesField === undefined ? undefined : fields.keyPlace('resolves'),
  };
}

function readIgnore(located: Located, fields: Fields, reading: Reading): DraftThen | undefined {
  if (located.kind !== 'scalar' || located.value !== true) {
    reading.error(
      'no-ignore',
      located.place,
      `\`ignore\` can only be true, and here stands ${describeLocated(located)}; remove it for a rule that calls`,
    );
    return undefined;
  }
  for (const key of ['policy', 'parameters', 'group', 'resolves']) {
    if (fields.get(key) === undefined) continue;
    reading.error(
      'ignored-key',
      fields.keyPlace(key),
      `\`${key}\` would be ignored: this rule ignores its alerts; remove one of the two`,
    );
  }
  return { outcome: { kind: 'ignore' }, policy: undefined, parameterPlaces: new Map(), resolvesPlace: undefined };
}

function readGroup(located: Located, source: string, reading: Reading): Group | undefined {
  const fields = Fields.read(located, { what: '`group`', schema: GroupSchema }, reading);
  const byField = fields?.require(
    'by',
    'alerts for which it reads the same are one incident, such as by: "{{labels.cluster}}"',
  );
  const by =
    byField && readOneOrMore(byField, '`by`', MOST.texts, reading, (item) => readGroupText(item, source, reading));
  const windowField = fields?.get('window');
  const window =
    windowField &&
    readDuration(
      windowField,
      {
        what: '`window`',
        longest: '30d',
        why: 'without it the group lasts for as long as its incident is open',
        shortest: { duration: '5m', why: 'what belongs together often comes minutes apart' },
      },
      reading,
    );
  if (by === undefined || by.length === 0 || (windowField !== undefined && window === undefined)) return undefined;
  return { by: by.map(({ value }) => value), window: window?.value ?? null };
}

/** A constant would read the same for all alerts of the rule, and all but the first would call nobody. */
function readGroupText(located: Located, source: string, reading: Reading): Placed<string> | undefined {
  const text = readFilledText(located, '`by`', source, reading);
  if (text === undefined) return undefined;
  const { placeholders, mistakes } = readTemplate(text.value);
  if (placeholders.length + mistakes.length > 0) return text;
  const name = text.value.replace(/^labels\./i, '');
  const meant = isPlaceholder(text.value) ? text.value : `labels.${name}`;
  reading.error(
    'constant-group',
    text.place,
    `"${shortened(text.value)}" is the same for every alert, so all alerts of the rule would be one incident; ` +
      `write "{{${shortened(meant)}}}", or "{{integration}}" if all that one key sends is to be one incident`,
  );
  return undefined;
}

/** The names that stand twice: messages, groups and people could not tell them apart. */
export function checkNamesOnce(drafts: readonly DraftRule[], reading: Reading): void {
  const seen = new Set<string>();
  for (const { name } of drafts) {
    if (seen.has(name.value)) {
      reading.error(
        'name-twice',
        name.place,
        `another rule above is named "${shortened(name.value)}" as well; give each its own name`,
      );
    }
    seen.add(name.value);
  }
}

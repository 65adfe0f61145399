import { nearest, suggestion } from '../yaml-file/did-you-mean.js';
import { shortened } from '../yaml-file/located.js';
import type { Problems } from '../yaml-file/problem.js';
import type { YamlFile } from '../yaml-file/read-file.js';
import type { Path } from '../yaml-file/schema.js';
import { accepts, isCatchAll } from './route.js';
import type { Conditions, LabelCondition, Open, Rule } from './routes.js';
import type { WrittenRule } from './routes-file-schema.js';

/** What a routing file is checked against. */
export interface Surroundings {
  /** Names of the formats of alerts. */
  readonly sources: readonly string[];
  /** The policies by name, where they are at hand; else their names are taken on trust. */
  readonly policies?: ReadonlyMap<string, KnownPolicy>;
  /** Milliseconds since 1970: times that are over by then are told. */
  readonly now: number;
}

/** What a policy asks of the rules that name it. */
export type KnownPolicy =
  | {
      readonly ok: true;
      /** Names that every incident has to bring. */
      readonly parameters: readonly string[];
      /** A guidance stored in Pigeon may use more than these. */
      readonly hasStoredGuidance: boolean;
    }
  /** Its file has mistakes. */
  | { readonly ok: false };

/** What is wrong with rules that are right in themselves: among each other, and with what they name. */
export function checkRules(
  rules: readonly Rule[],
  written: readonly WrittenRule[],
  file: YamlFile<unknown>,
  { sources, policies, now }: Surroundings,
  problems: Problems,
): void {
  for (const [index, rule] of rules.entries()) {
    const at: Places = {
      value: (...path) => file.at(['rules', index, ...path]),
      key: (...path) => file.keyAt(['rules', index, ...path]),
    };
    checkSources(rule, at, sources, problems);
    checkOver(rule, at, now, problems);
    if (rule.outcome.kind === 'ignore') continue;
    const { resolves, parameters = {} } = written[index] ?? {};
    if (resolves === true) checkResolves(rule.outcome, at, problems);
    if (policies !== undefined) checkPolicy(rule.outcome, Object.keys(parameters), at, policies, problems);
  }
  checkNamesOnce(rules, file, problems);
  checkOrder(rules, file, problems);
}

/** Of a rule. */
interface Places {
  value(...path: Path): ReturnType<YamlFile<unknown>['at']>;
  key(...path: Path): ReturnType<YamlFile<unknown>['at']>;
}

/** Messages, groups and people could not tell rules of one name apart. */
function checkNamesOnce(rules: readonly Rule[], file: YamlFile<unknown>, problems: Problems): void {
  for (const [index, { name }] of rules.entries()) {
    if (rules.findIndex((rule) => rule.name === name) === index) continue;
    const message = `another rule above is named "${shortened(name)}" as well; give each its own name`;
    problems.error('name-twice', file.at(['rules', index, 'name']), message);
  }
}

/** A rule behind one that takes all of its alerts, and no rule for those that none takes. */
function checkOrder(rules: readonly Rule[], file: YamlFile<unknown>, problems: Problems): void {
  for (const [index, { name, when }] of rules.entries()) {
    const earlier = rules.slice(0, index).find((rule) => covers(rule.when, when));
    if (earlier === undefined) continue;
    const why = isCatchAll(earlier.when)
      ? 'has no conditions and takes every alert'
      : 'takes every alert that it would take';
    problems.error(
      'unreachable',
      file.at(['rules', index, 'name']),
      `no alert comes to the rule "${name}": "${earlier.name}" above it ${why}; move it above "${earlier.name}", or remove it`,
    );
  }
  if (rules.some(({ when }) => isCatchAll(when))) return;
  problems.warning(
    'no-catch-all',
    file.keyAt(['rules']),
    'an alert that meets no rule calls nobody; end with a rule without `when`, which takes the rest: { name: everything-else, policy: … }',
  );
}

/** Whether what meets `later` meets `earlier` too, as far as it can be seen without trying every alert. */
function covers(earlier: Conditions, later: Conditions): boolean {
  return (
    isWithin(later.integration, earlier.integration) &&
    isWithin(later.source, earlier.source) &&
    isWithin(later.severity, earlier.severity) &&
    isWithin(
      later.time.map((span) => JSON.stringify(span)),
      earlier.time.map((span) => JSON.stringify(span)),
    ) &&
    earlier.labels.every((condition) => later.labels.some((narrower) => implies(narrower, condition)))
  );
}

function isWithin(narrow: readonly string[], wide: readonly string[]): boolean {
  return wide.length === 0 || (narrow.length > 0 && narrow.every((value) => wide.includes(value)));
}

function implies(narrow: LabelCondition, wide: LabelCondition): boolean {
  if (narrow.name !== wide.name) return false;
  if (narrow.kind === 'oneOf') return narrow.values.every((value) => accepts(wide, value));
  return wide.kind === 'matches' && wide.pattern.source === narrow.pattern.source;
}

/** Of a group, whose rule says that its alerts resolve it. */
function checkResolves({ group }: Open, at: Places, problems: Problems): void {
  if (group === null) return;
  if (group.window !== null) {
    problems.error(
      'resolves-with-window',
      at.key('resolves'),
      'the end of an alert does not say in which `window` it was triggered, so its incident would not be found; remove `window`, or `resolves`',
    );
    return;
  }
  problems.warning(
    'resolves-group',
    at.key('resolves'),
    'the first alert of the group that is over resolves the incident, while others may continue; remove it, so that people resolve it',
  );
}

function checkSources({ when }: Rule, at: Places, known: readonly string[], problems: Problems): void {
  for (const [index, source] of when.source.entries()) {
    if (known.includes(source)) continue;
    const message = `there is no source "${source}"${suggestion(source, known, 'sources')}`;
    problems.error('unknown-source', at.value('when', 'source', index), message);
  }
}

/** @param now Milliseconds since 1970. */
function checkOver({ name, when }: Rule, at: Places, now: number, problems: Problems): void {
  const ends = when.time.map((span) => (span.kind === 'single' ? span.to : Infinity));
  const last = Math.max(...ends);
  if (ends.length === 0 || last > now) return;
  problems.warning(
    'over',
    at.value('when', 'time', ends.indexOf(last)),
    `this time is over since ${new Date(last).toISOString()}, so the rule "${name}" takes no alert any more; remove it`,
  );
}

/** Whether its policy is there, and is given all that it asks for. `own`: names of the rule's own parameters. */
function checkPolicy(
  { policy, parameters }: Open,
  own: readonly string[],
  at: Places,
  policies: ReadonlyMap<string, KnownPolicy>,
  problems: Problems,
): void {
  const place = at.value('policy');
  const known = policies.get(policy);
  if (known === undefined) {
    const message = `there is no policy "${policy}"${suggestion(policy, policies.keys(), 'policies')}`;
    return problems.error('unknown-policy', place, message);
  }
  if (!known.ok) {
    const message = `the policy "${policy}" has errors; see them with: pigeonflow policy check`;
    return problems.error('broken-policy', place, message);
  }
  const given = parameters.map(({ name }) => name);
  for (const name of known.parameters) {
    if (given.includes(name)) continue;
    const meant = nearest(
      name,
      given.filter((candidate) => !known.parameters.includes(candidate)),
    );
    const instead =
      meant === undefined
        ? `write it into \`parameters\` of the rule, or of the file: ${name}: "{{summary}}"`
        : `did you mean it by "${meant}"?`;
    problems.error(
      'parameter-missing',
      place,
      `the policy "${policy}" wants "${name}", which this rule does not give; ${instead}`,
    );
  }
  if (known.hasStoredGuidance) return;
  for (const name of own) {
    if (known.parameters.includes(name)) continue;
    problems.warning(
      'parameter-unused',
      at.key('parameters', name),
      `the policy "${policy}" has no parameter "${name}"${suggestion(name, known.parameters, 'parameters that it has')}`,
    );
  }
}

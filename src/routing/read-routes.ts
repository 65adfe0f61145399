import { normalWord } from '../contract/severity.js';
import { Problems, type Problem } from '../yaml-file/problem.js';
import { readYamlFile } from '../yaml-file/read-file.js';
import { checkRules, type Surroundings } from './check-rules.js';
import { readPattern } from './pattern.js';
import type { Conditions, LabelCondition, Routes, Rule, RuleParameter } from './routes.js';
import { RoutesFileSchema, type RoutesFile, type WrittenRule } from './routes-file-schema.js';
import { spanOf } from './written-time.js';

export type RoutesReading =
  /** `problems` are warnings. */
  | { readonly ok: true; readonly routes: Routes; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads and checks a routing file (YAML, and so JSON too). Shows all mistakes that can be told apart from their
 * consequences in one go. Never throws, whatever the text is.
 */
export function readRoutes(text: string, surroundings: Surroundings): RoutesReading {
  const problems = new Problems();
  const file = readYamlFile(text, RoutesFileSchema, problems, 'docs/reference/routing-file.md has one to begin with');
  if (file?.value === undefined || problems.hasErrors) return { ok: false, problems: problems.found };
  const routes = routesOf(file.value);
  checkRules(routes.rules, file.value.rules, file, surroundings, problems);
  return problems.hasErrors ? { ok: false, problems: problems.found } : { ok: true, routes, problems: problems.found };
}

/** Every default filled in. */
function routesOf({ timeZone = 'UTC', parameters, severities = {}, rules }: RoutesFile): Routes {
  return {
    rules: rules.map((rule) => ({
      name: rule.name,
      when: conditionsOf(rule.when ?? {}, timeZone),
      outcome: outcomeOf(rule, parameters),
    })),
    severities: new Map(Object.entries(severities).map(([word, severity]) => [normalWord(word), severity])),
  };
}

function conditionsOf(when: NonNullable<WrittenRule['when']>, timeZone: string): Conditions {
  const { integration = [], source = [], severity = [], labels = {}, time = [] } = when;
  return {
    integration: [integration].flat(),
    source: [source].flat(),
    severity: [severity].flat(),
    labels: Object.entries(labels).map(([name, label]) => conditionOf(name, label)),
    time: [time].flat().map((written) => spanOf(written, timeZone)),
  };
}

function conditionOf(name: string, label: string | readonly string[] | { readonly matches: string }): LabelCondition {
  if (typeof label === 'string' || !('matches' in label)) return { kind: 'oneOf', name, values: [label].flat() };
  const reading = readPattern(label.matches);
  if (!reading.ok) throw new Error(`The pattern of the label ${name} was read before: ${reading.message}`);
  return { kind: 'matches', name, pattern: reading.pattern };
}

function outcomeOf(rule: WrittenRule, ofFile: RoutesFile['parameters'] = {}): Rule['outcome'] {
  const { policy, group, resolves = group === undefined, parameters = {} } = rule;
  if (policy === undefined) return { kind: 'ignore' };
  // Those of the rule win, in the place of those of the file.
  const texts = Object.entries({ ...ofFile, ...parameters });
  return {
    kind: 'open',
    policy,
    parameters: texts.map(([name, texts]): RuleParameter => ({ name, texts: [texts].flat() })),
    group: group === undefined ? null : { by: [group.by].flat(), window: group.window ?? null },
    resolves,
  };
}

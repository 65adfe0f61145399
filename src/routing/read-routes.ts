import { type Problem, Reading } from '../yaml-file/problem.js';
import { Fields } from '../yaml-file/fields.js';
import { describeLocated, type Located } from '../yaml-file/located.js';
import { parseYaml } from '../yaml-file/parse-yaml.js';
import { checkOrder, checkOver, checkPolicy, checkResolves, checkSources, type KnownPolicy } from './check-rules.js';
import type { DraftRule, Routes } from './routes.js';
import { checkNamesOnce, readRule, type FileWide } from './read-rule.js';
import { readSeverities } from './read-severities.js';
import { readParameters } from './read-templates.js';
import { readTimeZone } from './read-time.js';
import { MOST, RoutesFileSchema } from './routes-file-schema.js';
import type { OwnSeverities } from '../alerts/state-words.js';

export type RoutesReading =
  /** `problems` are warnings. */
  | { readonly ok: true; readonly routes: Routes; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What a routing file is checked against. */
export interface Surroundings {
  /** Names of the formats of alerts. */
  readonly sources: readonly string[];
  /** The policies by name, where they are at hand; else their names are taken on trust. */
  readonly policies?: ReadonlyMap<string, KnownPolicy>;
  /** Milliseconds since 1970: times that are over by then are told. */
  readonly now: number;
}

/**
 * Reads and checks a routing file (YAML, and so JSON too). Shows all mistakes that can be told apart from their
 * consequences in one go. Never throws, whatever the text is.
 */
export function readRoutes(text: string, surroundings: Surroundings): RoutesReading {
  const reading = new Reading();
  const located = parseYaml(text, reading, 'docs/reference/routing-file.md has one to begin with');
  const drafts = located && readFile(located, text, reading);
  if (drafts !== undefined && !reading.hasErrors) {
    for (const draft of drafts.rules) {
      checkSources(draft, surroundings.sources, reading);
      checkResolves(draft, reading);
      checkOver(draft, surroundings.now, reading);
      if (surroundings.policies !== undefined) checkPolicy(draft, surroundings.policies, reading);
    }
    checkNamesOnce(drafts.rules, reading);
    checkOrder(drafts.rules, drafts.place, reading);
  }
  return drafts === undefined || reading.hasErrors
    ? { ok: false, problems: reading.found }
    : {
        ok: true,
        routes: { rules: drafts.rules.map(({ rule }) => rule), severities: drafts.severities },
        problems: reading.found,
      };
}

const HINTS = {
  routes: 'it is called `rules`',
  when: 'it belongs to a rule: rules: [{ name: …, when: …, policy: … }]',
  policy: 'it belongs to a rule: rules: [{ name: …, policy: … }]',
  severity: 'what words of your own mean is called `severities`: severities: { 警戒: critical }',
  maintenance:
    'a maintenance window is a rule at the top of `rules`: { name: …, when: { time: { from: …, to: … } }, ignore: true }',
};

function readFile(located: Located, source: string, reading: Reading) {
  const fields = Fields.read(located, { what: 'a routing file', schema: RoutesFileSchema, hints: HINTS }, reading);
  if (fields === undefined) return undefined;
  const version = fields.get('version');
  if (version !== undefined && (version.kind !== 'scalar' || version.value !== 1)) {
    reading.error(
      'version',
      version.place,
      `this pigeonflow reads version 1 of routing files, and here stands ${describeLocated(version)}; write version: 1, or remove the line`,
    );
  }
  const zone = fields.get('timeZone');
  const parameters = fields.get('parameters');
  const file: FileWide = {
    source,
    // One message about a wrong zone is enough; with none each time would ask for it.
    timeZone: zone && (readTimeZone(zone, reading) ?? 'UTC'),
    parameters: parameters === undefined ? [] : readParameters(parameters, source, reading),
  };
  const own = fields.get('severities');
  const severities: OwnSeverities = own === undefined ? new Map() : readSeverities(own, reading);
  const rules = fields.require(
    'rules',
    'which alerts call whom, in order, such as rules: [{ name: everything, policy: one-person }]',
  );
  return rules && { rules: readRules(rules, file, reading), place: fields.keyPlace('rules'), severities };
}

function readRules(located: Located, file: FileWide, reading: Reading): readonly DraftRule[] {
  if (located.kind !== 'list') {
    reading.error(
      'no-list',
      located.place,
      `\`rules\` is a list, since their order counts: - name: …; here stands ${describeLocated(located)}`,
    );
    return [];
  }
  if (located.items.length === 0)
    reading.error('empty', located.place, '`rules` is empty; write at least one: { name: everything, policy: … }');
  if (located.items.length > MOST.rules) {
    reading.error(
      'too-many',
      located.place,
      `at most ${MOST.rules} rules are possible, and here stand ${located.items.length}; use labels and patterns that take several alerts`,
    );
    return [];
  }
  return located.items.map((item) => readRule(item, file, reading)).filter((draft) => draft !== undefined);
}

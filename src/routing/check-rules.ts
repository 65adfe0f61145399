import { nearest, suggestion } from '../yaml-file/did-you-mean.js';
import type { Place, Reading } from '../yaml-file/problem.js';
import type { DraftRule, Conditions, LabelCondition } from './routes.js';
import { accepts, isCatchAll } from './judge.js';

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

/** A rule behind one that takes all of its alerts, and no rule for those that none takes. */
export function checkOrder(drafts: readonly DraftRule[], rulesPlace: Place, reading: Reading): void {
  drafts.forEach(({ name, rule }, index) => {
    const earlier = drafts.slice(0, index).find((draft) => covers(draft.rule.when, rule.when));
    if (earlier === undefined) return;
    const { value } = earlier.name;
    const why = isCatchAll(earlier.rule.when)
      ? 'has no conditions and takes every alert'
      : 'takes every alert that it would take';
    reading.error(
      'unreachable',
      name.place,
      `no alert comes to the rule "${name.value}": "${value}" above it ${why}; move it above "${value}", or remove it`,
    );
  });
  if (drafts.some(({ rule }) => isCatchAll(rule.when))) return;
  reading.warning(
    'no-catch-all',
    rulesPlace,
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

export function checkResolves({ rule, resolvesPlace }: DraftRule, reading: Reading): void {
  if (
    rule.outcome.kind === 'ignore' ||
    rule.outcome.group === null ||
    !rule.outcome.resolves ||
    resolvesPlace === undefined
  )
    return;
  if (rule.outcome.group.window !== null) {
    reading.error(
      'resolves-with-window',
      resolvesPlace,
      'the end of an alert does not say in which `window` it was triggered, so its incident would not be found; remove `window`, or `resolves`',
    );
    return;
  }
  reading.warning(
    'resolves-group',
    resolvesPlace,
    'the first alert of the group that is over resolves the incident, while others may go on; remove it, so that people resolve it',
  );
}

export function checkSources({ sources }: DraftRule, known: readonly string[], reading: Reading): void {
  for (const { value, place } of sources) {
    if (known.includes(value)) continue;
    reading.error('unknown-source', place, `there is no source "${value}"${suggestion(value, known, 'sources')}`);
  }
}

/** @param now Milliseconds since 1970. */
export function checkOver({ name, over }: DraftRule, now: number, reading: Reading): void {
  if (over === undefined || over.value > now) return;
  reading.warning(
    'over',
    over.place,
    `this time is over since ${new Date(over.value).toISOString()}, so the rule "${name.value}" takes no alert any more; remove it`,
  );
}

/** Whether its policy is there, and is given all that it asks for. */
export function checkPolicy(
  { rule: { outcome }, policy, parameterPlaces }: DraftRule,
  policies: ReadonlyMap<string, KnownPolicy>,
  reading: Reading,
): void {
  if (outcome.kind === 'ignore' || policy === undefined) return;
  const known = policies.get(policy.value);
  if (known === undefined) {
    reading.error(
      'unknown-policy',
      policy.place,
      `there is no policy "${policy.value}"${suggestion(policy.value, policies.keys(), 'policies')}`,
    );
    return;
  }
  if (!known.ok) {
    reading.error(
      'broken-policy',
      policy.place,
      `the policy "${policy.value}" has errors; see them with: pigeonflow policy check`,
    );
    return;
  }
  const given = outcome.parameters.map(({ name }) => name);
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
    reading.error(
      'parameter-missing',
      policy.place,
      `the policy "${policy.value}" wants "${name}", which this rule does not give; ${instead}`,
    );
  }
  if (known.hasStoredGuidance) return;
  for (const [name, place] of parameterPlaces) {
    if (known.parameters.includes(name)) continue;
    reading.warning(
      'parameter-unused',
      place,
      `the policy "${policy.value}" has no parameter "${name}"${suggestion(name, known.parameters, 'parameters that it has')}`,
    );
  }
}

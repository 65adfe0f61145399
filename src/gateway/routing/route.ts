import { durationMs } from '../../contract/duration.js';
import type { IncidentInput } from '../../contract/incident-schema.js';
import { incidentId, type IncidentKey } from '../../client/incident-id.js';
import { MOST_PARAMETERS } from '../../contract/limits.js';
import { boundedTexts, type InternalAlert } from '../alert.js';
import { withSeverities } from '../severity.js';
import { boundedKey, manyLines } from '../text.js';
import { judge, type Arrival } from './judge.js';
import { fill } from './placeholders.js';
import type { Group, Open, Routes, Rule, RuleParameter } from './routes.js';

/** What is to be done with an alert, and how each rule came to it. */
export type Decision = Decided & {
  /** In their order; rules behind the one that took it are not looked at. */
  readonly considered: readonly Considered[];
};

type Decided =
  /** Opens the incident, or tells the open one of it. */
  | {
      readonly kind: 'open';
      readonly rule: string;
      /** Readable in the id: the name of the integration; of the rule for a group. */
      readonly route: string;
      /** The workflow id, which follows from the route and the input. */
      readonly incident: string;
      readonly input: NamedIncident;
      /** Placeholders of its parameters for which the alert has no value. */
      readonly missing: readonly string[];
    }
  /** Acknowledges or resolves those of these incidents that are open; often there is none, and nothing is to be done. */
  | { readonly kind: 'followUp'; readonly action: 'acknowledge' | 'resolve'; readonly incidents: readonly string[] }
  | { readonly kind: 'ignore'; readonly rule: string }
  /** No rule takes it: nobody is called, which the gateway has to say loudly. */
  | { readonly kind: 'unrouted' };

/** What opens an incident, with its policy by name. */
export type NamedIncident = IncidentInput & { readonly policy: string };

export interface Considered {
  readonly rule: string;
  readonly verdict: 'took' | 'maybe' | 'no';
  readonly why: string;
}

/**
 * Decides by the routing file. Pure: the same alert at the same moment is the same decision on every gateway.
 *
 * An incident belongs to the integration and the sender's key, whatever rule opened it, so that its end finds it also
 * when another rule would take it by then. With `group` it belongs to the rule and the values of the group.
 */
export function route(routes: Routes, sent: InternalAlert, arrival: Arrival): Decision {
  const alert = withSeverities(sent, routes.severities);
  return alert.action === 'trigger' ? open(routes, alert, arrival) : followUp(routes, alert, alert.action, arrival);
}

function open(routes: Routes, alert: InternalAlert, arrival: Arrival): Decision {
  const considered: Considered[] = [];
  for (const { name, when, outcome } of routes.rules) {
    const verdict = judge(when, alert, arrival);
    if (verdict.kind !== 'yes') {
      considered.push({ rule: name, verdict: 'no', why: verdict.why });
      continue;
    }
    considered.push({
      rule: name,
      verdict: 'took',
      why: isCatchAll(when) ? 'it takes every alert' : 'all its conditions are met',
    });
    if (outcome.kind === 'ignore') return { kind: 'ignore', rule: name, considered };
    const key = keyOf(name, outcome, alert, arrival);
    const { parameters, missing } = parametersOf(outcome.parameters, alert, arrival);
    const input = inputOf(outcome.policy, key, parameters, alert);
    return { kind: 'open', rule: name, route: key.route, incident: incidentId(key), input, missing, considered };
  }
  return { kind: 'unrouted', considered };
}

export function isCatchAll(when: Rule['when']): boolean {
  return Object.values(when).every((conditions: readonly unknown[]) => conditions.length === 0);
}

/**
 * The incident of the sender's key, if it is open, whatever rule opened it; and those of the groups that its trigger may
 * have come to. Where a rule that may have taken the trigger wants its incident left to people, it is: to call on is better
 * than to fall silent by mistake.
 */
function followUp(routes: Routes, alert: InternalAlert, action: 'acknowledge' | 'resolve', arrival: Arrival): Decision {
  const considered: Considered[] = [];
  const incidents = new Map([[incidentId(ownKey(alert, arrival)), true]]);
  for (const { name, when, outcome } of routes.rules) {
    const verdict = judge(when, alert, arrival);
    if (verdict.kind === 'no') {
      considered.push({ rule: name, verdict: 'no', why: verdict.why });
      continue;
    }
    const acts = outcome.kind === 'open' && actsOn(outcome, action, alert, arrival);
    considered.push({
      rule: name,
      verdict: verdict.kind === 'yes' ? 'took' : 'maybe',
      why: [...(verdict.kind === 'maybe' ? [verdict.why] : []), effectOf(outcome, action, acts)].join('; '),
    });
    if (outcome.kind === 'open') {
      const id = incidentId(keyOf(name, outcome, alert, arrival));
      incidents.set(id, acts && incidents.get(id) !== false);
    }
    if (verdict.kind === 'yes') break;
  }
  const found = [...incidents].flatMap(([id, acts]) => (acts ? [id] : []));
  return { kind: 'followUp', action, incidents: found, considered };
}

function actsOn({ group, resolves }: Open, action: 'acknowledge' | 'resolve', alert: InternalAlert, arrival: Arrival) {
  if (group === null) return action === 'acknowledge' || resolves;
  // Without the labels of its trigger it would come to the group of those that have none.
  const isKnown = group.by.every((template) => fill(template, alert, arrival.integration).missing.length === 0);
  return action === 'resolve' && resolves && isKnown;
}

function effectOf(outcome: Rule['outcome'], action: 'acknowledge' | 'resolve', acts: boolean): string {
  if (outcome.kind === 'ignore') return 'it ignores the alert';
  if (acts) return `its incident is ${action}d if it is open`;
  if (outcome.group === null || (action === 'resolve' && !outcome.resolves))
    return 'its incidents are resolved by people only';
  return action === 'resolve'
    ? 'of which group it was is not known'
    : 'one alert of a group does not acknowledge all of it';
}

/** A group has no source: its alerts may come from several. */
function keyOf(rule: string, { group }: Open, alert: InternalAlert, arrival: Arrival): IncidentKey {
  if (group === null) return ownKey(alert, arrival);
  const values = group.by.map((template) => fill(template, alert, arrival.integration).text);
  return {
    route: rule,
    dedupKey: boundedKey(JSON.stringify([rule, ...values, ...windowOf(group, alert, arrival)]), 1_000),
  };
}

function ownKey({ source, dedupKey }: InternalAlert, { integration }: Arrival): IncidentKey {
  return { source, route: integration, dedupKey };
}

/** By the alert's own time where it has one, so that each gateway, and each repeat of it, comes to the same. */
function windowOf({ window }: Group, { startedAt }: InternalAlert, { at }: Arrival): readonly string[] {
  if (window === null) return [];
  const ms = durationMs(window);
  const moment = startedAt === null ? at : Date.parse(startedAt);
  return [new Date(Math.floor(moment / ms) * ms).toISOString()];
}

const LONGEST_PARAMETER = 2_000;
/** Of JSON; an incident takes as many characters. */
const PARAMETER_BYTES = MOST_PARAMETERS;

function parametersOf(
  parameters: readonly RuleParameter[],
  alert: InternalAlert,
  { integration }: Arrival,
): { readonly parameters: Readonly<Record<string, string>>; readonly missing: readonly string[] } {
  const missing = new Set<string>();
  const filled = parameters.map(({ name, texts }) => {
    const candidates = texts.map((template) => fill(template, alert, integration));
    const chosen = candidates.find((candidate) => candidate.missing.length === 0) ?? candidates.at(-1);
    for (const placeholder of chosen?.missing ?? []) missing.add(placeholder);
    const text = manyLines(chosen?.text ?? '', LONGEST_PARAMETER);
    // Silence in the place of a server's name helps nobody at night.
    return [name, text === '' ? alert.summary : text] as const;
  });
  return { parameters: boundedTexts([Object.fromEntries(filled)], PARAMETER_BYTES), missing: [...missing] };
}

function inputOf(
  policy: string,
  { source, dedupKey }: IncidentKey,
  parameters: Readonly<Record<string, string>>,
  { summary, severity, labels, links, startedAt }: InternalAlert,
): NamedIncident {
  return {
    policy,
    dedupKey,
    summary,
    severity,
    parameters,
    labels,
    links: [...links],
    ...(source !== undefined && { source }),
    ...(startedAt !== null && { startedAt }),
  };
}

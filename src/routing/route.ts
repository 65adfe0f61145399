import { incidentId, type IncidentKey } from '../client/incident-id.js';
import { boundedTexts, type InternalAlert } from '../alerts/alert.js';
import type { Conditions, Group, LabelCondition, Open, Routes, Rule, RuleParameter } from './routes.js';
import { describeMoment, describeSpan, isWithin } from './spans.js';
import { durationMs } from '../contract/duration.js';
import type { IncidentInput } from '../contract/incident-schema.js';
import { MAX_PARAMETERS_LENGTH } from '../contract/limits.js';
import { boundedKey, manyLines } from '../alerts/text.js';
import { fill } from './placeholders.js';

/** What is to be done with an alert, and how each rule came to it. */
export type Decision = Decided & {
  /** In their order; rules behind the one that took it are not looked at. */
  readonly considered: readonly Considered[];
};

type Decided =
  /** Opens the incident, or tells the open one of it. */
  | (Opening & {
      readonly kind: 'open';
      /** Incidents that hear of it instead, the first that is open: the same alerts opened it at another time. */
      readonly instead: readonly string[];
    })
  /** Acknowledges or resolves those of these incidents that are open; often there is none, and nothing is to be done. */
  | { readonly kind: 'followUp'; readonly action: FollowUp; readonly incidents: readonly string[] }
  | { readonly kind: 'ignore'; readonly rule: string }
  /** No rule takes it: nobody is called, which the gateway has to say loudly. */
  | { readonly kind: 'unrouted' };

type FollowUp = 'acknowledge' | 'resolve';

export interface Considered {
  readonly rule: string;
  readonly verdict: 'took' | 'maybe' | 'no';
  readonly why: string;
}

/**
 * Decides about one alert by the routing file. Pure: the same alert at the same moment is the same decision on every
 * gateway.
 *
 * An incident belongs to the integration and the sender's key, whatever rule opened it, so that its end finds it also
 * when another rule would take it by then. With `group` it belongs to the rule and the values of the group.
 */
export function route(routes: Routes, alert: InternalAlert, arrival: Arrival): Decision {
  if (alert.action !== 'trigger') return followUp(routes, alert, alert.action, arrival);
  const { rule, considered } = takerOf(routes, alert, arrival);
  if (rule === undefined) return { kind: 'unrouted', considered };
  const { name, outcome } = rule;
  if (outcome.kind === 'ignore') return { kind: 'ignore', rule: name, considered };
  const opening = openingOf(name, outcome, keyOf(name, outcome, alert, arrival), alert, arrival);
  return { kind: 'open', ...opening, instead: [], considered };
}

/** The first rule whose conditions an alert meets. */
export function takerOf(routes: Routes, alert: InternalAlert, arrival: Arrival) {
  const considered: Considered[] = [];
  for (const rule of routes.rules) {
    const verdict = judge(rule.when, alert, arrival);
    if (verdict.kind === 'yes') {
      const why = isCatchAll(rule.when) ? 'it takes every alert' : 'all its conditions are met';
      return { rule, considered: [...considered, { rule: rule.name, verdict: 'took', why } as const] };
    }
    considered.push({ rule: rule.name, verdict: 'no', why: verdict.why });
  }
  return { rule: undefined, considered };
}

/**
 * The incident of the sender's key, if it is open, whatever rule opened it; and those of the groups that its trigger may
 * have come to. Where a rule that may have taken the trigger wants its incident left to people, it is: to call on is better
 * than to fall silent by mistake.
 */
function followUp(routes: Routes, alert: InternalAlert, action: FollowUp, arrival: Arrival): Decision {
  const considered: Considered[] = [];
  const affected = new Affected();
  affected.add(ownKey(alert, arrival), true);
  for (const { name, when, outcome } of routes.rules) {
    const verdict = judge(when, alert, arrival);
    if (verdict.kind === 'no') {
      considered.push({ rule: name, verdict: 'no', why: verdict.why });
      continue;
    }
    const acts = outcome.kind === 'open' && actsOn(outcome, action);
    considered.push({
      rule: name,
      verdict: verdict.kind === 'yes' ? 'took' : 'maybe',
      why: [...(verdict.kind === 'maybe' ? [verdict.why] : []), effectOf(outcome, action, acts)].join('; '),
    });
    if (outcome.kind === 'open') affected.add(keyOf(name, outcome, alert, arrival), acts);
    if (verdict.kind === 'yes') break;
  }
  return { kind: 'followUp', action, incidents: affected.incidents, considered };
}

/** Incidents that the end of an alert may end, but for those that any rule wants left to people. */
export class Affected {
  readonly #acts = new Map<string, boolean>();

  add(key: IncidentKey, acts: boolean): void {
    const id = incidentId(key);
    this.#acts.set(id, acts && this.#acts.get(id) !== false);
  }

  get incidents(): readonly string[] {
    return [...this.#acts].flatMap(([id, acts]) => (acts ? [id] : []));
  }
}

/** An alert that lacks a value of `by` is grouped by its own key too, so its end finds its own incident or none. */
export function actsOn({ group, resolves }: Open, action: FollowUp): boolean {
  return action === 'resolve' ? resolves : group === null;
}

/** In words. */
export function effectOf(outcome: Rule['outcome'], action: FollowUp, acts: boolean): string {
  if (outcome.kind === 'ignore') return 'it ignores the alert';
  if (acts) return `its incident is ${action}d if it is open`;
  if (outcome.group === null || (action === 'resolve' && !outcome.resolves))
    return 'its incidents are resolved by people only';
  return 'one alert of a group does not acknowledge all of it';
}

/** How an alert came, and when. */
export interface Arrival {
  /** Name of the integration whose key the sender has. */
  readonly integration: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Whether an alert meets the conditions of a rule. `why` has its reason in words. */
export type Verdict =
  | { readonly kind: 'yes' }
  /** It is not known whether its trigger met them. */
  | { readonly kind: 'maybe'; readonly why: string }
  | { readonly kind: 'no'; readonly why: string };

const YES: Verdict = { kind: 'yes' };
const no = (why: string): Verdict => ({ kind: 'no', why });
const maybe = (why: string): Verdict => ({ kind: 'maybe', why });

/**
 * Judges an alert that triggers by what it says. One that acknowledges or resolves is judged by what its trigger may
 * have said: it comes at another time, with another severity, and often without any labels.
 */
function judge(conditions: Conditions, alert: InternalAlert, arrival: Arrival): Verdict {
  const isTrigger = alert.action === 'trigger';
  const verdicts = [
    oneOf('integration', conditions.integration, arrival.integration),
    oneOf('source', conditions.source, alert.source),
    ...labels(conditions.labels, alert, isTrigger),
    isTrigger
      ? oneOf('severity', conditions.severity, alert.severity)
      : unknown(conditions.severity, 'with which severity it was triggered is not known'),
    isTrigger ? time(conditions, arrival.at) : unknown(conditions.time, 'when it was triggered is not known'),
  ];
  return verdicts.find(({ kind }) => kind === 'no') ?? verdicts.find(({ kind }) => kind === 'maybe') ?? YES;
}

/**
 * Judges an alert of a group whenever it triggers: its labels, and so its severity, never change; the time does, and how
 * many alerts the group has.
 */
export function judgeWhenever(conditions: Conditions, alert: InternalAlert, arrival: Arrival): Verdict {
  const labels = conditions.labels.filter(({ name }) => name !== 'alertCount');
  const counts = conditions.labels.filter(({ name }) => name === 'alertCount');
  const verdict = judge({ ...conditions, labels, time: [] }, { ...alert, action: 'trigger' }, arrival);
  if (verdict.kind !== 'yes') return verdict;
  const time = unknown(conditions.time, 'when it was triggered is not known');
  return time.kind === 'yes' ? unknown(counts, 'of how many alerts it was is not known') : time;
}

/** Whether any alert that has these labels, and others, may meet the conditions. */
export function mayMeet(
  conditions: Conditions,
  { source, labels }: Pick<InternalAlert, 'source' | 'labels'>,
  { integration }: Arrival,
): boolean {
  return (
    oneOf('integration', conditions.integration, integration).kind === 'yes' &&
    oneOf('source', conditions.source, source).kind === 'yes' &&
    conditions.labels.every((condition) => {
      const value = Object.hasOwn(labels, condition.name) ? labels[condition.name] : undefined;
      return value === undefined || accepts(condition, value);
    })
  );
}

function oneOf(what: string, wanted: readonly string[], value: string): Verdict {
  return wanted.length === 0 || wanted.includes(value) ? YES : no(`the ${what} is "${value}", not ${either(wanted)}`);
}

function unknown(wanted: readonly unknown[], why: string): Verdict {
  return wanted.length === 0 ? YES : maybe(why);
}

function labels(
  wanted: readonly LabelCondition[],
  { labels, severalValues = {} }: InternalAlert,
  isTrigger: boolean,
): readonly Verdict[] {
  const saysNothing = !isTrigger && Object.keys(labels).length === 0;
  if (saysNothing && wanted.length > 0) return [maybe('it comes without the labels of its trigger')];
  return wanted.map((condition) => {
    const value = Object.hasOwn(labels, condition.name) ? labels[condition.name] : undefined;
    if (value === undefined) return no(`it has no label "${condition.name}"`);
    const several = Object.hasOwn(severalValues, condition.name) ? (severalValues[condition.name] ?? []) : [];
    if ([value, ...several].some((one) => accepts(condition, one))) return YES;
    const asked =
      condition.kind === 'oneOf' ? `is not ${either(condition.values)}` : `does not match ${condition.pattern.source}`;
    return no(`the label "${condition.name}" ${asked}: it is "${value}"`);
  });
}

export function isCatchAll(conditions: Conditions): boolean {
  return Object.values(conditions).every((wanted: readonly unknown[]) => wanted.length === 0);
}

export function accepts(condition: LabelCondition, value: string): boolean {
  return condition.kind === 'oneOf' ? condition.values.includes(value) : condition.pattern.matches(value);
}

function time({ time }: Conditions, at: number): Verdict {
  if (time.length === 0 || time.some((span) => isWithin(span, at))) return YES;
  return no(`it is ${describeMoment(at, time)}, not within ${time.map(describeSpan).join(' or ')}`);
}

function either(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(' or ');
}

/** What opens an incident, with its policy by name. */
export type NamedIncident = IncidentInput & { readonly policy: string };

/** The incident of an alert that a rule takes. */
export interface Opening {
  readonly rule: string;
  /** Readable in the id: the name of the integration; of the rule for a group. */
  readonly route: string;
  /** The workflow id, which follows from the route and the input. */
  readonly incident: string;
  readonly input: NamedIncident;
  /** Placeholders of its parameters for which the alert has no value. */
  readonly missing: readonly string[];
  /** Placeholders of `by` for which it has none: it is grouped by its own key then. */
  readonly ungrouped: readonly string[];
}

export function openingOf(
  rule: string,
  outcome: Open,
  key: IncidentKey,
  alert: InternalAlert,
  arrival: Arrival,
): Opening {
  const { parameters, missing } = parametersOf(outcome.parameters, alert, arrival);
  const input = inputOf(outcome.policy, key, parameters, alert);
  const ungrouped = outcome.group === null ? [] : valuesOf(outcome.group, alert, arrival).missing;
  return { rule, route: key.route, incident: incidentId(key), input, missing, ungrouped };
}

/**
 * A group has no source: its alerts may come from several. Alerts that lack a value of `by` are strangers to each
 * other, so each is grouped by its own key too.
 */
export function keyOf(rule: string, { group }: Open, alert: InternalAlert, arrival: Arrival): IncidentKey {
  if (group === null) return ownKey(alert, arrival);
  const { values, missing } = valuesOf(group, alert, arrival);
  const own = [alert.source, arrival.integration, alert.dedupKey];
  const parts = [rule, ...values, ...(missing.length > 0 ? own : windowOf(group, alert, arrival))];
  return { route: rule, dedupKey: boundedKey(JSON.stringify(parts), 1_000) };
}

function valuesOf({ by }: Group, alert: InternalAlert, { integration }: Arrival) {
  const filled = by.map((template) => fill(template, alert, integration));
  return { values: filled.map(({ text }) => text), missing: [...new Set(filled.flatMap(({ missing }) => missing))] };
}

/** Of the integration and the sender's key, whatever rule takes the alert. */
export function ownKey({ source, dedupKey }: InternalAlert, { integration }: Arrival): IncidentKey {
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
const PARAMETER_BYTES = MAX_PARAMETERS_LENGTH;

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

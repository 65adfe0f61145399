import { durationMs } from '../contract/duration.js';
import type { IncidentInput } from '../contract/incident-schema.js';
import { incidentId, type IncidentKey } from '../client/incident-id.js';
import { MAX_PARAMETERS_LENGTH } from '../contract/limits.js';
import { boundedTexts, together, type AlertGroup, type InternalAlert } from '../alerts/alert.js';
import { withSeverities } from '../alerts/state-words.js';
import { boundedKey, manyLines } from '../alerts/text.js';
import { judge, judgeWhenever, mayMeet, type Arrival } from './judge.js';
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
      /** Incidents that hear of it instead, the first that is open: the same alerts opened it at another time. */
      readonly instead: readonly string[];
      /** Placeholders of its parameters for which the alert has no value. */
      readonly missing: readonly string[];
      /** Placeholders of `by` for which it has none: it is grouped by its own key then. */
      readonly ungrouped: readonly string[];
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

/** An alert, or those of a group that come to one incident, and what is to be done with it. */
export interface Routed {
  readonly alert: InternalAlert;
  readonly decision: Decision;
}

/**
 * Decides by the routing file. Pure: the same alert at the same moment is the same decision on every gateway.
 *
 * An incident belongs to the integration and the sender's key, whatever rule opened it, so that its end finds it also
 * when another rule would take it by then. With `group` it belongs to the rule and the values of the group.
 *
 * Of a group of the sender each alert is judged. Those that one rule takes are one incident, which belongs to the sender's
 * key and the rule; only to the key where no more than one rule can ever take any of the group.
 */
export function routeAll(routes: Routes, sent: InternalAlert, arrival: Arrival): readonly Routed[] {
  const { group } = sent;
  if (group === undefined) {
    const alert = withSeverities(sent, routes.severities);
    return [{ alert, decision: route(routes, alert, arrival) }];
  }
  const members = group.members.map((member) => withSeverities(member, routes.severities));
  return new GroupRouter(routes, sent.source, { ...group, members }, arrival).route();
}

/** As {@link routeAll}, of an alert that is taken as one. */
export function route(routes: Routes, alert: InternalAlert, arrival: Arrival): Decision {
  if (alert.action !== 'trigger') return followUp(routes, alert, alert.action, arrival);
  const { rule, considered } = takerOf(routes, alert, arrival);
  if (rule === undefined) return { kind: 'unrouted', considered };
  const { name, outcome } = rule;
  if (outcome.kind === 'ignore') return { kind: 'ignore', rule: name, considered };
  const key = keyOf(name, outcome, alert, arrival);
  return opening(name, outcome, key, alert, arrival, considered, []);
}

function takerOf(routes: Routes, alert: InternalAlert, arrival: Arrival) {
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

function opening(
  rule: string,
  outcome: Open,
  key: IncidentKey,
  alert: InternalAlert,
  arrival: Arrival,
  considered: readonly Considered[],
  instead: readonly string[],
): Decision {
  const { parameters, missing } = parametersOf(outcome.parameters, alert, arrival);
  const input = inputOf(outcome.policy, key, parameters, alert);
  const ungrouped = outcome.group === null ? [] : valuesOf(outcome.group, alert, arrival).missing;
  const incident = incidentId(key);
  return { kind: 'open', rule, route: key.route, incident, input, instead, missing, ungrouped, considered };
}

type OpeningRule = Rule & { readonly outcome: Open };
const opens = (rule: Rule): rule is OpeningRule => rule.outcome.kind === 'open';

/** Routes the alerts of one group of a sender. */
class GroupRouter {
  readonly #firing: readonly InternalAlert[];
  readonly #over: readonly InternalAlert[];
  /** The rules that may ever open an incident for alerts of this group. */
  readonly #opening: readonly OpeningRule[];
  /** The rule whose incident belongs to the key of the group alone, since no other rule can have one. */
  readonly #onlyRule: string | undefined;

  constructor(
    private readonly routes: Routes,
    private readonly source: string,
    private readonly group: AlertGroup,
    private readonly arrival: Arrival,
  ) {
    this.#firing = group.members.filter(({ action }) => action === 'trigger');
    this.#over = group.members.filter(({ action }) => action !== 'trigger');
    const { labels } = group;
    this.#opening = routes.rules.filter(opens).filter(({ when }) => mayMeet(when, { source, labels }, arrival));
    const [first, second] = this.#opening.filter(({ outcome }) => outcome.group === null);
    this.#onlyRule = second === undefined ? first?.name : undefined;
  }

  route(): readonly Routed[] {
    const parts = this.#parts();
    const opened = parts.flatMap(({ rule }) => (rule !== undefined && opens(rule) ? [rule] : []));
    return [...parts.map((part): Routed => this.#routed(part, parts.length === 1, opened)), ...this.#ends()];
  }

  /** What fires, by the rule that takes it and the incident that it comes to. */
  #parts(): readonly Part[] {
    const parts = new Map<string, Part>();
    // The size of the whole group is what rules may ask for.
    const alertCount = String(this.#firing.length + this.group.leftOut);
    for (const member of this.#firing) {
      const { labels } = member;
      const counted = { ...member, labels: { ...labels, alertCount } };
      const { rule, considered } = takerOf(this.routes, counted, this.arrival);
      const key = rule !== undefined && opens(rule) ? this.#keyOf(rule, member) : undefined;
      const id = JSON.stringify([rule?.name ?? null, key ?? null]);
      const part = parts.get(id);
      if (part === undefined) parts.set(id, { rule, key, considered, members: [member] });
      else part.members.push(member);
    }
    const calls = [...parts.values()].some(({ rule }) => rule !== undefined && opens(rule));
    if (this.group.leftOut > 0 && !calls) {
      const unknown = this.#unknownPart(alertCount);
      if (unknown !== undefined) parts.set('left out', unknown);
    }
    return [...parts.values()];
  }

  /** What was cut may be worse than all that is known: an `error`, of which only the labels of the group itself are known. */
  #unknownPart(alertCount: string): Part | undefined {
    const [first] = this.#firing;
    if (first === undefined) return undefined;
    const { unknownWords: _, severityWord: __, severalValues: ___, ...known } = first;
    const member: InternalAlert = { ...known, severity: 'error', labels: this.group.labels };
    const counted = { ...member, labels: { ...member.labels, alertCount } };
    const { rule, considered } = takerOf(this.routes, counted, this.arrival);
    if (rule === undefined || !opens(rule)) return undefined;
    return { rule, key: this.#keyOf(rule, member), considered, members: [member] };
  }

  #routed({ rule, key, considered, members }: Part, isAlone: boolean, opened: readonly OpeningRule[]): Routed {
    // Of which part the alerts are that are not known, nobody knows: each has to name them.
    const alert = together(members, this.group.leftOut);
    if (rule === undefined) return { alert, decision: { kind: 'unrouted', considered } };
    const { name, outcome } = rule;
    if (outcome.kind === 'ignore' || key === undefined) {
      return { alert, decision: { kind: 'ignore', rule: name, considered } };
    }
    const isOfPart = outcome.group === null && name !== this.#onlyRule;
    const instead = isOfPart ? this.#instead(key, members, isAlone, opened) : [];
    return { alert, decision: opening(name, outcome, key, alert, this.arrival, considered, instead) };
  }

  #keyOf({ name, outcome }: OpeningRule, member: InternalAlert): IncidentKey {
    if (outcome.group !== null) return keyOf(name, outcome, member, this.arrival);
    const own = ownKey(member, this.arrival);
    if (name === this.#onlyRule) return own;
    return { ...own, dedupKey: boundedKey(JSON.stringify([own.dedupKey, name]), 1_000) };
  }

  /**
   * What the same alerts may have opened before: under the key of the group alone, when the rules were others; and under a
   * rule that takes all of them at another time of day. Never what other alerts of this group belong to.
   */
  #instead(
    key: IncidentKey,
    members: readonly InternalAlert[],
    isAlone: boolean,
    opened: readonly OpeningRule[],
  ): readonly string[] {
    const [first] = members;
    if (first === undefined) return [];
    const timed = this.#opening.some(({ when }) => when.time.length > 0);
    const taking = timed ? members.map((member) => this.#mayTake(member)) : [];
    const others = (timed ? this.#opening : []).filter(
      (other) =>
        !opened.includes(other) && other.outcome.group === null && taking.every((rules) => rules.includes(other)),
    );
    return [
      ...others.map((other) => incidentId(this.#keyOf(other, first))),
      ...(isAlone ? [incidentId(ownKey(first, this.arrival))] : []),
    ].filter((id) => id !== incidentId(key));
  }

  /** The rules that may take an alert of the group, at whatever time. */
  #mayTake(member: InternalAlert): readonly Rule[] {
    const found: Rule[] = [];
    for (const rule of this.routes.rules) {
      const verdict = judgeWhenever(rule.when, member, this.arrival);
      if (verdict.kind !== 'no') found.push(rule);
      if (verdict.kind === 'yes') break;
    }
    return found;
  }

  /**
   * The incidents whose alerts are over, as the sender says of them: none that still fires, or that is not known, may belong
   * to one of them. An alert that is only not named any more may have been silenced at the sender, so it ends nothing.
   */
  #ends(): readonly Routed[] {
    const [over] = this.#over;
    const isCut = this.#firing.length > 0 && this.group.leftOut > 0;
    if (over === undefined || isCut) return [];
    const ended = new Map<string, boolean>();
    const considered: Considered[] = [];
    const end = (id: string, acts: boolean) => ended.set(id, acts && ended.get(id) !== false);
    if (this.#firing.length === 0) {
      // All of the group: also what was opened under the key alone, and by alerts that are not named any more.
      end(incidentId(ownKey(over, this.arrival)), true);
      for (const rule of this.#opening) {
        if (rule.outcome.group !== null) continue;
        end(incidentId(this.#keyOf(rule, over)), rule.outcome.resolves);
        if (!rule.outcome.resolves) end(incidentId(ownKey(over, this.arrival)), false);
      }
    }
    for (const member of this.#over) {
      for (const rule of this.#mayTake(member).filter(opens)) {
        end(incidentId(this.#keyOf(rule, member)), actsOn(rule.outcome, 'resolve'));
      }
    }
    for (const member of this.#firing) {
      for (const rule of this.#mayTake(member).filter(opens)) ended.set(incidentId(this.#keyOf(rule, member)), false);
    }
    const incidents = [...ended].flatMap(([id, acts]) => (acts ? [id] : []));
    if (incidents.length === 0 && this.#firing.length > 0) return [];
    for (const { name, outcome } of this.#opening) {
      const why = effectOf(outcome, 'resolve', outcome.resolves);
      considered.push({ rule: name, verdict: 'maybe', why });
    }
    return [
      {
        alert: together(this.#over, 0),
        decision: { kind: 'followUp', action: 'resolve', incidents, considered },
      },
    ];
  }
}

interface Part {
  readonly rule: Rule | undefined;
  /** Undefined where the rule ignores. */
  readonly key: IncidentKey | undefined;
  readonly considered: readonly Considered[];
  readonly members: InternalAlert[];
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
    const acts = outcome.kind === 'open' && actsOn(outcome, action);
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

/** An alert that lacks a value of `by` is grouped by its own key too, so its end finds its own incident or none. */
function actsOn({ group, resolves }: Open, action: 'acknowledge' | 'resolve'): boolean {
  return action === 'resolve' ? resolves : group === null;
}

function effectOf(outcome: Rule['outcome'], action: 'acknowledge' | 'resolve', acts: boolean): string {
  if (outcome.kind === 'ignore') return 'it ignores the alert';
  if (acts) return `its incident is ${action}d if it is open`;
  if (outcome.group === null || (action === 'resolve' && !outcome.resolves))
    return 'its incidents are resolved by people only';
  return 'one alert of a group does not acknowledge all of it';
}

/**
 * A group has no source: its alerts may come from several. Alerts that lack a value of `by` are strangers to each
 * other, so each is grouped by its own key too.
 */
function keyOf(rule: string, { group }: Open, alert: InternalAlert, arrival: Arrival): IncidentKey {
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

import { incidentId, type IncidentKey } from '../client/incident-id.js';
import type { InternalAlert } from '../alerts/alert.js';
import { keyOf, openingOf, ownKey, type Opening } from './incident-of.js';
import { isCatchAll, judge, type Arrival } from './judge.js';
import type { Open, Routes, Rule } from './routes.js';

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

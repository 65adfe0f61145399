import { incidentId, type IncidentKey } from '../client/incident-id.js';
import { type AlertGroup, type InternalAlert, together } from '../alerts/alert.js';
import { withSeverities } from '../alerts/state-words.js';
import { boundedKey } from '../alerts/text.js';
import {
  actsOn,
  Affected,
  type Arrival,
  type Considered,
  type Decision,
  effectOf,
  judgeWhenever,
  keyOf,
  mayMeet,
  openingOf,
  ownKey,
  route,
  takerOf,
} from './route.js';
import type { Open, Routes, Rule } from './routes.js';

/** An alert, or those of a group that come to one incident, and what is to be done with it. */
export interface Routed {
  readonly alert: InternalAlert;
  readonly decision: Decision;
  /** The alerts of which it is made; of those that are not known, one with what is known of all. */
  readonly members: readonly InternalAlert[];
}

/**
 * Decides what a sender has sent: one alert as {@link route} does, or those of a group, of which each is judged. Those that
 * one rule takes are one incident, which belongs to the sender's key and the rule; only to the key where no more than one
 * rule can ever take any of the group.
 */
export function routeAll(routes: Routes, sent: InternalAlert, arrival: Arrival): readonly Routed[] {
  const { group } = sent;
  if (group === undefined) {
    const alert = withSeverities(sent, routes.severities);
    return [{ alert, decision: route(routes, alert, arrival), members: [alert] }];
  }
  const members = group.members.map((member) => withSeverities(member, routes.severities));
  return new GroupRouter(routes, sent.source, { ...group, members }, arrival).route();
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
    for (const part of this.#firing.map((member) => this.#partOf(member))) {
      const id = JSON.stringify([part.rule?.name ?? null, part.key ?? null]);
      const same = parts.get(id);
      if (same === undefined) parts.set(id, part);
      else same.members.push(...part.members);
    }
    const found = [...parts.values()];
    const [first] = this.#firing;
    if (this.group.leftOut === 0 || first === undefined || found.some(({ key }) => key !== undefined)) return found;
    const unknown = this.#partOf(this.#worstLeftOut(first));
    return unknown.key === undefined ? found : [...found, unknown];
  }

  #partOf(member: InternalAlert): Part {
    // The size of the whole group is what rules may ask for.
    const alertCount = String(this.#firing.length + this.group.leftOut);
    const counted = { ...member, labels: { ...member.labels, alertCount } };
    const { rule, considered } = takerOf(this.routes, counted, this.arrival);
    const key = rule !== undefined && opens(rule) ? this.#keyOf(rule, member) : undefined;
    return { rule, key, considered, members: [member] };
  }

  /** What was cut may be worse than all that is known: an `error`, of which only the labels of the group itself are known. */
  #worstLeftOut(first: InternalAlert): InternalAlert {
    const { unknownWords: _, severityWord: __, severalValues: ___, ...known } = first;
    return { ...known, severity: 'error', labels: this.group.labels };
  }

  #routed(part: Part, isAlone: boolean, opened: readonly OpeningRule[]): Routed {
    const [first] = part.members;
    const unknown = this.group.leftOut > 0 && first !== undefined ? [this.#worstLeftOut(first)] : [];
    return { ...this.#decided(part, isAlone, opened), members: [...part.members, ...unknown] };
  }

  #decided(
    { rule, key, considered, members }: Part,
    isAlone: boolean,
    opened: readonly OpeningRule[],
  ): Omit<Routed, 'members'> {
    // Of which part the alerts are that are not known, nobody knows: each has to name them.
    const alert = together(members, this.group.leftOut);
    if (rule === undefined) return { alert, decision: { kind: 'unrouted', considered } };
    const { name, outcome } = rule;
    if (outcome.kind === 'ignore' || key === undefined) {
      return { alert, decision: { kind: 'ignore', rule: name, considered } };
    }
    const isOfPart = outcome.group === null && name !== this.#onlyRule;
    const instead = isOfPart ? this.#instead(key, members, isAlone, opened) : [];
    const opening = openingOf(name, outcome, key, alert, this.arrival);
    return { alert, decision: { kind: 'open', ...opening, instead, considered } };
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
    const incidents = this.#ended(over);
    if (incidents.length === 0 && this.#firing.length > 0) return [];
    const considered = this.#opening.map(({ name, outcome }): Considered => {
      return { rule: name, verdict: 'maybe', why: effectOf(outcome, 'resolve', outcome.resolves) };
    });
    const alert = together(this.#over, 0);
    return [{ alert, decision: { kind: 'followUp', action: 'resolve', incidents, considered }, members: this.#over }];
  }

  #ended(over: InternalAlert): readonly string[] {
    const affected = new Affected();
    if (this.#firing.length === 0) {
      // All of the group: also what was opened under the key alone, and by alerts that are not named any more.
      affected.add(ownKey(over, this.arrival), true);
      for (const rule of this.#opening) {
        if (rule.outcome.group !== null) continue;
        affected.add(this.#keyOf(rule, over), rule.outcome.resolves);
        if (!rule.outcome.resolves) affected.add(ownKey(over, this.arrival), false);
      }
    }
    for (const member of this.#over) {
      for (const rule of this.#mayTake(member).filter(opens)) {
        affected.add(this.#keyOf(rule, member), actsOn(rule.outcome, 'resolve'));
      }
    }
    for (const member of this.#firing) {
      for (const rule of this.#mayTake(member).filter(opens)) affected.add(this.#keyOf(rule, member), false);
    }
    return affected.incidents;
  }
}

interface Part {
  readonly rule: Rule | undefined;
  /** Undefined where the rule ignores. */
  readonly key: IncidentKey | undefined;
  readonly considered: readonly Considered[];
  readonly members: InternalAlert[];
}

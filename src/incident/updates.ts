/** What people and other systems ask for, and the words that they get back. */
import { describeMs, DURATION_PATTERN, durationMs } from '../contract/duration.js';
import { MAX_PARAMETERS_LENGTH } from '../contract/limits.js';
import { isMoreSevere } from '../contract/severity.js';
import {
  type Acknowledge,
  type AlertUpdate,
  DEFAULT_SNOOZE,
  type EscalateUpdate,
  EXTERNAL,
  type HangUp,
  MAX_SNOOZE,
  type Resolve,
  type SnoozeUpdate,
  type Update,
} from './events.js';
import { budgetAllowsAt } from './level.js';
import { hasStep, stepOf } from './policy.js';
import {
  type Alert,
  contractState,
  currentStep,
  type IncidentState,
  keptIn,
  type Owner,
  ownerOf,
  sizeOf,
  stepBeingCalled,
  unattendedOf,
  worstOf,
} from './state.js';
import { beginRound, own, resolve, snooze, takeOver, type Transition } from './transitions.js';

/** The part of an answer that a rule decides; `decide` adds the state that results. */
export interface Reply {
  readonly accepted: boolean;
  readonly message: string;
}
const yes = (message: string): Reply => ({ accepted: true, message });
const no = (message: string): Reply => ({ accepted: false, message });

export function acknowledge(transition: Transition, { by, note, takeOver: takesOver }: Acknowledge): Reply {
  const owner = byUpdate(by);
  const owned = ownerOf(transition.state);
  // A person who is called for news owns it by acknowledging them, as by a key.
  if (owned === null || keptIn(transition.state.phase) !== null) {
    own(transition, owner, note ?? null);
    const { resolveWithin } = transition.policy.acknowledged;
    const closes = transition.state.until === 'acknowledged';
    return yes(
      closes
        ? `${owner.by} owns the incident. It was opened until somebody owns it, so it closes.`
        : `${owner.by} owns the incident. Resolve it within ${resolveWithin}, or the calls start again.`,
    );
  }
  const owns = `${owned.by} has owned the incident for ${describeMs(transition.at - transition.state.since)}.`;
  // A person who did not hear the answer asks again, also without a name.
  if (owner.by === owned.by) return yes(owns);
  if (takesOver !== true) return no(`${owns} Acknowledge with takeOver to own it instead.`);
  takeOver(transition, owned, owner, note ?? null);
  return yes(`${owner.by} owns the incident instead of ${owned.by}.`);
}

export function resolveIncident(transition: Transition, { by, note }: Resolve): Reply {
  resolve(transition, byUpdate(by), note ?? null);
  return yes('The incident is resolved. Nobody is called any more.');
}

export function escalate(transition: Transition, { to, from, by }: EscalateUpdate): Reply {
  const called = stepBeingCalled(transition.state);
  if (from !== undefined && from !== called) {
    return no(
      `"${from}" is not being called: ${called === null ? 'nobody is' : `"${called}" is`}. Nothing was changed.`,
    );
  }
  const current = currentStep(transition.state);
  const { otherwise } = stepOf(transition.policy, current);
  const target = to ?? (otherwise.kind === 'escalate' ? otherwise.step : null);
  if (target === null) return no(`Nothing comes after "${current}". Name a step: ${stepNames(transition)}.`);
  if (!hasStep(transition.policy, target))
    return no(`The policy has no step "${target}". It has ${stepNames(transition)}.`);
  const { live, rung } = transition.state.level;
  const rings = live.some(({ hangingUp }) => !hangingUp);
  if (target === called && rings) return yes(`"${target}" is being called already.`);
  const allowedAt = budgetAllowsAt(transition.policy, rung, stepOf(transition.policy, target), transition.at);
  transition.record({ kind: 'escalated', by: by ?? EXTERNAL, from: current, to: target });
  beginRound(transition, target);
  if (allowedAt > transition.at) {
    return yes(
      `"${target}" is called in ${describeMs(allowedAt - transition.at)}: the budget of calls is used up until then.`,
    );
  }
  return yes(`"${target}" is called ${live.length > 0 ? 'as soon as what rings is hung up' : 'now'}.`);
}

export function snoozeIncident(transition: Transition, { for: duration = DEFAULT_SNOOZE, by }: SnoozeUpdate): Reply {
  if (!new RegExp(DURATION_PATTERN).test(duration)) {
    return no(`"${duration}" is not a duration such as 30s, 5m, 4h or 2d.`);
  }
  if (durationMs(duration) > durationMs(MAX_SNOOZE)) {
    return no(`"${duration}" is too long: snooze for at most ${MAX_SNOOZE}.`);
  }
  snooze(transition, duration, by ?? EXTERNAL);
  return yes(`Nobody is called for ${duration}; then "${currentStep(transition.state)}" is called again.`);
}

/** Without owning it: the level continues with its next attempt. */
export function hangUp(transition: Transition, { by }: HangUp): Reply {
  const { live } = transition.state.level;
  if (live.length === 0) return no('No call is live, so there is nothing to hang up.');
  if (live.every(({ hangingUp }) => hangingUp)) return yes('Every live call is being hung up already.');
  transition.record({ kind: 'hangUpAsked', by: by ?? EXTERNAL });
  transition.hangUp();
  return yes(`Every live call is being hung up. Nobody owns the incident: ${whatFollows(transition)}.`);
}

function whatFollows({ policy, state: { level } }: Transition): string {
  const { attempts, otherwise } = stepOf(policy, level.step);
  if (level.status.kind !== 'running') return 'what was decided before follows';
  if (attempts === 'unlimited' || level.attempts + 1 < attempts) return 'the level continues with its next attempt';
  const last = `this was the last attempt of "${level.step}"`;
  return otherwise.kind === 'escalate' ? `${last}, "${otherwise.step}" follows` : `${last}, and the policy ends here`;
}

export function alert(transition: Transition, update: AlertUpdate): Reply {
  const heard = learn(transition, update);
  if (unattendedOf(transition.state)?.kind !== 'exhausted') return heard;
  const { start } = transition.policy;
  transition.record({ kind: 'begunAgain', step: start });
  beginRound(transition, start);
  return yes(`Nobody attended to the incident: "${start}" is called again.`);
}

function learn(transition: Transition, update: AlertUpdate): Reply {
  if (repeatsAlert(transition.state, update.alert))
    return yes('Nothing new: the incident is known as it was reported.');
  const { alert: known } = transition.state;
  transition.record({ kind: 'alertChanged', from: brief(known), to: brief(update.alert) });
  const { summary, severity, parameters } = update.alert;
  const merged = parameters === undefined ? known.parameters : { ...known.parameters, ...parameters };
  const fits = sizeOf(merged) <= MAX_PARAMETERS_LENGTH;
  const kept = fits ? merged : known.parameters;
  if (transition.policy.worse === 'call') transition.change({ worst: worstOf(transition.state) });
  transition.change({ alert: { summary, severity, ...(kept !== undefined && { parameters: kept }) } });
  return yes(
    fits
      ? 'The incident continues with the changed alert.'
      : `The incident continues with the changed alert, but its parameters are longer than ${MAX_PARAMETERS_LENGTH} characters: those of before stay.`,
  );
}

/** What a report does to an incident that is not over. */
export function effectOf(
  state: Pick<IncidentState, 'alert' | 'phase'>,
  alert: Alert,
): 'nothing' | 'worse' | 'beginsAgain' | 'change' {
  if (unattendedOf(state)?.kind === 'exhausted') return 'beginsAgain';
  if (repeatsAlert(state, alert)) return 'nothing';
  return isWorse(state, alert) ? 'worse' : 'change';
}

function isWorse({ alert: known }: Pick<IncidentState, 'alert'>, { severity }: Alert): boolean {
  return isMoreSevere(severity, known.severity);
}

/** Whether this report says nothing new. */
export function repeatsAlert(
  { alert: known }: Pick<IncidentState, 'alert'>,
  { summary, severity, parameters = {} }: Alert,
): boolean {
  const changed = Object.entries(parameters).some(([name, value]) => known.parameters?.[name] !== value);
  return known.summary === summary && known.severity === severity && !changed;
}

const brief = ({ summary, severity }: Alert): Alert => ({ summary, severity });

/** To whatever is asked of an incident that is over. */
export function tooLate(state: IncidentState, update: Update): Reply {
  const final = contractState(state);
  const message = `The incident has been ${final} for ${describeMs(update.at - state.since)}.`;
  // A person who did not hear the answer asks again.
  const isSo =
    (update.kind === 'resolve' && final === 'resolved') ||
    (update.kind === 'acknowledge' && ownerOf(state)?.by === (update.by ?? EXTERNAL));
  return isSo ? yes(message) : no(message);
}

function byUpdate(by: string | undefined): Owner {
  return { by: by ?? EXTERNAL, via: 'api', step: null, keyInput: null };
}

function stepNames(transition: Transition): string {
  return Object.keys(transition.policy.steps).join(', ');
}

/**
 * The server takes 2,000 updates in one run of a workflow, of whatever kind, and 10 at a time. A run that cannot be continued
 * in a new one must not spend them on alerts: then nobody could take it any more.
 */
export const MAX_CHANGES = 500;
/** All but the last 200, which are for people alone. */
export const MAX_UPDATES_WITH_CHANGES = 1_800;

/** Set by tests in front of the bundle, so that little is much. */
declare global {
  var pigeonflowMaxChanges: number | undefined;
}

/** How many updates one run has taken: what has been refused before it became an event costs nothing. */
export class RunRoom {
  #updates = 0;
  #changes = 0;

  constructor(private readonly maxChanges = globalThis.pigeonflowMaxChanges ?? MAX_CHANGES) {}

  taken(update: string): void {
    this.#updates += 1;
    if (update === 'alert') this.#changes += 1;
  }

  /**
   * Whether one more report can be taken. There are only three that are worse than all before; and one that begins the
   * policy again calls people, and comes once a round of it, which is continued as new long before the room is used up.
   */
  hasRoomFor(report: 'worse' | 'beginsAgain' | 'change'): boolean {
    switch (report) {
      case 'worse':
      case 'beginsAgain':
        return true;
      case 'change':
        return this.#changes < this.maxChanges && this.#updates < MAX_UPDATES_WITH_CHANGES;
      default:
        return report satisfies never;
    }
  }
}

import { describeMs, DURATION_PATTERN, durationMs } from '../contract/duration.js';
import { MOST_PARAMETERS } from '../contract/limits.js';
import { isMoreSevere } from '../contract/severity.js';
import {
  sizeOf,
  type Alert,
  contractState,
  currentStep,
  keptIn,
  ownerOf,
  stepBeingCalled,
  unattendedOf,
  worstOf,
  type IncidentState,
  type Owner,
} from './state.js';
import { budgetAllowsAt } from './level.js';
import {
  DEFAULT_SNOOZE,
  EXTERNAL,
  LONGEST_SNOOZE,
  type Acknowledge,
  type AlertUpdate,
  type EscalateUpdate,
  type HangUp,
  type Resolve,
  type SnoozeUpdate,
  type Update,
} from './events.js';
import { hasStep, stepOf } from './policy.js';
import { beginRound, own, resolve, snooze, takeOver, type Turn } from './transitions.js';

/** What people and other systems ask for, and the words that they get back. */

/** The part of an answer that a rule decides; `decide` adds the state that results. */
export interface Reply {
  readonly accepted: boolean;
  readonly message: string;
}
const yes = (message: string): Reply => ({ accepted: true, message });
const no = (message: string): Reply => ({ accepted: false, message });

export function acknowledge(turn: Turn, { by, note, takeOver: takesOver }: Acknowledge): Reply {
  const owner = byUpdate(by);
  const owned = ownerOf(turn.state);
  // Whoever is called for news owns it by acknowledging them, as by a key.
  if (owned === null || keptIn(turn.state.phase) !== null) {
    own(turn, owner, note ?? null);
    const { resolveWithin } = turn.policy.acknowledged;
    const closes = turn.state.until === 'acknowledged';
    return yes(
      closes
        ? `${owner.by} owns the incident. It was opened until somebody owns it, so it closes.`
        : `${owner.by} owns the incident. Resolve it within ${resolveWithin}, or the calls start again.`,
    );
  }
  const owns = `${owned.by} has owned the incident for ${describeMs(turn.at - turn.state.since)}.`;
  // Who did not hear the answer asks again, also who has no name.
  if (owner.by === owned.by) return yes(owns);
  if (takesOver !== true) return no(`${owns} Acknowledge with takeOver to own it instead.`);
  takeOver(turn, owned, owner, note ?? null);
  return yes(`${owner.by} owns the incident instead of ${owned.by}.`);
}

export function resolveIncident(turn: Turn, { by, note }: Resolve): Reply {
  resolve(turn, byUpdate(by), note ?? null);
  return yes('The incident is resolved. Nobody is called any more.');
}

export function escalate(turn: Turn, { to, from, by }: EscalateUpdate): Reply {
  const called = stepBeingCalled(turn.state);
  if (from !== undefined && from !== called) {
    return no(
      `"${from}" is not being called: ${called === null ? 'nobody is' : `"${called}" is`}. Nothing was changed.`,
    );
  }
  const current = currentStep(turn.state);
  const { otherwise } = stepOf(turn.policy, current);
  const target = to ?? (otherwise.kind === 'escalate' ? otherwise.step : null);
  if (target === null) return no(`Nothing comes after "${current}". Name a step: ${stepNames(turn)}.`);
  if (!hasStep(turn.policy, target)) return no(`The policy has no step "${target}". It has ${stepNames(turn)}.`);
  const { live, rung } = turn.state.level;
  const rings = live.some(({ hangingUp }) => !hangingUp);
  if (target === called && rings) return yes(`"${target}" is being called already.`);
  const allowedAt = budgetAllowsAt(turn.policy, rung, stepOf(turn.policy, target), turn.at);
  turn.tell({ kind: 'escalated', by: by ?? EXTERNAL, from: current, to: target });
  beginRound(turn, target);
  if (allowedAt > turn.at) {
    return yes(
      `"${target}" is called in ${describeMs(allowedAt - turn.at)}: the budget of calls is used up until then.`,
    );
  }
  return yes(`"${target}" is called ${live.length > 0 ? 'as soon as what rings is hung up' : 'now'}.`);
}

export function snoozeIncident(turn: Turn, { for: duration = DEFAULT_SNOOZE, by }: SnoozeUpdate): Reply {
  if (!new RegExp(DURATION_PATTERN).test(duration)) {
    return no(`"${duration}" is not a duration such as 30s, 5m, 4h or 2d.`);
  }
  if (durationMs(duration) > durationMs(LONGEST_SNOOZE)) {
    return no(`"${duration}" is too long: snooze for at most ${LONGEST_SNOOZE}.`);
  }
  snooze(turn, duration, by ?? EXTERNAL);
  return yes(`Nobody is called for ${duration}; then "${currentStep(turn.state)}" is called again.`);
}

/** Without owning it: the level goes on with its next attempt. */
export function hangUp(turn: Turn, { by }: HangUp): Reply {
  const { live } = turn.state.level;
  if (live.length === 0) return no('No call is live, so there is nothing to hang up.');
  if (live.every(({ hangingUp }) => hangingUp)) return yes('Every live call is being hung up already.');
  turn.tell({ kind: 'hangUpAsked', by: by ?? EXTERNAL });
  turn.hangUp();
  return yes(`Every live call is being hung up. Nobody owns the incident: ${whatFollows(turn)}.`);
}

function whatFollows({ policy, state: { level } }: Turn): string {
  const { attempts, otherwise } = stepOf(policy, level.step);
  if (level.status.kind !== 'running') return 'what was decided before follows';
  if (attempts === 'unlimited' || level.attempts + 1 < attempts) return 'the level goes on with its next attempt';
  const last = `this was the last attempt of "${level.step}"`;
  return otherwise.kind === 'escalate' ? `${last}, "${otherwise.step}" follows` : `${last}, and the policy ends here`;
}

export function alert(turn: Turn, update: AlertUpdate): Reply {
  const heard = learn(turn, update);
  if (unattendedOf(turn.state)?.kind !== 'exhausted') return heard;
  const { start } = turn.policy;
  turn.tell({ kind: 'begunAgain', step: start });
  beginRound(turn, start);
  return yes(`Nobody attended to the incident: "${start}" is called again.`);
}

function learn(turn: Turn, update: AlertUpdate): Reply {
  if (repeatsAlert(turn.state, update.alert)) return yes('Nothing new: the incident is known as it was reported.');
  const { alert: known } = turn.state;
  turn.tell({ kind: 'alertChanged', from: brief(known), to: brief(update.alert) });
  const { summary, severity, parameters } = update.alert;
  const merged = parameters === undefined ? known.parameters : { ...known.parameters, ...parameters };
  const fits = sizeOf(merged) <= MOST_PARAMETERS;
  const kept = fits ? merged : known.parameters;
  if (turn.policy.worse === 'call') turn.change({ worst: worstOf(turn.state) });
  turn.change({ alert: { summary, severity, ...(kept !== undefined && { parameters: kept }) } });
  return yes(
    fits
      ? 'The incident goes on with the changed alert.'
      : `The incident goes on with the changed alert, but its parameters are longer than ${MOST_PARAMETERS} characters: those of before stay.`,
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
  // Whoever did not hear the answer asks again.
  const isSo =
    (update.kind === 'resolve' && final === 'resolved') ||
    (update.kind === 'acknowledge' && ownerOf(state)?.by === (update.by ?? EXTERNAL));
  return isSo ? yes(message) : no(message);
}

function byUpdate(by: string | undefined): Owner {
  return { by: by ?? EXTERNAL, via: 'api', step: null, keyInput: null };
}

function stepNames(turn: Turn): string {
  return Object.keys(turn.policy.steps).join(', ');
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

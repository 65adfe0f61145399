/** What people and other systems ask for, and the words that they get back. */
import { DURATION_PATTERN, durationMs } from '../contract/duration.js';
import { MAX_PARAMETERS_LENGTH } from '../contract/limits.js';
import { isMoreSevere } from '../contract/severity.js';
import { clock } from '../words/clock.js';
import { words } from '../words/words.js';
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
import { changesHolds, currentHold, followHolds, heldByReport, holdInstead } from './hold.js';
import { budgetAllowsAt } from './level.js';
import { hasStep, stepOf } from './policy.js';
import {
  type Alert,
  contractState,
  currentStep,
  type Hold,
  holdsIn,
  type IncidentState,
  keptIn,
  type Owner,
  ownerOf,
  sizeOf,
  stepBeingCalled,
  unattendedOf,
  worstOf,
} from './state.js';
import { beginRound, hasten, own, resolve, snooze, takeOver, type Transition } from './transitions.js';

/** The part of an answer that a rule decides; `decide` adds the state that results. */
export interface Reply {
  readonly accepted: boolean;
  readonly message: string;
}
const yes = (message: string): Reply => ({ accepted: true, message });
const no = (message: string): Reply => ({ accepted: false, message });

export function acknowledge(transition: Transition, { by, note, takeOver: takesOver }: Acknowledge): Reply {
  const { answers } = words();
  const owner = byUpdate(by);
  const owned = ownerOf(transition.state);
  // A person who is called for news owns it by acknowledging them, as by a key.
  if (owned === null || keptIn(transition.state.phase) !== null) {
    own(transition, owner, note ?? null);
    const { resolveWithin } = transition.policy.acknowledged;
    const closes = transition.state.until === 'acknowledged';
    if (closes) return yes(answers.ownsAndCloses(owner.by));
    return yes(resolveWithin === 'never' ? answers.ownsForGood(owner.by) : answers.owns(owner.by, resolveWithin));
  }
  const owns = answers.hasOwned(owned.by, transition.at - transition.state.since);
  // A person who did not hear the answer asks again, also without a name.
  if (owner.by === owned.by) return yes(owns);
  if (takesOver !== true) return no(answers.takeOverInstead(owns));
  takeOver(transition, owned, owner, note ?? null);
  return yes(answers.tookOver(owner.by, owned.by));
}

export function resolveIncident(transition: Transition, { by, note }: Resolve): Reply {
  resolve(transition, byUpdate(by), note ?? null);
  return yes(words().answers.resolved);
}

export function escalate(transition: Transition, { to, from, by }: EscalateUpdate): Reply {
  const { answers } = words();
  const called = stepBeingCalled(transition.state);
  if (from !== undefined && from !== called) return no(answers.notBeingCalled(from, called));
  const current = currentStep(transition.state);
  const { otherwise } = stepOf(transition.policy, current);
  const target = to ?? (otherwise.kind === 'escalate' ? otherwise.step : null);
  if (target === null) return no(answers.nothingAfter(current, stepNames(transition)));
  if (!hasStep(transition.policy, target)) return no(answers.noSuchStep(target, stepNames(transition)));
  const { live, rung } = transition.state.level;
  const rings = live.some(({ hangingUp }) => !hangingUp);
  if (target === called && rings) return yes(answers.calledAlready(target));
  const allowedAt = budgetAllowsAt(transition.policy, rung, stepOf(transition.policy, target), transition.at);
  transition.record({ kind: 'escalated', by: by ?? EXTERNAL, from: current, to: target });
  beginRound(transition, target);
  if (allowedAt > transition.at) return yes(answers.calledAfterBudget(target, allowedAt - transition.at));
  return yes(live.length > 0 ? answers.calledAfterHangUp(target) : answers.calledNow(target));
}

export function snoozeIncident(transition: Transition, { for: duration = DEFAULT_SNOOZE, by }: SnoozeUpdate): Reply {
  const { answers } = words();
  if (!new RegExp(DURATION_PATTERN).test(duration)) return no(answers.noDuration(duration));
  if (durationMs(duration) > durationMs(MAX_SNOOZE)) return no(answers.snoozeTooLong(duration, MAX_SNOOZE));
  snooze(transition, duration, by ?? EXTERNAL);
  return yes(answers.snoozed(duration, currentStep(transition.state)));
}

/** Without owning it: the level continues with its next attempt. */
export function hangUp(transition: Transition, { by }: HangUp): Reply {
  const { live } = transition.state.level;
  const { answers } = words();
  if (live.length === 0) return no(answers.nothingToHangUp);
  if (live.every(({ hangingUp }) => hangingUp)) return yes(answers.hangingUpAlready);
  transition.record({ kind: 'hangUpAsked', by: by ?? EXTERNAL });
  transition.hangUp();
  return yes(answers.hangingUp(whatFollows(transition)));
}

function whatFollows({ policy, state: { level } }: Transition): string {
  const { answers } = words();
  const { attempts, otherwise } = stepOf(policy, level.step);
  if (level.status.kind !== 'running') return answers.followsDecision;
  if (attempts === 'unlimited' || level.attempts + 1 < attempts) return answers.followsAttempt;
  return otherwise.kind === 'escalate'
    ? answers.followsStep(level.step, otherwise.step)
    : answers.followsEnd(level.step);
}

export function alert(transition: Transition, update: AlertUpdate): Reply {
  const { holds = [] } = update;
  const heard = learn(transition, update);
  if (holdsIn(transition.state.phase) !== null) return heldAlert(transition, heard, holds);
  if (unattendedOf(transition.state)?.kind !== 'exhausted') return heard;
  const { start } = transition.policy;
  transition.record({ kind: 'begunAgain', step: start });
  beginRound(transition, start);
  holdInstead(transition, start, holds);
  const held = transition.state.phase;
  return yes(held.kind === 'snoozed' ? words().answers.held(clock(held.timer.at)) : words().answers.begunAgain(start));
}

function heldAlert(transition: Transition, heard: Reply, holds: readonly Hold[]): Reply {
  heldByReport(transition, holds);
  followHolds(transition);
  const { phase } = transition.state;
  if (!heard.accepted || holdsIn(phase) !== null) return heard;
  return yes(words().answers.holdEnded(currentStep(transition.state)));
}

function learn(transition: Transition, update: AlertUpdate): Reply {
  const { answers } = words();
  if (repeatsAlert(transition.state, update.alert)) return yes(answers.nothingNew);
  const { alert: known } = transition.state;
  transition.record({ kind: 'alertChanged', from: brief(known), to: brief(update.alert) });
  const { summary, severity, parameters } = update.alert;
  const merged = parameters === undefined ? known.parameters : { ...known.parameters, ...parameters };
  const fits = sizeOf(merged) <= MAX_PARAMETERS_LENGTH;
  const kept = fits ? merged : known.parameters;
  if (transition.policy.worse === 'call') transition.change({ worst: worstOf(transition.state) });
  transition.change({ alert: { summary, severity, ...(kept !== undefined && { parameters: kept }) } });
  if (isMoreSevere(severity, known.severity)) hasten(transition);
  return yes(fits ? answers.changed : answers.changedButParameters(MAX_PARAMETERS_LENGTH));
}

/** What a report does to an incident that is not over. */
export function effectOf(
  state: Pick<IncidentState, 'alert' | 'phase'>,
  alert: Alert,
  { holds, at }: { readonly holds: readonly Hold[]; readonly at: number } = { holds: [], at: 0 },
): 'nothing' | 'worse' | 'beginsAgain' | 'change' {
  if (unattendedOf(state)?.kind === 'exhausted') return 'beginsAgain';
  if (holdsIn(state.phase) !== null && currentHold(holds, alert.severity, at) === null) return 'beginsAgain';
  if (changesHolds(state, holds)) return 'change';
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
  const message = words().answers.tooLate(final, update.at - state.since);
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

/**
 * What happens next in an incident. Pure: `workflows/incident` carries it out. The order, and where each part is:
 *
 *     event        a call has ended, a timer fires, a person acknowledges …               events.ts
 *       ↓
 *     level        its calls and attempts: does it continue, or who has decided it?       level.ts
 *       ↓
 *     transition   what follows: an owner, the next step, a snooze, the end of a round    transitions.ts
 *       ↓          (and what a person who asked is answered: updates.ts)
 *     settle       once nothing of the old level rings: the next one begins, or it closes  here
 *       ↓
 *     actions      calls, timers, children: the state before against the state after      actions.ts
 *
 * What is remembered between two events is in state.ts; what is recorded of them, in timeline.ts. A level after the first is
 * decided by the same level.ts in a child workflow; then its events reach the incident as reports of that child.
 */
import type { IncidentStateName } from '../contract/incident-states.js';
import type { Policy } from '../contract/policy-schema.js';
import { type Action, actionsBetween } from './actions.js';
import {
  type AutomationEvent,
  type IncidentEvent,
  isUpdate,
  type LevelLost,
  type LevelReported,
  type LostRunAnswered,
  type Opening,
  type TimerFired,
  type Update,
} from './events.js';
import {
  callOrWait,
  endCall,
  finishLevel,
  actionOfKey,
  lateKey,
  type LevelTransition,
  reactToLevelEvent,
  recordLateKey,
  wait,
} from './level.js';
import { followHolds, holdInstead, holdIsOver, silenceChanged } from './hold.js';
import { stepOf } from './policy.js';
import { contractState, type IncidentState, isInChild, keptIn, type Owner, ownerOf, timerOf } from './state.js';
import type { AutomationResult, TimelineEntry } from './timeline.js';
import {
  beginRound,
  callStep,
  callStepLater,
  followAutomation,
  followNews,
  escalateOrEnd,
  followKey,
  newsAreDue,
  own,
  reasonNobodyRang,
  roundWithoutRing,
  type Rules,
  timerToResolve,
  Transition,
  unattendedLongEnough,
} from './transitions.js';
import {
  acknowledge,
  alert,
  escalate,
  hangUp,
  type Reply,
  resolveIncident,
  snoozeIncident,
  tooLate,
} from './updates.js';

/** What one event led to. */
export interface Decision {
  readonly state: IncidentState;
  /** To be carried out in this order. */
  readonly actions: readonly Action[];
  readonly timeline: readonly TimelineEntry[];
  /** Of an update; null for every other event. */
  readonly answer: Answer | null;
  /** The rules `before` lead to something else here. */
  readonly differs?: true;
}

/** To an update. What the state does not allow is an answer too; whether it fails the update is decided elsewhere. */
export interface Answer {
  readonly accepted: boolean;
  readonly state: IncidentStateName;
  readonly owner: Owner | null;
  /** Since when state and owner are so. Epoch milliseconds. */
  readonly since: number;
  /** For people. */
  readonly message: string;
}

/**
 * Everything about what happens next in an incident: from its policy, what it remembers and what just happened, what it
 * remembers now, what is to be done, what is recorded, and what an update is answered. Pure and deterministic.
 *
 * Of several events of the same instant the order counts: see `inOrder`.
 *
 * @throws RangeError when the policy names a step or a duration that it does not have; a checked policy never does.
 */
export function decide(policy: Policy, state: IncidentState, event: IncidentEvent, rules: Rules = 'today'): Decision {
  const transition = new Transition(policy, state, event.at, rules);
  if (isUpdate(event)) return conclude(transition, state, answerUpdate(transition, event));
  react(transition, event);
  return conclude(transition, state, null);
}

/** Opens an incident: the first step is called; nobody while it is held, or where it has an owner before its policy could be read. */
export function openIncident(policy: Policy, opening: Opening): Decision {
  const { at, alert, owner = null, atOnce = false, holds = [] } = opening;
  const state = beforeItsFirstLevel(policy, opening);
  const transition = new Transition(policy, state, at);
  transition.record({
    kind: 'opened',
    alert: { summary: alert.summary, severity: alert.severity },
    policy: policy.name,
  });
  if (owner !== null) transition.enter({ kind: 'acknowledged', owner, timer: timerToResolve(transition) });
  else {
    if (atOnce) callStep(transition, policy.start);
    else callStepLater(transition, { step: policy.start });
    holdInstead(transition, policy.start, holds);
  }
  return conclude(transition, state, null);
}

/** An incident of which nothing has been decided yet. */
export function beforeItsFirstLevel(policy: Policy, { at, alert, until, branches = 'here' }: Opening): IncidentState {
  return {
    version: 1,
    until,
    branches,
    alert,
    phase: { kind: 'next', step: policy.start },
    since: at,
    level: {
      number: 0,
      step: policy.start,
      runs: 'here',
      attempts: 0,
      attemptCounts: false,
      calls: 0,
      live: [],
      waiting: null,
      rung: [],
      serial: 0,
      status: { kind: 'over', outcome: 'stoodDown', keyInput: null, contact: null },
    },
    runs: [],
    placedCalls: 0,
    levelsInVain: 0,
    serial: 0,
    ...(Object.values(policy.steps).some(({ after }) => after !== undefined) && { openedAt: at }),
  };
}

function react(transition: Transition, event: Exclude<IncidentEvent, Update>): void {
  switch (event.kind) {
    case 'callEnded':
    case 'callBlocked':
    case 'callUnblocked':
    case 'callWaiting':
    case 'callTaken':
    case 'calleesFound':
      return changeLevel(transition, (level) => reactToLevelEvent(level, event));
    case 'lostRunAnswered':
      return lostRunAnswered(transition, event);
    case 'levelReported':
      return levelReported(transition, event);
    case 'levelLost':
      return levelLost(transition, event);
    case 'timerFired':
      return timerFired(transition, event);
    case 'automationEnded':
    case 'automationFailed':
    case 'automationCancelled':
      return automationEnded(transition, event);
    case 'silenceChanged':
      return silenceChanged(transition, event);
    case 'cancelled':
      return cancel(transition);
    default:
      return event satisfies never;
  }
}

/** Lets something happen to the level, and follows what it decided. */
function changeLevel(transition: Transition, happen: (level: LevelTransition) => void): void {
  transition.onLevel(happen);
  followLevel(transition);
}

/** Does nothing while the level runs, and when something else was decided before. */
function followLevel(transition: Transition): void {
  const { phase, level } = transition.state;
  if (phase.kind !== 'calling' || level.status.kind === 'running') return;
  const { outcome, keyInput, contact } = level.status;
  const { attempts, otherwise } = stepOf(transition.policy, level.step);
  // Stood down by nobody here: somebody cancelled its child. What would have gone on for ever begins again.
  if (outcome === 'stoodDown' && attempts === 'unlimited') return callStep(transition, level.step);
  const action = outcome === 'answered' && keyInput !== null ? actionOfKey(transition.policy, level, keyInput) : null;
  if (action === null || keyInput === null) return escalateOrEnd(transition, otherwise);
  followKey(transition, action, { by: contact ?? 'unknown', via: 'key', step: level.step, keyInput });
}

function levelReported(transition: Transition, event: LevelReported): void {
  const { level: before, phase } = transition.state;
  if (!isInChild(before) || before.number !== event.level.number || before.status.kind === 'over') return;
  transition.timeline.push(...event.timeline);
  const { status } = event.level;
  const wasEnding = before.status.kind === 'ending';
  // What was decided here in the meantime counts: an attempt that it still waits for is not made any more.
  const isBehind = status.kind === 'running' && wasEnding;
  const level = isBehind ? { ...event.level, waiting: null, status: before.status } : event.level;
  transition.setLevel({ ...level, runs: before.runs });
  if (phase.kind === 'calling') return followLevel(transition);
  // Pressed before it heard that something else had been decided.
  const lateKey = wasEnding && before.status.outcome === 'stoodDown' && status.kind !== 'running' && status.keyInput;
  if (lateKey) transition.onLevel((level) => recordLateKey(level, lateKey, status.contact));
}

/** Nobody knows what becomes of its calls: they count, are named, and the policy continues. */
function levelLost(transition: Transition, { level: number, message }: LevelLost): void {
  const { level } = transition.state;
  if (!isInChild(level) || level.number !== number || level.status.kind === 'over') return;
  transition.record({ kind: 'levelLost', level: number, step: level.step, message });
  const { phase } = transition.state;
  const unknown = { outcome: 'unknown', keyInput: null, contact: null, calls: 0, message } as const;
  transition.onLevel((lost) => {
    for (const call of level.live) endCall(lost, call, { kind: 'callEnded', at: lost.at, call: call.id, ...unknown });
    lost.end({ outcome: 'unanswered', keyInput: null, contact: null });
    finishLevel(lost);
  });
  // It would have continued for ever, so it begins again.
  const again = phase.kind === 'calling' && stepOf(transition.policy, level.step).attempts === 'unlimited';
  if (again) callStep(transition, level.step);
  else followLevel(transition);
}

/** In a run that had been given up. Who pressed to take it owns it where nobody else does; else it came too late. */
function lostRunAnswered(transition: Transition, event: LostRunAnswered): void {
  const late = lateKey(transition.policy, event);
  const isOpen = !isOver(transition.state) && ownerOf(transition.state) === null;
  if (late.kind !== 'alsoAcknowledged' || !isOpen) return transition.record(late);
  const { contact, step, keyInput } = event;
  own(transition, { by: contact ?? 'unknown', via: 'key', step, keyInput }, null);
}

function timerFired(transition: Transition, event: TimerFired): void {
  const { state } = transition;
  if (timerOf(state)?.id !== event.timer) return;
  const { phase } = state;
  switch (phase.kind) {
    case 'calling':
      return transition.onLevel(callOrWait);
    case 'snoozed':
      if (phase.unattended !== undefined) return unattendedLongEnough(transition, phase.unattended);
      if (phase.holds !== undefined && transition.byTodaysRules()) {
        return holdIsOver(transition, phase.holds, phase.timer.at);
      }
      transition.record({ kind: 'snoozeEnded', step: phase.step });
      return beginRound(transition, phase.step);
    case 'acknowledged':
      if (phase.resolveAt !== undefined) return newsAreDue(transition, phase, phase.resolveAt);
      transition.record({ kind: 'notResolvedInTime', owner: phase.owner });
      return beginRound(transition, transition.policy.acknowledged.otherwise.step);
    case 'running':
      transition.record({ kind: 'runEnded', run: phase.run, result: { kind: 'tookTooLong' } });
      return followAutomation(transition, phase.action.onFailure, phase.owner);
    case 'next':
    case 'over':
    case 'closed':
      return;
    default:
      return phase satisfies never;
  }
}

function automationEnded(transition: Transition, event: AutomationEvent): void {
  if (!transition.state.runs.some(({ id }) => id === event.run)) return;
  const { phase } = transition.state;
  transition.change({ runs: transition.state.runs.filter(({ id }) => id !== event.run) });
  transition.record({ kind: 'runEnded', run: event.run, result: resultOf(event) });
  if (phase.kind !== 'running' || phase.run !== event.run) return;
  const { then, onFailure } = phase.action;
  followAutomation(transition, event.kind === 'automationEnded' ? then : onFailure, phase.owner);
}

function resultOf(event: AutomationEvent): AutomationResult {
  switch (event.kind) {
    case 'automationEnded':
      return { kind: 'ended' };
    case 'automationFailed':
      return { kind: 'failed', message: event.message };
    case 'automationCancelled':
      return { kind: 'cancelled' };
    default:
      return event satisfies never;
  }
}

function cancel(transition: Transition): void {
  if (isOver(transition.state)) return;
  transition.record({ kind: 'cancelled' });
  transition.enter({ kind: 'over', state: 'cancelled', owner: ownerOf(transition.state) });
}

function answerUpdate(transition: Transition, event: Update): Reply {
  if (isOver(transition.state)) return tooLate(transition.state, event);
  switch (event.kind) {
    case 'acknowledge':
      return acknowledge(transition, event);
    case 'resolve':
      return resolveIncident(transition, event);
    case 'escalate':
      return escalate(transition, event);
    case 'snooze':
      return snoozeIncident(transition, event);
    case 'hangUp':
      return hangUp(transition, event);
    case 'alert':
      return alert(transition, event);
    default:
      return event satisfies never;
  }
}

function conclude(transition: Transition, before: IncidentState, reply: Reply | null): Decision {
  followHolds(transition);
  followNews(transition);
  settle(transition);
  const sameOwner = ownerOf(before) === ownerOf(transition.state);
  if (contractState(before) !== contractState(transition.state) || !sameOwner)
    transition.change({ since: transition.at });
  const reason = reasonNobodyRang(transition);
  if (reason !== null) transition.change({ lastInVain: reason });
  const { state } = transition;
  const actions = [...transition.requests, ...actionsBetween(transition.policy, before, state)];
  return {
    state,
    actions,
    timeline: transition.timeline,
    answer: reply === null ? null : answerOf(state, reply),
    ...(transition.differs && { differs: true }),
  };
}

/** What was decided and had to wait until nothing of the old level rings any more. */
function settle(transition: Transition): void {
  if (!isInChild(transition.state.level)) transition.onLevel(finishLevel);
  const { phase, level } = transition.state;
  if (level.status.kind !== 'over') return;
  if (phase.kind === 'next') {
    if (isInCircle(transition) && transition.byTodaysRules()) roundWithoutRing(transition);
    else beginLevel(transition, phase.step, phase.notBefore ?? transition.at);
  }
  closeIfOver(transition);
}

/** Only when the level before is over. */
function beginLevel(transition: Transition, step: string, notBefore: number): void {
  const { level: before, branches, serial } = transition.state;
  const number = before.number + 1;
  transition.setLevel({
    number,
    step,
    runs: number === 1 ? 'here' : branches,
    attempts: 0,
    attemptCounts: false,
    calls: 0,
    live: [],
    waiting: null,
    rung: before.rung,
    serial: Math.max(serial, before.serial),
    status: { kind: 'running' },
  });
  const isLater = notBefore > transition.at;
  transition.record({ kind: 'levelBegan', level: number, step, ...(isLater && { later: true }) });
  const kept = keptIn(transition.state.phase);
  transition.enter({ kind: 'calling', ...(kept !== null && { kept }) });
  const inCircle = isInCircle(transition);
  transition.onLevel((level) => {
    if (inCircle) wait(level, 'nothingRang', stepOf(transition.policy, step).every);
    else if (isLater) wait(level, 'delay', notBefore);
    else callOrWait(level);
  });
}

/** Went through as many levels as there are steps, and nothing rang: no budget stops such a circle, so time must. */
function isInCircle({ policy, state }: Transition): boolean {
  return state.levelsInVain >= Object.keys(policy.steps).length;
}

function closeIfOver(transition: Transition): void {
  const { phase, runs: automations, placedCalls } = transition.state;
  if (phase.kind === 'over' && automations.length === 0) {
    transition.record({ kind: 'closed', state: phase.state, placedCalls });
    transition.enter({ ...phase, kind: 'closed' });
  }
}

function answerOf(state: IncidentState, { accepted, message }: Reply): Answer {
  return { accepted, state: contractState(state), owner: ownerOf(state), since: state.since, message };
}

function isOver({ phase }: IncidentState): boolean {
  return phase.kind === 'over' || phase.kind === 'closed';
}

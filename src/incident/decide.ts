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
import type { Policy } from '../contract/policy.js';
import { actionsBetween, type Action } from './actions.js';
import {
  isUpdate,
  type IncidentEvent,
  type LostRunAnswered,
  type Opening,
  type Update,
  type TimerFired,
  type RunEvent,
  type LevelLost,
  type LevelReported,
} from './events.js';
import {
  reactToLevelEvent,
  finishLevel,
  lateKey,
  callOrWait,
  account,
  keyDecides,
  tellLateKey,
  wait,
  type LevelTurn,
} from './level.js';
import { stepOf } from './policy.js';
import {
  contractState,
  keptIn,
  ownerOf,
  timerOf,
  type ContractState,
  type IncidentState,
  type Owner,
} from './state.js';
import type { RunResult, TimelineEntry } from './timeline.js';
import {
  callStep,
  own,
  reasonIn,
  roundInVain,
  beginRound,
  follow,
  unattendedLongEnough,
  goOn,
  keyDecided,
  Turn,
  followNews,
  newsAreDue,
  type Rules,
} from './transitions.js';
import {
  acknowledge,
  alert,
  escalate,
  hangUp,
  resolveIncident,
  snoozeIncident,
  tooLate,
  type Reply,
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
  readonly state: ContractState;
  readonly owner: Owner | null;
  /** Since when state and owner are so. Epoch milliseconds. */
  readonly since: number;
  /** For people. */
  readonly message: string;
}

/**
 * Everything about what happens next in an incident: from its policy, what it remembers and what just happened, what it
 * remembers now, what is to be done, what is told, and what an update is answered. Pure and deterministic.
 *
 * Of several events of the same instant the order counts: see `inOrder`.
 *
 * @throws RangeError when the policy names a step or a duration that it does not have; a checked policy never does.
 */
export function decide(policy: Policy, state: IncidentState, event: IncidentEvent, rules: Rules = 'today'): Decision {
  const turn = new Turn(policy, state, event.at, rules);
  if (isUpdate(event)) return conclude(turn, state, answerTo(turn, event));
  react(turn, event);
  return conclude(turn, state, null);
}

/** Opens an incident: the first step is called, or nobody where it has an owner before its policy could be read. */
export function openIncident(policy: Policy, opening: Opening): Decision {
  const { at, alert, owner = null } = opening;
  const state = beforeItsFirstLevel(policy, opening);
  const turn = new Turn(policy, state, at);
  turn.tell({ kind: 'opened', alert: { summary: alert.summary, severity: alert.severity }, policy: policy.name });
  if (owner === null) callStep(turn, policy.start);
  else turn.enter({ kind: 'acknowledged', owner, timer: turn.timer(policy.acknowledged.resolveWithin) });
  return conclude(turn, state, null);
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
  };
}

function react(turn: Turn, event: Exclude<IncidentEvent, Update>): void {
  switch (event.kind) {
    case 'callEnded':
    case 'callBlocked':
    case 'callUnblocked':
    case 'callWaiting':
    case 'callTaken':
      return levelGoesOn(turn, (level) => reactToLevelEvent(level, event));
    case 'lostRunAnswered':
      return lostRunAnswered(turn, event);
    case 'levelReported':
      return levelReported(turn, event);
    case 'levelLost':
      return levelLost(turn, event);
    case 'timerFired':
      return timerFired(turn, event);
    case 'runEnded':
    case 'runFailed':
    case 'runCancelled':
      return runEnded(turn, event);
    case 'cancelled':
      return cancel(turn);
    default:
      return event satisfies never;
  }
}

/** Lets something happen to the level, and follows what it decided. */
function levelGoesOn(turn: Turn, happen: (level: LevelTurn) => void): void {
  turn.onLevel(happen);
  followLevel(turn);
}

/** Does nothing while the level runs, and when something else was decided before. */
function followLevel(turn: Turn): void {
  const { phase, level } = turn.state;
  if (phase.kind !== 'calling' || level.status.kind === 'running') return;
  const { outcome, keyInput, contact } = level.status;
  const { attempts, otherwise } = stepOf(turn.policy, level.step);
  // Stood down by nobody here: somebody cancelled its child. What would have gone on for ever begins again.
  if (outcome === 'stoodDown' && attempts === 'unlimited') return callStep(turn, level.step);
  const action = outcome === 'answered' && keyInput !== null ? keyDecides(turn.policy, level, keyInput) : null;
  if (action === null || keyInput === null) return goOn(turn, otherwise);
  keyDecided(turn, action, { by: contact ?? 'unknown', via: 'key', step: level.step, keyInput });
}

function levelReported(turn: Turn, event: LevelReported): void {
  const { level: before, phase } = turn.state;
  if (before.runs === 'here' || before.number !== event.level.number || before.status.kind === 'over') return;
  turn.told.push(...event.timeline);
  const { status } = event.level;
  const wasEnding = before.status.kind === 'ending';
  // What was decided here in the meantime stands: an attempt that it still waits for is not made any more.
  const isBehind = status.kind === 'running' && wasEnding;
  const level = isBehind ? { ...event.level, waiting: null, status: before.status } : event.level;
  turn.setLevel({ ...level, runs: before.runs });
  if (phase.kind === 'calling') return followLevel(turn);
  // Pressed before it heard that something else had been decided.
  const lateKey = wasEnding && before.status.outcome === 'stoodDown' && status.kind !== 'running' && status.keyInput;
  if (lateKey) turn.onLevel((level) => tellLateKey(level, lateKey, status.contact));
}

/** Nobody knows what becomes of its calls: they count, are named, and the policy goes on. */
function levelLost(turn: Turn, { level: number, message }: LevelLost): void {
  const { level } = turn.state;
  if (level.runs === 'here' || level.number !== number || level.status.kind === 'over') return;
  turn.tell({ kind: 'levelLost', level: number, step: level.step, message });
  const { phase } = turn.state;
  turn.onLevel((level) => {
    for (const call of level.level.live) {
      const lost = { outcome: 'unknown', keyInput: null, contact: null, calls: 0, message } as const;
      account(level, call, { kind: 'callEnded', at: level.at, call: call.id, ...lost });
    }
    level.end({ outcome: 'unanswered', keyInput: null, contact: null });
    finishLevel(level);
  });
  // It would have gone on for ever, so it begins again.
  const again = phase.kind === 'calling' && stepOf(turn.policy, level.step).attempts === 'unlimited';
  if (again) callStep(turn, level.step);
  else followLevel(turn);
}

/** In a run that had been given up. Who pressed to take it owns it where nobody else does; else it came too late. */
function lostRunAnswered(turn: Turn, event: LostRunAnswered): void {
  const late = lateKey(turn.policy, event);
  const isOpen = !isOver(turn.state) && ownerOf(turn.state) === null;
  if (late.kind !== 'alsoAcknowledged' || !isOpen) return turn.tell(late);
  const { contact, step, keyInput } = event;
  own(turn, { by: contact ?? 'unknown', via: 'key', step, keyInput }, null);
}

function timerFired(turn: Turn, event: TimerFired): void {
  const { state } = turn;
  if (timerOf(state)?.id !== event.timer) return;
  const { phase } = state;
  switch (phase.kind) {
    case 'calling':
      return turn.onLevel(callOrWait);
    case 'snoozed':
      if (phase.unattended !== undefined) return unattendedLongEnough(turn, phase.unattended);
      turn.tell({ kind: 'snoozeEnded', step: phase.step });
      return beginRound(turn, phase.step);
    case 'acknowledged':
      if (phase.resolveAt !== undefined) return newsAreDue(turn, phase, phase.resolveAt);
      turn.tell({ kind: 'notResolvedInTime', owner: phase.owner });
      return beginRound(turn, turn.policy.acknowledged.otherwise.step);
    case 'running':
      turn.tell({ kind: 'runEnded', run: phase.run, result: { kind: 'tookTooLong' } });
      return follow(turn, phase.action.onFailure, phase.owner);
    case 'next':
    case 'over':
    case 'closed':
      return;
    default:
      return phase satisfies never;
  }
}

function runEnded(turn: Turn, event: RunEvent): void {
  if (!turn.state.runs.some(({ id }) => id === event.run)) return;
  const { phase } = turn.state;
  turn.change({ runs: turn.state.runs.filter(({ id }) => id !== event.run) });
  turn.tell({ kind: 'runEnded', run: event.run, result: resultOf(event) });
  if (phase.kind !== 'running' || phase.run !== event.run) return;
  follow(turn, event.kind === 'runEnded' ? phase.action.then : phase.action.onFailure, phase.owner);
}

function resultOf(event: RunEvent): RunResult {
  switch (event.kind) {
    case 'runEnded':
      return { kind: 'ended' };
    case 'runFailed':
      return { kind: 'failed', message: event.message };
    case 'runCancelled':
      return { kind: 'cancelled' };
    default:
      return event satisfies never;
  }
}

function cancel(turn: Turn): void {
  if (isOver(turn.state)) return;
  turn.tell({ kind: 'cancelled' });
  turn.enter({ kind: 'over', state: 'cancelled', owner: ownerOf(turn.state) });
}

function answerTo(turn: Turn, event: Update): Reply {
  if (isOver(turn.state)) return tooLate(turn.state, event);
  switch (event.kind) {
    case 'acknowledge':
      return acknowledge(turn, event);
    case 'resolve':
      return resolveIncident(turn, event);
    case 'escalate':
      return escalate(turn, event);
    case 'snooze':
      return snoozeIncident(turn, event);
    case 'hangUp':
      return hangUp(turn, event);
    case 'alert':
      return alert(turn, event);
    default:
      return event satisfies never;
  }
}

function conclude(turn: Turn, before: IncidentState, reply: Reply | null): Decision {
  followNews(turn);
  settle(turn);
  const sameOwner = ownerOf(before) === ownerOf(turn.state);
  if (contractState(before) !== contractState(turn.state) || !sameOwner) turn.change({ since: turn.at });
  const reason = reasonIn(turn);
  if (reason !== null) turn.change({ lastInVain: reason });
  const { state } = turn;
  const actions = [...turn.asked, ...actionsBetween(turn.policy, before, state)];
  return {
    state,
    actions,
    timeline: turn.told,
    answer: reply === null ? null : answer(state, reply),
    ...(turn.differs && { differs: true }),
  };
}

/** What was decided and had to wait until nothing of the old level rings any more. */
function settle(turn: Turn): void {
  if (turn.state.level.runs === 'here') turn.onLevel(finishLevel);
  const { phase, level } = turn.state;
  if (level.status.kind !== 'over') return;
  if (phase.kind === 'next') {
    if (isInCircle(turn) && turn.byTodaysRules()) roundInVain(turn);
    else beginLevel(turn, phase.step);
  }
  closeIfOver(turn);
}

/** Only when the level before is over. */
function beginLevel(turn: Turn, step: string): void {
  const { level: before, branches, serial } = turn.state;
  const number = before.number + 1;
  turn.setLevel({
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
  turn.tell({ kind: 'levelBegan', level: number, step });
  const kept = keptIn(turn.state.phase);
  turn.enter({ kind: 'calling', ...(kept !== null && { kept }) });
  const inCircle = isInCircle(turn);
  turn.onLevel((level) => (inCircle ? wait(level, 'nothingRang', stepOf(turn.policy, step).every) : callOrWait(level)));
}

/** Went through as many levels as there are steps, and nothing rang: no budget stops such a circle, so time must. */
function isInCircle({ policy, state }: Turn): boolean {
  return state.levelsInVain >= Object.keys(policy.steps).length;
}

function closeIfOver(turn: Turn): void {
  const { phase, runs, placedCalls } = turn.state;
  if (phase.kind === 'over' && runs.length === 0) {
    turn.tell({ kind: 'closed', state: phase.state, placedCalls });
    turn.enter({ ...phase, kind: 'closed' });
  }
}

function answer(state: IncidentState, { accepted, message }: Reply): Answer {
  return { accepted, state: contractState(state), owner: ownerOf(state), since: state.since, message };
}

function isOver({ phase }: IncidentState): boolean {
  return phase.kind === 'over' || phase.kind === 'closed';
}

import { actionsBetween } from './actions.js';
import { callStep, own, reasonIn, roundInVain } from './course.js';
import type { Answer, Decision, Rules } from './decision.js';
import { type IncidentEvent, isUpdate, type LostRunAnswered, type Opening, type Update } from './incident-event.js';
import { contractState, type IncidentState, ownerOf } from './incident-state.js';
import { reactToLevelEvent } from './decide-level.js';
import { finishLevel, lateKey } from './level.js';
import { beginLevel, isInCircle, levelGoesOn, levelLost, levelReported } from './levels.js';
import type { Policy } from './policy.js';
import { runEnded } from './run.js';
import { timerFired } from './time-out.js';
import { Turn } from './turn.js';
import { followNews } from './worse.js';
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

/** In a run that had been given up. Who pressed to take it owns it where nobody else does; else it came too late. */
function lostRunAnswered(turn: Turn, event: LostRunAnswered): void {
  const late = lateKey(turn.policy, event);
  const isOpen = !isOver(turn.state) && ownerOf(turn.state) === null;
  if (late.kind !== 'alsoAcknowledged' || !isOpen) return turn.tell(late);
  const { contact, step, keyInput } = event;
  own(turn, { by: contact ?? 'unknown', via: 'key', step, keyInput }, null);
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

function cancel(turn: Turn): void {
  if (isOver(turn.state)) return;
  turn.tell({ kind: 'cancelled' });
  turn.enter({ kind: 'over', state: 'cancelled', owner: ownerOf(turn.state) });
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

function closeIfOver(turn: Turn): void {
  const { phase, runs, placedCalls } = turn.state;
  if (phase.kind === 'over' && runs.length === 0) {
    turn.tell({ kind: 'closed', state: phase.state, placedCalls });
    turn.enter({ ...phase, kind: 'closed' });
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

function answer(state: IncidentState, { accepted, message }: Reply): Answer {
  return { accepted, state: contractState(state), owner: ownerOf(state), since: state.since, message };
}

function isOver({ phase }: IncidentState): boolean {
  return phase.kind === 'over' || phase.kind === 'closed';
}

/**
 * The courses that an incident can take. Keys, ends of workflows, steps that nobody answers, timers and updates all lead
 * to one of these, so a rule about any of them stands here once.
 */
import { describeCallEnd } from './describe-entry.js';
import {
  currentStep,
  type IncidentState,
  type Kept,
  keptIn,
  type KeyOwner,
  type Owner,
  ownerOf,
  type Unattended,
  type VainRounds,
} from './state.js';
import type { Decided, Escalate, Exhausted, RunAction, RunOutcome } from '../contract/policy.js';
import type { Turn } from './turn.js';

export function keyDecided(turn: Turn, action: Decided, presser: KeyOwner): void {
  if (action.kind === 'run') run(turn, action, presser);
  else follow(turn, action, presser);
}

/** What follows from what somebody decided by a key: at once, or when the workflow that it started has ended. */
export function follow(turn: Turn, action: RunOutcome, owner: Owner): void {
  switch (action.kind) {
    case 'acknowledge':
      return own(turn, owner, null);
    case 'resolve':
      return resolve(turn, owner, null);
    case 'snooze':
      return snooze(turn, action.for, owner.by);
    case 'escalate':
    case 'exhausted':
      return goOn(turn, action);
    default:
      return action satisfies never;
  }
}

/** What follows without anybody having decided it: a step's `otherwise`. */
export function goOn(turn: Turn, otherwise: Escalate | Exhausted): void {
  switch (otherwise.kind) {
    case 'escalate':
      return callStep(turn, otherwise.step);
    case 'exhausted':
      return endRound(turn);
    default:
      return otherwise satisfies never;
  }
}

/** The policy has ended and nobody owns the incident. */
function endRound(turn: Turn): void {
  const kept = keptIn(turn.state.phase);
  if (kept !== null) return backToOwner(turn, kept);
  // Whom the space had no room for was not called: that step returns. Each round of those takes half an hour.
  if (turn.state.gaveWay === true) return beginRound(turn, turn.policy.start, turn.state.vain ?? null);
  if (!rang(turn.state) && turn.byTodaysRules()) return roundInVain(turn);
  if (turn.state.until === 'resolved' && turn.byTodaysRules()) return stayUnattended(turn);
  turn.tell({ kind: 'exhausted' });
  turn.enter({ kind: 'over', state: 'exhausted', owner: null });
}

/** Nobody has taken the news: it stays with its owner, for as long as there was. */
function backToOwner(turn: Turn, { owner, resolveAt }: Kept): void {
  turn.tell({ kind: 'newsNotTaken', owner });
  turn.enter({ kind: 'acknowledged', owner, timer: turn.timer(Math.max(turn.at, resolveAt)) });
}

/** Whether a telephone call was placed in this round. */
const rang = ({ placedCalls, roundFrom = 0 }: IncidentState): boolean => placedCalls > roundFrom;

/** Nobody was reached: it is open, and shown as exhausted, until somebody says something about it. */
function stayUnattended(turn: Turn): void {
  turn.change({ vain: null });
  const timer = turn.timer(turn.at + UNATTENDED_FOR_MS);
  turn.tell({ kind: 'exhausted', until: timer.at });
  turn.enter({ kind: 'snoozed', step: turn.policy.start, timer, unattended: { kind: 'exhausted' } });
}

/** Nobody was even called, so nobody can have been reached: the whole policy again, ever more slowly. */
export function roundInVain(turn: Turn): void {
  const kept = keptIn(turn.state.phase);
  if (kept !== null) return backToOwner(turn, kept);
  const { lastInVain } = turn.state;
  const reason = reasonIn(turn) ?? lastInVain ?? 'no call was placed';
  // In a circle no round ends, but one that rang is not in vain.
  const before = (rang(turn.state) ? null : turn.state.vain) ?? { rounds: 0, since: turn.at };
  if (turn.at - before.since >= TRIED_FOR_MS) {
    turn.tell({ kind: 'neverRang', since: before.since, reason });
    return turn.enter({ kind: 'over', state: 'cancelled', owner: null });
  }
  turn.change({ vain: { ...before, rounds: before.rounds + 1 } });
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(before.rounds, 10), LONGEST_WAIT_MS);
  const timer = turn.timer(Math.min(turn.at + wait, before.since + TRIED_FOR_MS));
  const step = turn.policy.start;
  turn.tell({ kind: 'nothingRang', step, reason, until: timer.at });
  turn.enter({ kind: 'snoozed', step, timer, unattended: { kind: 'nothingRang', reason } });
}

/** The last run that rang nobody, of what happened just now. */
export function reasonIn({ told }: Pick<Turn, 'told'>): string | null {
  for (const entry of told.toReversed()) {
    if (entry.kind === 'callEnded' && entry.calls === 0) {
      return `"${entry.step}": ${describeCallEnd(entry)}`.slice(0, LONGEST_REASON);
    }
  }
  return null;
}

/** The time of an unattended incident is over. */
export function unattendedLongEnough(turn: Turn, unattended: Unattended): void {
  if (unattended.kind === 'nothingRang') return beginRound(turn, turn.policy.start, turn.state.vain ?? null);
  turn.tell({ kind: 'leftUnattended' });
  turn.enter({ kind: 'over', state: 'exhausted', owner: null });
}

/** A day: whoever comes to work next has seen it, and what still fires has been reported again. */
const UNATTENDED_FOR_MS = 24 * 3_600_000;
const TRIED_FOR_MS = 24 * 3_600_000;
/** 10, 20, 40 s … 10 min: soon enough for a restart of the space, and never a storm of what is refused. */
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 600_000;
const LONGEST_REASON = 300;

/** A new level begins with this step as soon as nothing of the old one rings. */
export function callStep(turn: Turn, step: string, kept = keptIn(turn.state.phase)): void {
  turn.enter({ kind: 'next', step, ...(kept !== null && { kept }) });
}

/** The same, and what rang before no longer counts: a person, a timer or a new report has begun it. */
export function beginRound(turn: Turn, step: string, vain: VainRounds | null = null, kept: Kept | null = null): void {
  const { placedCalls, levelsInVain } = turn.state;
  turn.change({ roundFrom: placedCalls, vain, ...(turn.state.gaveWay === true && { gaveWay: false }) });
  if (levelsInVain > 0 && turn.byTodaysRules()) turn.change({ levelsInVain: 0 });
  callStep(turn, step, kept);
}

export function own(turn: Turn, owner: Owner, note: string | null): void {
  if (turn.state.until === 'acknowledged') {
    turn.tell({ kind: 'acknowledged', owner, note, until: null });
    return turn.enter({ kind: 'over', state: 'acknowledged', owner });
  }
  const timer = turn.timer(turn.policy.acknowledged.resolveWithin);
  turn.tell({ kind: 'acknowledged', owner, note, until: timer.at });
  turn.enter({ kind: 'acknowledged', owner, timer });
}

/** Another owner, who has the whole time to resolve it; but a workflow that a key started goes on, whoever owns it. */
export function takeOver(turn: Turn, from: Owner, owner: Owner, note: string | null): void {
  const { phase } = turn.state;
  turn.tell({ kind: 'takenOver', owner, from, note });
  if (phase.kind === 'running') return turn.enter({ ...phase, owner });
  own(turn, owner, note);
}

/** Whoever resolves it when nobody owns it is its owner in the result. */
export function resolve(turn: Turn, resolver: Owner, note: string | null): void {
  turn.tell({ kind: 'resolved', by: resolver.by, via: resolver.via, note });
  turn.enter({ kind: 'over', state: 'resolved', owner: ownerOf(turn.state) ?? resolver });
}

/** Nobody is called for a while; then the same step begins again. */
export function snooze(turn: Turn, duration: string, by: string): void {
  const step = currentStep(turn.state);
  const timer = turn.timer(duration);
  turn.tell({ kind: 'snoozed', by, step, until: timer.at });
  turn.enter({ kind: 'snoozed', step, timer });
}

/** Whoever pressed the key owns the incident while the workflow goes on. */
function run(turn: Turn, action: RunAction, presser: KeyOwner): void {
  const id = turn.newId();
  const timer = turn.timer(action.within);
  turn.tell({ kind: 'runStarted', run: id, workflow: action.workflow, owner: presser, until: timer.at });
  turn.change({ runs: [...turn.state.runs, { id, cancelling: false }] });
  turn.enter({ kind: 'running', owner: presser, presser, run: id, action, timer });
}

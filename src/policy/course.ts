/**
 * The courses that an incident can take. Keys, ends of workflows, steps that nobody answers, timers and updates all lead
 * to one of these, so a rule about any of them stands here once.
 */
import { currentStep, type KeyOwner, type Owner, ownerOf } from './incident-state.js';
import type { Escalate, Exhausted, KeyAction, RunAction, RunOutcome } from './policy.js';
import type { Turn } from './turn.js';

/** What a key that decides leads to. */
export type Decided = Exclude<KeyAction, { kind: 'next' | 'leave' }> | Exhausted;

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
      turn.tell({ kind: 'exhausted' });
      return turn.enter({ kind: 'over', state: 'exhausted', owner: null });
    default:
      return otherwise satisfies never;
  }
}

/** A new level begins with this step as soon as nothing of the old one rings. */
export function callStep(turn: Turn, step: string): void {
  turn.enter({ kind: 'next', step });
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

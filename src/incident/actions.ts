/** What a decision asks for, found by comparing the state before with the state after. */
import type { FinalState } from '../contract/incident-states.js';
import type { AutomationAction, Policy, StepCall } from '../contract/policy-schema.js';
import { stepOf } from './policy.js';
import { type IncidentState, isInChild, type Level, type Owner, ownerOf, type Timer } from './state.js';

export type Action =
  LevelAction | StartLevel | StandDownLevel | HangUpLevel | StartAutomation | CancelAutomation | Close;

/** What a level does, wherever it runs. Timers of an incident are the same. */
export type LevelAction = PlaceCalls | HangUpCalls | StartTimer | CancelTimer;

/** One attempt of a level: these runs are placed together. */
export interface PlaceCalls {
  readonly kind: 'placeCalls';
  readonly level: number;
  readonly step: string;
  readonly attempt: number;
  readonly calls: readonly { readonly id: number; readonly call: StepCall }[];
}
/** Hang these up and report each as ended; a key that was pressed before counts as pressed. */
export interface HangUpCalls {
  readonly kind: 'hangUpCalls';
  readonly calls: readonly number[];
}
export interface StartTimer {
  readonly kind: 'startTimer';
  readonly timer: number;
  /** Epoch milliseconds. */
  readonly at: number;
}
export interface CancelTimer {
  readonly kind: 'cancelTimer';
  readonly timer: number;
}
/** A level that runs in a child: the child begins with what is in it. */
export interface StartLevel {
  readonly kind: 'startLevel';
  readonly level: Level;
}
/** It ends and hangs up, and is reported as over. */
export interface StandDownLevel {
  readonly kind: 'standDownLevel';
  readonly level: number;
}
/** It hangs up and continues with its next attempt. */
export interface HangUpLevel {
  readonly kind: 'hangUpLevel';
  readonly level: number;
}
export interface StartAutomation {
  readonly kind: 'startAutomation';
  readonly run: number;
  readonly action: AutomationAction;
  readonly keyInput: string;
  readonly contact: string;
}
/** Cancel it and report it as ended or failed. */
export interface CancelAutomation {
  readonly kind: 'cancelAutomation';
  readonly run: number;
}
/** Nothing is live any more: the incident closes. */
export interface Close {
  readonly kind: 'close';
  readonly state: FinalState;
  readonly owner: Owner | null;
  readonly keyInput: string | null;
  readonly placedCalls: number;
}

/**
 * What must be done so that the world follows the state: the difference between two states, so that the two can never
 * disagree. What stops comes first.
 */
export function actionsBetween(policy: Policy, before: IncidentState, after: IncidentState): readonly Action[] {
  return [
    ...cancelledTimer(ownTimer(before), ownTimer(after)),
    ...cancelledAutomations(before, after),
    ...levelActions(policy, before.level, after.level),
    ...startedTimer(ownTimer(before), ownTimer(after)),
    ...startedAutomation(before, after),
    ...closed(before, after),
  ];
}

/** What must be done so that telephones and timers follow a level. What stops comes first. */
export function levelActionsBetween(policy: Policy, before: Level, after: Level): readonly LevelAction[] {
  return [
    ...hangUps(before, after),
    ...cancelledTimer(before.waiting, after.waiting),
    ...placedCalls(policy, before, after),
    ...startedTimer(before.waiting, after.waiting),
  ];
}

/** Of a level in a child only its beginning is done here; the child does the rest, or is asked for it. */
function levelActions(policy: Policy, before: Level, after: Level): readonly Action[] {
  if (!isInChild(after)) return levelActionsBetween(policy, before, after);
  if (after.number === before.number) return [];
  const stopped = isInChild(before) ? [] : levelActionsBetween(policy, before, { ...before, waiting: null });
  return [...stopped, { kind: 'startLevel', level: after }];
}

function hangUps(before: Level, after: Level): readonly LevelAction[] {
  const already = new Set(before.live.filter(({ hangingUp }) => hangingUp).map(({ id }) => id));
  const calls = after.live.filter(({ id, hangingUp }) => hangingUp && !already.has(id)).map(({ id }) => id);
  return calls.length === 0 ? [] : [{ kind: 'hangUpCalls', calls }];
}

function placedCalls(policy: Policy, before: Level, after: Level): readonly LevelAction[] {
  const known = new Set(before.live.map(({ id }) => id));
  const { number: level, step, attempts } = after;
  const ofStep = stepOf(policy, step).call;
  const calls = after.live
    .filter(({ id }) => !known.has(id))
    .flatMap(({ id, index }) => ofStep.slice(index, index + 1).map((call) => ({ id, call })));
  return calls.length === 0 ? [] : [{ kind: 'placeCalls', level, step, attempt: attempts + 1, calls }];
}

function cancelledAutomations(before: IncidentState, after: IncidentState): readonly Action[] {
  const already = new Set(before.runs.filter(({ cancelling }) => cancelling).map(({ id }) => id));
  return after.runs
    .filter(({ id, cancelling }) => cancelling && !already.has(id))
    .map(({ id }) => ({ kind: 'cancelAutomation', run: id }));
}

function startedAutomation(before: IncidentState, after: IncidentState): readonly Action[] {
  const { phase } = after;
  if (phase.kind !== 'running' || before.runs.some(({ id }) => id === phase.run)) return [];
  const { run, action, presser } = phase;
  return [{ kind: 'startAutomation', run, action, keyInput: presser.keyInput, contact: presser.by }];
}

function closed(before: IncidentState, after: IncidentState): readonly Action[] {
  if (after.phase.kind !== 'closed' || before.phase.kind === 'closed') return [];
  const owner = ownerOf(after);
  return [
    {
      kind: 'close',
      state: after.phase.state,
      owner,
      keyInput: owner?.keyInput ?? null,
      placedCalls: after.placedCalls,
    },
  ];
}

/** A timer that has fired is cancelled as well: that changes nothing, and needs no second rule. */
function cancelledTimer(before: Timer | null, after: Timer | null): readonly CancelTimer[] {
  return before === null || before.id === after?.id ? [] : [{ kind: 'cancelTimer', timer: before.id }];
}

function startedTimer(before: Timer | null, after: Timer | null): readonly StartTimer[] {
  if (after === null || after.id === before?.id) return [];
  return [{ kind: 'startTimer', timer: after.id, at: after.at }];
}

/** Not that of the level. */
const ownTimer = ({ phase }: IncidentState): Timer | null => ('timer' in phase ? phase.timer : null);

import type { Action, StartTimer } from './decision.js';
import { type IncidentState, ownerOf, type Level, type Timer } from './state.js';
import { levelActionsBetween } from './level-actions.js';
import type { Policy } from '../contract/policy.js';

/**
 * What must be done so that the world follows the state: the difference between two states, so that the two can never
 * disagree. What stops comes first.
 */
export function actionsBetween(policy: Policy, before: IncidentState, after: IncidentState): readonly Action[] {
  return [
    ...cancelledTimer(before, after),
    ...cancelledRuns(before, after),
    ...levelActions(policy, before.level, after.level),
    ...startedTimer(before, after),
    ...startedRun(before, after),
    ...closed(before, after),
  ];
}

/** Of a level elsewhere only its beginning is done here; the rest it does itself, or is asked. */
function levelActions(policy: Policy, before: Level, after: Level): readonly Action[] {
  if (after.runs === 'here') return levelActionsBetween(policy, before, after);
  if (after.number === before.number) return [];
  const stopped = before.runs === 'here' ? levelActionsBetween(policy, before, { ...before, waiting: null }) : [];
  return [...stopped, { kind: 'startLevel', level: after }];
}

/** A timer that has fired is cancelled as well: that changes nothing, and needs no second rule. */
function cancelledTimer(before: IncidentState, after: IncidentState): readonly Action[] {
  const timer = ownTimer(before);
  return timer === null || timer.id === ownTimer(after)?.id ? [] : [{ kind: 'cancelTimer', timer: timer.id }];
}

function startedTimer(before: IncidentState, after: IncidentState): readonly Action[] {
  const timer = ownTimer(after);
  const waitsFor = WAITS_FOR[after.phase.kind];
  if (timer === null || waitsFor === null || timer.id === ownTimer(before)?.id) return [];
  return [{ kind: 'startTimer', timer: timer.id, at: timer.at, waitsFor }];
}

/** Not that of the level. */
const ownTimer = ({ phase }: IncidentState): Timer | null => ('timer' in phase ? phase.timer : null);

const WAITS_FOR: Readonly<Record<IncidentState['phase']['kind'], StartTimer['waitsFor'] | null>> = {
  next: null,
  calling: null,
  snoozed: 'endOfSnooze',
  acknowledged: 'resolve',
  running: 'endOfRun',
  over: null,
  closed: null,
};

function cancelledRuns(before: IncidentState, after: IncidentState): readonly Action[] {
  const already = new Set(before.runs.filter(({ cancelling }) => cancelling).map(({ id }) => id));
  return after.runs
    .filter(({ id, cancelling }) => cancelling && !already.has(id))
    .map(({ id }) => ({ kind: 'cancelRun', run: id }));
}

function startedRun(before: IncidentState, after: IncidentState): readonly Action[] {
  const { phase } = after;
  if (phase.kind !== 'running' || before.runs.some(({ id }) => id === phase.run)) return [];
  const { run, action, presser } = phase;
  return [{ kind: 'startRun', run, action, keyInput: presser.keyInput, contact: presser.by }];
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

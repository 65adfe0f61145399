import type { Action, StartTimer } from './decision.js';
import { type IncidentState, ownerOf, timerOf } from './incident-state.js';
import type { Policy } from './policy.js';
import { stepOf } from './step-of.js';

/**
 * What must be done so that the world follows the state: the difference between two states, so that the two can never
 * disagree. What stops comes first.
 */
export function actionsBetween(policy: Policy, before: IncidentState, after: IncidentState): readonly Action[] {
  return [
    ...hangUps(before, after),
    ...cancelledTimer(before, after),
    ...cancelledRuns(before, after),
    ...placedCalls(policy, before, after),
    ...startedTimer(before, after),
    ...startedRun(before, after),
    ...closed(before, after),
  ];
}

function hangUps(before: IncidentState, after: IncidentState): readonly Action[] {
  const already = new Set(before.calls.filter(({ hangingUp }) => hangingUp).map(({ id }) => id));
  const calls = after.calls.filter(({ id, hangingUp }) => hangingUp && !already.has(id)).map(({ id }) => id);
  return calls.length === 0 ? [] : [{ kind: 'hangUpCalls', calls }];
}

function placedCalls(policy: Policy, before: IncidentState, after: IncidentState): readonly Action[] {
  const known = new Set(before.calls.map(({ id }) => id));
  const { number: level, step, attempts } = after.level;
  const runs = stepOf(policy, step).call;
  const calls = after.calls
    .filter(({ id }) => !known.has(id))
    .flatMap(({ id, index }) => runs.slice(index, index + 1).map((call) => ({ id, call })));
  return calls.length === 0 ? [] : [{ kind: 'placeCalls', level, step, attempt: attempts + 1, calls }];
}

/** A timer that has fired is cancelled as well: that changes nothing, and needs no second rule. */
function cancelledTimer(before: IncidentState, after: IncidentState): readonly Action[] {
  const timer = timerOf(before);
  return timer === null || timer.id === timerOf(after)?.id ? [] : [{ kind: 'cancelTimer', timer: timer.id }];
}

function startedTimer(before: IncidentState, after: IncidentState): readonly Action[] {
  const timer = timerOf(after);
  const waitsFor = WAITS_FOR[after.phase.kind];
  if (timer === null || waitsFor === null || timer.id === timerOf(before)?.id) return [];
  return [{ kind: 'startTimer', timer: timer.id, at: timer.at, waitsFor }];
}

const WAITS_FOR: Readonly<Record<IncidentState['phase']['kind'], StartTimer['waitsFor'] | null>> = {
  next: null,
  calling: null,
  waiting: 'nextAttempt',
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

import type { LevelAction } from './decision.js';
import type { Level } from './state.js';
import type { Policy } from '../contract/policy.js';
import { stepOf } from './policy.js';

/** What must be done so that telephones and timers follow a level. What stops comes first. */
export function levelActionsBetween(policy: Policy, before: Level, after: Level): readonly LevelAction[] {
  return [
    ...hangUps(before, after),
    ...cancelledTimer(before, after),
    ...placedCalls(policy, before, after),
    ...startedTimer(before, after),
  ];
}

function hangUps(before: Level, after: Level): readonly LevelAction[] {
  const already = new Set(before.live.filter(({ hangingUp }) => hangingUp).map(({ id }) => id));
  const calls = after.live.filter(({ id, hangingUp }) => hangingUp && !already.has(id)).map(({ id }) => id);
  return calls.length === 0 ? [] : [{ kind: 'hangUpCalls', calls }];
}

/** A timer that has fired is cancelled as well: that changes nothing, and needs no second rule. */
function cancelledTimer({ waiting }: Level, after: Level): readonly LevelAction[] {
  return waiting === null || waiting.id === after.waiting?.id ? [] : [{ kind: 'cancelTimer', timer: waiting.id }];
}

function placedCalls(policy: Policy, before: Level, after: Level): readonly LevelAction[] {
  const known = new Set(before.live.map(({ id }) => id));
  const { number: level, step, attempts } = after;
  const runs = stepOf(policy, step).call;
  const calls = after.live
    .filter(({ id }) => !known.has(id))
    .flatMap(({ id, index }) => runs.slice(index, index + 1).map((call) => ({ id, call })));
  return calls.length === 0 ? [] : [{ kind: 'placeCalls', level, step, attempt: attempts + 1, calls }];
}

function startedTimer(before: Level, { waiting }: Level): readonly LevelAction[] {
  if (waiting === null || waiting.id === before.waiting?.id) return [];
  return [{ kind: 'startTimer', timer: waiting.id, at: waiting.at, waitsFor: 'nextAttempt' }];
}

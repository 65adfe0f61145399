import { expect } from 'vitest';
import type { Policy } from '../../src/policy/policy.js';
import { SILENCE } from '../../src/simulate/behaviour.js';
import { simulate } from '../../src/simulate/simulate.js';
import type { Script } from '../../src/simulate/script.js';
import type { Simulation } from '../../src/simulate/simulation.js';
import { whomToCall } from '../../src/simulate/whom-to-call.js';
import type { Performance } from './perform.js';

/**
 * A workflow learns of a key, or of the end of a call, when it looks the next time; a space that was out of reach is asked
 * again after a pause. A simulation knows at once. So what really happens lies between a simulation and one in which
 * everything takes longer, and the two can be compared where both tell the same story.
 */
const LATEST_MS = 15_000;
/** Of what is asked again and again with a growing pause. */
const LATEST_AFTER_OUTAGE_MS = 75_000;

/** Looks often, and those who ring together never look at the same moment: the test server takes that amiss. */
export function looksOften(policy: Policy): Policy {
  const steps = Object.entries(policy.steps).map(([name, step]) => {
    return [name, { ...step, call: step.call.map((call, index) => ({ ...call, waitTime: 7 + index * 0.3 })) }] as const;
  });
  return { ...policy, steps: Object.fromEntries(steps) };
}

/** The same script, in which everything takes longer. `lateness` is asked for each single time. */
function late(policy: Policy, script: Script, lateness: () => number = () => LATEST_MS): Script {
  const callees = Object.values(policy.steps).flatMap(({ call }) => call.flatMap(whomToCall));
  // Who is not named does not pick up, and that takes longer as well.
  const unnamed = callees.filter(({ names }) => !names.some((name) => Object.hasOwn(script.calls, name)));
  const silent = Object.fromEntries(unnamed.map(({ names }) => [names[0] ?? '', [SILENCE]]));
  return {
    ...script,
    calls: later({ ...script.calls, ...silent }, lateness),
    runs: later(script.runs, lateness),
    outages: script.outages.map((outage) => {
      return { ...outage, to: outage.to + (lateness() / LATEST_MS) * LATEST_AFTER_OUTAGE_MS };
    }),
  };
}

/** Beyond these it is as late as the last of them. */
const TIMES = 30;

function later<T extends object>(
  told: Readonly<Record<string, readonly T[]>>,
  lateness: () => number,
): Readonly<Record<string, readonly T[]>> {
  const times = Object.entries(told).map(([name, list]): [string, readonly T[]] => [
    name,
    Array.from({ length: TIMES }, (_, index) => list[Math.min(index, list.length - 1)])
      .filter((one) => one !== undefined)
      .map((one) => ('afterMs' in one ? { ...one, afterMs: Number(one.afterMs) + lateness() } : one)),
  ]);
  return Object.fromEntries(times);
}

/** What must be the same however late everything is. */
function storyOf(policy: Policy, { calls, end, answers, timeline }: Simulation): readonly string[] {
  return [
    ...inOrder(policy, calls).map(called),
    ...answers.map(({ update, answer }) => `${update.kind}: ${answer.accepted}, ${answer.state}`),
    `${end.kind}: ${end.state} ${end.owner?.by} ${end.owner?.via} ${end.owner?.step} ${end.placedCalls}`,
    ...kinds(timeline),
  ];
}

/** The workflows made the same telephone calls in the same order, gave the same answers, and came to the same end. */
export function expectSameStory(policy: Policy, script: Script, performance: Performance): void {
  const earliest = simulate(policy, script);
  const latest = simulate(policy, late(policy, script));
  expect(storyOf(policy, latest), 'a script that depends on seconds').toEqual(storyOf(policy, earliest));

  const [performed, first, last] = [performance, earliest, latest].map(({ calls }) => inOrder(policy, calls));
  expect(performed?.map(called)).toEqual(first?.map(called));
  const untimely = performed?.filter(({ at }, index) => {
    return at < (first?.[index]?.at ?? 0) - LATEST_MS || at > (last?.[index]?.at ?? 0) + LATEST_MS;
  });
  expect(untimely, `rang neither as early as ${JSON.stringify(first)} nor as late as ${JSON.stringify(last)}`).toEqual(
    [],
  );

  const { kind, state, owner, placedCalls } = earliest.end;
  expect(performance.answers.map((answer) => ({ ...answer, state: seen(answer.state) }))).toEqual(
    earliest.answers.map(({ update, answer }) => ({
      update: update.kind,
      accepted: answer.accepted,
      state: seen(answer.state),
    })),
  );
  expect({ ...performance.end, state: seen(performance.end.state) }).toEqual({
    kind,
    state: seen(state),
    // Whom a stored call flow calls is known to Pigeon alone.
    owner: owner?.by === 'unknown' ? { ...owner, by: expect.stringContaining('call flow') as string } : owner,
    placedCalls: placedCalls + begun(earliest),
  });
  if (kind === 'closed') expect(kinds(performance.result.timeline)).toEqual(kinds(earliest.timeline));
}

interface Called {
  readonly at: number;
  readonly level: number;
  readonly step: string;
  readonly attempt: number;
  readonly who: string;
  readonly end: string;
}

const called = ({ level, step, attempt, who, end }: Called): string =>
  // What rings at the horizon is hung up there.
  `level ${level} "${step}", attempt ${attempt}: ${who} ${end === 'under way' ? 'hung up' : end}`;

/** By time; in an attempt that calls several together by their names, since nobody knows which of them rings first. */
function inOrder(policy: Policy, calls: readonly Called[]): readonly Called[] {
  const together = ({ step, who }: Called): string => ((policy.steps[step]?.call.length ?? 0) > 1 ? who : '');
  return calls.toSorted(
    (one, other) =>
      one.level - other.level ||
      one.attempt - other.attempt ||
      together(one).localeCompare(together(other)) ||
      one.at - other.at,
  );
}

/** Runs that were aborted as their first telephone call was being prepared: it never rang, and Pigeon counts it. */
const begun = ({ timeline }: Simulation): number =>
  timeline.filter((entry) => entry.kind === 'callEnded' && entry.outcome === 'aborted').length;

/** A simulation is blocked only where calls are not taken; a real call that rings and cannot be looked at is as well. */
const seen = (state: string): string => (state === 'blocked' ? 'triggered' : state);

/** In any order: a level that runs elsewhere tells first that it is over. */
const kinds = (timeline: readonly { readonly kind: string }[]): readonly string[] =>
  timeline
    .map(({ kind }) => kind)
    .filter((kind) => kind !== 'callBlocked' && kind !== 'callUnblocked')
    .toSorted();

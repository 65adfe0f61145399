import type { Policy } from '../../src/contract/policy-schema.js';
import { SILENCE } from '../../src/simulate/behaviour.js';
import type { Script } from '../../src/simulate/script.js';
import { whomToCall } from '../../src/simulate/simulated-run.js';

/** What is compared of a simulation and of what really happened. Times are milliseconds after the opening. */
export interface Told {
  readonly calls: readonly ToldCall[];
  readonly answers: readonly {
    readonly update: { readonly kind: string };
    readonly answer: { readonly accepted: boolean; readonly state: string };
  }[];
  readonly end: {
    readonly kind: string;
    readonly state: string;
    readonly owner: { readonly by: string; readonly via: string; readonly step: string | null } | null;
    readonly placedCalls: number;
  };
  readonly timeline: readonly { readonly kind: string }[];
}

export interface ToldCall {
  readonly at: number;
  readonly level: number;
  readonly step: string;
  readonly attempt: number;
  readonly who: string;
  /** In words: `pressed 1`. */
  readonly end: string;
}

/** What must be the same, whatever happens some seconds later. */
export function storyOf(policy: Policy, { calls, answers, end, timeline }: Told): readonly string[] {
  return [
    ...inOrder(policy, calls).map(called),
    ...answers.map(({ update, answer }) => `${update.kind}: ${answer.accepted}, ${seen(answer.state)}`),
    `${end.kind}: ${seen(end.state)}, after ${end.placedCalls} calls, owned by ${owner(end)}`,
    // In any order: a level that runs elsewhere tells first that it is over.
    ...timeline.flatMap(({ kind }) => (kind === 'callBlocked' || kind === 'callUnblocked' ? [] : [kind])).toSorted(),
  ];
}

const called = ({ level, step, attempt, who, end }: ToldCall): string =>
  // What rings at the horizon is hung up there.
  `level ${level} "${step}", attempt ${attempt}: ${who} ${end === 'under way' ? 'hung up' : end}`;

/** A simulation is blocked only where calls are not taken; a real call that rings and cannot be looked at is as well. */
const seen = (state: string): string => (state === 'blocked' ? 'triggered' : state);

/** Whom a stored call flow calls is known to Pigeon alone. */
const owner = ({ owner }: Told['end']): string =>
  owner === null ? 'nobody' : `${owner.by.startsWith('call flow') ? 'unknown' : owner.by} ${owner.via} ${owner.step}`;

/** By time; in an attempt that calls several together by their names, since nobody knows which of them rings first. */
function inOrder(policy: Policy, calls: readonly ToldCall[]): readonly ToldCall[] {
  const together = ({ step, who }: ToldCall): string => ((policy.steps[step]?.call.length ?? 0) > 1 ? who : '');
  return calls.toSorted(
    (one, other) =>
      one.level - other.level ||
      one.attempt - other.attempt ||
      together(one).localeCompare(together(other)) ||
      one.at - other.at,
  );
}

/**
 * A workflow learns of a key, or of the end of a call, when it looks the next time; a space that was out of reach is asked
 * again after a pause. A simulation knows at once. So what really happens lies between a simulation and one in which
 * everything takes longer, and they can be compared where both tell the same story.
 */
export const LATEST_MS = 15_000;
/** Of what is asked again and again with a growing pause. */
const LATEST_AFTER_OUTAGE_MS = 75_000;

/** The calls that rang earlier than in the first of the simulations, or later than in the second. */
export function untimely(policy: Policy, real: Told, earliest: Told, latest: Told): readonly string[] {
  const [first, last] = [earliest, latest].map(({ calls }) => inOrder(policy, calls).map(({ at }) => at));
  return inOrder(policy, real.calls).flatMap((call, index) => {
    const from = (first?.[index] ?? 0) - LATEST_MS;
    const to = (last?.[index] ?? 0) + LATEST_MS;
    return from <= call.at && call.at <= to ? [] : [`${called(call)}: after ${call.at} ms, not from ${from} to ${to}`];
  });
}

/** The same script, in which everything takes longer. `lateness` is asked for each single time. */
export function late(policy: Policy, script: Script, lateness: () => number = () => LATEST_MS): Script {
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

/** Looks often, and those who ring together never look at the same moment: the test server takes that amiss. */
export function looksOften(policy: Policy): Policy {
  const steps = Object.entries(policy.steps).map(([name, step]) => {
    return [name, { ...step, call: step.call.map((call, index) => ({ ...call, waitTime: 7 + index * 0.3 })) }] as const;
  });
  return { ...policy, steps: Object.fromEntries(steps) };
}

import type { KeyAction, Policy } from '../../contract/policy-schema.js';
import { words } from '../../words/words.js';
import { inColumns, padToWidth } from '../../yaml-file/display-width.js';
import { lookSeconds, planOf, RING_SECONDS, type Bound, type LevelPlan, type PolicyPlan } from './level-plan.js';
import { describeCallees, describeOutcome, describeDelay, describeVia } from './describe.js';

/** The policy for people: each level, and what happens when nobody answers. */
export function showText(policy: Policy): string {
  const plan = planOf(policy);
  const { acknowledged, budget } = policy;
  const { policy: said } = words();
  const head = [
    policy.name,
    row(said.startsWith, policy.start),
    row(
      said.acknowledged,
      acknowledged.resolveWithin === 'never'
        ? said.notCalledAgain
        : said.notResolved(acknowledged.resolveWithin, acknowledged.otherwise.step),
    ),
    ...(policy.rounds === undefined ? [] : [row(said.rounds, said.roundsOf(policy.rounds.times, policy.rounds.every))]),
    row(said.worse, policy.worse === 'call' ? said.worseCalls(policy.start) : said.worseRecorded),
    row(said.budget, said.budgetOf(budget.calls, budget.within)),
  ];
  const levels = plan.levels.map((level) => showLevel(level, policy));
  return [head, ...levels, showUnanswered(plan, policy), showAssumptions(plan, policy)]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function showLevel(
  { step: name, callsPerAttempt, calls, reached }: LevelPlan,
  { steps, contacts }: Policy,
): readonly string[] {
  const step = steps[name];
  if (step === undefined) return [];
  const { policy: said } = words();
  const delay = describeDelay(step);
  const together = step.call.length > 1 ? said.together : '';
  const most = atMost(calls ?? callsPerAttempt);
  const attempts =
    step.attempts === 'unlimited'
      ? said.untilTaken(step.every, bound(callsPerAttempt, said.telephoneCalls))
      : step.attempts > 1
        ? said.apart(step.attempts, step.every, most)
        : said.once(most);
  return [
    name,
    row(said.calls, step.call.map((call) => describeCallees(call, contacts)).join(' + ') + together),
    row(said.attempts, attempts),
    row(said.called, whenReached(reached)),
    ...(delay === '' ? [] : [row(said.delay, delay)]),
    ...Object.entries(step.keys).map(([key, action]) => row(said.key(key), describeKey(action))),
    row(said.otherwise, describeOutcome(step.otherwise)),
  ];
}

function whenReached(reached: LevelPlan['reached']): string {
  const { policy: said } = words();
  switch (reached.kind) {
    case 'unanswered': {
      if (reached.afterSeconds.value === 0) return said.atOnce;
      const after = bound(reached.afterSeconds, time);
      return reached.afterSeconds.atLeast ? said.afterStartAtLeast(after) : said.afterStart(after);
    }
    case 'onlyBy':
      return said.onlyBy(reached.ways.map(({ from, via }) => said.way(describeVia(via), from)).join('; '));
    case 'notResolved':
      return said.onlyIfNotResolved;
    default:
      return reached satisfies never;
  }
}

function describeKey(action: KeyAction): string {
  if (action.kind !== 'run') return describeOutcome(action);
  const { workflow, taskQueue, within, then, onFailure } = action;
  return words().policy.run(workflow, taskQueue, within, describeOutcome(then), describeOutcome(onFailure));
}

function showUnanswered({ levels, end, callsAtMost }: PolicyPlan, { budget, rounds }: Policy): readonly string[] {
  const { policy: said } = words();
  const cells = [[said.level, said.calledAtLatest, said.withMachines, said.callsBefore]];
  for (const { step, reached } of levels) {
    if (reached.kind !== 'unanswered') continue;
    const { afterSeconds, afterSecondsWithMachines, callsBefore, budgetMayDelay } = reached;
    const before = bound(callsBefore, String);
    cells.push([
      step,
      afterSeconds.value === 0 ? said.atOnce : bound(afterSeconds, time),
      afterSeconds.value === 0 ? said.atOnce : bound(afterSecondsWithMachines, time),
      budgetMayDelay ? said.mayWait(before) : before,
    ]);
  }
  return [said.ifNobody, ...inColumns(cells, '   ').map((line) => `  ${line}`), `  ${said.thenEnds(describeEnd())}`];

  function describeEnd(): string {
    switch (end.kind) {
      case 'exhausted':
        return rounds === undefined
          ? said.endExhausted(callsAtMost === null ? '' : atMost(callsAtMost))
          : said.endOfRounds(rounds.times, callsAtMost === null ? '' : atMost(callsAtMost));
      case 'unlimited':
        return said.endUnlimited(budget.calls, budget.within);
      case 'again':
        return said.endAgain(end.step, budget.calls, budget.within);
      default:
        return end satisfies never;
    }
  }
}

function showAssumptions({ levels }: PolicyPlan, policy: Policy): readonly string[] {
  const unknown = levels.some(({ callsPerAttempt }) => callsPerAttempt.atLeast);
  const spoken = Object.values(policy.steps).some(({ call }) => call.some(({ guidance }) => guidance !== undefined));
  const looks = Object.values(policy.steps).map(({ call }) => lookSeconds(call));
  const { policy: said } = words();
  const [least, most] = [Math.min(...looks), Math.max(...looks)];
  return [
    said.assumed(RING_SECONDS, least === most ? String(least) : said.fromTo(least, most)),
    ...(spoken ? [said.assumedMachines] : []),
    ...(unknown ? [said.assumedStored] : []),
  ];
}

function row(title: string, text: string): string {
  return `  ${padToWidth(title, 14)}${text}`;
}

function atMost(calls: Bound): string {
  const { policy: said } = words();
  const text = bound(calls, said.telephoneCalls);
  return calls.atLeast ? text : said.atMost(text);
}

function bound({ value, atLeast }: Bound, describe: (value: number) => string): string {
  return atLeast ? words().policy.orMore(describe(value)) : describe(value);
}

function time(seconds: number): string {
  return words().general.duration(seconds * 1000);
}

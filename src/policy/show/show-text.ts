import { describeMs } from '../../contract/duration.js';
import type { KeyAction, Policy } from '../../contract/policy-schema.js';
import { inColumns } from '../../yaml-file/display-width.js';
import { lookSeconds, planOf, RING_SECONDS, type Bound, type LevelPlan, type PolicyPlan } from './level-plan.js';
import { describeCallees, describeOutcome, describeVia, plural } from './words.js';

/** The policy for people: each level, and what happens when nobody answers. */
export function showText(policy: Policy): string {
  const plan = planOf(policy);
  const { acknowledged, budget } = policy;
  const head = [
    policy.name,
    row('starts with', policy.start),
    row(
      'acknowledged',
      `not resolved within ${acknowledged.resolveWithin}: calls again, ${acknowledged.otherwise.step}`,
    ),
    row(
      'worse news',
      policy.worse === 'call' ? `the owner is called again, then ${policy.start}` : 'are only written down',
    ),
    row('budget', `at most ${plural(budget.calls, 'telephone call')} in any ${budget.within}`),
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
  const together = step.call.length > 1 ? ', all at the same time' : '';
  const attempts =
    step.attempts === 'unlimited'
      ? `until somebody takes it, ${step.every} apart: ${bound(callsPerAttempt, telephoneCalls)} each`
      : `${step.attempts}${step.attempts > 1 ? `, ${step.every} apart` : ''}: ${atMost(calls ?? callsPerAttempt)}`;
  return [
    name,
    row('calls', step.call.map((call) => describeCallees(call, contacts)).join(' + ') + together),
    row('attempts', attempts),
    row('called', whenReached(reached)),
    ...Object.entries(step.keys).map(([key, action]) => row(`key ${key}`, describeKey(action))),
    row('otherwise', describeOutcome(step.otherwise)),
  ];
}

function whenReached(reached: LevelPlan['reached']): string {
  switch (reached.kind) {
    case 'unanswered':
      return reached.afterSeconds.value === 0
        ? 'at once'
        : `${reached.afterSeconds.atLeast ? '' : 'at the latest '}${bound(reached.afterSeconds, time)} after the start, if nobody answers`;
    case 'onlyBy':
      return `only by ${reached.ways.map(({ from, via }) => `${describeVia(via)} of ${from}`).join('; ')}`;
    case 'notResolved':
      return 'only when an acknowledged incident is not resolved in time';
    default:
      return reached satisfies never;
  }
}

function describeKey(action: KeyAction): string {
  if (action.kind !== 'run') return describeOutcome(action);
  const { workflow, taskQueue, within, then, onFailure } = action;
  return `run ${workflow} (task queue ${taskQueue}, within ${within}); then ${describeOutcome(then)}; if it fails, ${describeOutcome(onFailure)}`;
}

function showUnanswered({ levels, end, callsAtMost }: PolicyPlan, { budget }: Policy): readonly string[] {
  const cells = [['level', 'called at the latest', 'with answering machines', 'telephone calls before']];
  for (const { step, reached } of levels) {
    if (reached.kind !== 'unanswered') continue;
    const { afterSeconds, afterSecondsWithMachines, callsBefore, budgetMayDelay } = reached;
    cells.push([
      step,
      afterSeconds.value === 0 ? 'at once' : bound(afterSeconds, time),
      afterSeconds.value === 0 ? 'at once' : bound(afterSecondsWithMachines, time),
      bound(callsBefore, String) + (budgetMayDelay ? ', may wait for the budget' : ''),
    ]);
  }
  return ['If nobody presses a key', ...inColumns(cells, '   ').map((line) => `  ${line}`), `  then ${describeEnd()}`];

  function describeEnd(): string {
    switch (end.kind) {
      case 'exhausted':
        return `exhausted, after ${callsAtMost === null ? '' : atMost(callsAtMost)}`;
      case 'unlimited':
        return `the last level is repeated until somebody takes it; the budget bounds it: ${budget.calls} in any ${budget.within}`;
      case 'again':
        return `${end.step} again, round and round; only the budget bounds it: ${budget.calls} in any ${budget.within}`;
      default:
        return end satisfies never;
    }
  }
}

function showAssumptions({ levels }: PolicyPlan, policy: Policy): readonly string[] {
  const unknown = levels.some(({ callsPerAttempt }) => callsPerAttempt.atLeast);
  const spoken = Object.values(policy.steps).some(({ call }) => call.some(({ guidance }) => guidance !== undefined));
  const looks = Object.values(policy.steps).map(({ call }) => lookSeconds(call));
  const seconds = [...new Set([Math.min(...looks), Math.max(...looks)])].join(' to ');
  return [
    `Assumed: a telephone rings ${RING_SECONDS} s; the end of a call is seen ${seconds} s later; a line is free; the space takes our calls.`,
    ...(spoken
      ? ['An answering machine listens to all six readings of the text, at 5 Japanese characters a second.']
      : []),
    ...(unknown
      ? ['How many people a stored call flow has is known to Pigeon alone: "or more" counts one call for it.']
      : []),
  ];
}

function row(title: string, text: string): string {
  return `  ${title.padEnd(14)}${text}`;
}

function atMost(calls: Bound): string {
  return (calls.atLeast ? '' : 'at most ') + bound(calls, telephoneCalls);
}

function bound({ value, atLeast }: Bound, describe: (value: number) => string): string {
  return describe(value) + (atLeast ? ' or more' : '');
}

function time(seconds: number): string {
  return describeMs(seconds * 1000);
}

function telephoneCalls(count: number): string {
  return plural(count, 'telephone call');
}

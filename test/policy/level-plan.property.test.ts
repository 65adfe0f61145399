import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../src/policy/read-policy.js';
import { lookSeconds, planOf, type LevelPlan } from '../../src/policy/show/level-plan.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { simulate } from '../../src/simulate/simulate.js';
import { examples, oneStep, policyOf } from './policies.js';
import { scriptOf } from './script-of.js';
import { policyFile } from './policy-file.arbitrary.js';

const HORIZON_SECONDS = 2 * 86_400;

/** Levels that are reached when nobody answers, without waiting for the budget. */
function reached(policy: Policy) {
  return planOf(policy).levels.flatMap(({ step, reached }: LevelPlan) =>
    reached.kind === 'unanswered' && !reached.budgetMayDelay ? [{ step, ...reached }] : [],
  );
}

/** What is planned, beside what happens when nobody ever picks up. */
function compare(policy: Policy): void {
  const { calls } = simulate(policy, scriptOf(policy, { horizon: '2d' }));
  let looks = 0;
  for (const { step, afterSeconds, callsBefore } of reached(policy)) {
    if (afterSeconds.value >= HORIZON_SECONDS) break;
    const first = calls.findIndex((call) => call.step === step);
    const seconds = (calls[first]?.at ?? -1) / 1000;
    // The simulation sees the end of a call at once.
    expect(afterSeconds.value - seconds).toBeCloseTo(looks);
    expect(first).toBe(callsBefore.value);
    const { attempts, call = [] } = policy.steps[step] ?? {};
    looks += Number(attempts) * lookSeconds(call);
  }
}

describe('the time until a level is called at the latest', () => {
  test.for(examples)('is that of the simulation in which nobody answers: $name', ({ text }) => {
    const policy = policyOf(text);
    compare(policy);
    expect(reached(policy).length).toBeGreaterThan(0);
  });

  test('is that of the simulation for any policy', () => {
    let several = 0;
    fc.assert(
      fc.property(policyFile, (file) => {
        const reading = readPolicy(JSON.stringify(file));
        if (!reading.ok) return;
        compare(reading.policy);
        if (reached(reading.policy).length > 1) several += 1;
      }),
      { numRuns: 300 },
    );
    expect(several).toBeGreaterThan(0);
  });

  test('is longer with answering machines, which listen to the end', () => {
    const policy = policyOf(
      oneStep(
        '{ call: { contacts: [tanaka], say: "{{server}}、1" }, keys: { 1: acknowledge }, otherwise: { escalate: second } }\n' +
          '  second: { call: { contacts: [yamada], say: "{{server}}、1" }, keys: { 1: acknowledge } }',
      ),
    );
    const [, second] = reached(policy);
    expect(second?.afterSeconds).toEqual({ value: 45, atLeast: false });
    expect(second?.afterSecondsWithMachines).toEqual({ value: 53, atLeast: false });
  });
});

describe('the number of calls', () => {
  test.for([
    ['call: { contacts: [tanaka, yamada], loops: 3, say: "1" }, attempts: 2', { value: 12, atLeast: false }],
    ['call: [{ contacts: [tanaka], say: "1" }, { contacts: [yamada], say: "1" }]', { value: 2, atLeast: false }],
    ['call: { callflowId: a, guidanceId: b }, attempts: 4', { value: 4, atLeast: true }],
    ['call: { contacts: [tanaka], say: "1" }, attempts: unlimited', null],
    ['call: { contacts: [tanaka], say: "1" }, otherwise: { escalate: primary }', null],
  ] as const)('of { %s } at most', ([step, callsAtMost]) => {
    expect(planOf(policyOf(oneStep(`{ ${step}, keys: { 1: acknowledge } }`)))).toMatchObject({ callsAtMost });
  });
});

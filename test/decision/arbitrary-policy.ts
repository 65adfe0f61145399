import fc from 'fast-check';
import { SEVERITIES } from '../../src/contract/severity.js';
import { maxCalls } from '../../src/incident/level.js';
import type {
  Escalate,
  Exhausted,
  KeyAction,
  Policy,
  AutomationOutcome,
  Step,
  StepCall,
} from '../../src/contract/policy-schema.js';

const NAMES = ['primary', 'database', 'manager'] as const;

/** Any valid policy in its normal form: of one to three steps, whose attempts fit into its budget. */
export const arbitraryPolicy: fc.Arbitrary<Policy> = fc
  .integer({ min: 1, max: NAMES.length })
  .chain((count) => policyOfSteps(NAMES.slice(0, count)))
  // As it comes from JSON: fast-check makes objects without a prototype.
  .map((policy) => JSON.parse(JSON.stringify(policy)) as Policy);

const duration = fc.constantFrom('1s', '30s', '1m', '5m', '2h');

const contact = fc.record({
  displayName: fc.constantFrom('田中', '山田'),
  phones: fc.constant([{ phoneNumber: '0300000001' }]).map((phones) => [...phones]),
});
const call: fc.Arbitrary<StepCall> = fc.oneof(
  fc.constant({ callflowId: 'flow', guidanceId: 'guidance' }),
  fc.record({
    callflow: fc.record({
      loopLimit: fc.integer({ min: 1, max: 2 }),
      contacts: fc.array(contact, { minLength: 1, maxLength: 2 }),
    }),
    guidanceId: fc.constant('guidance'),
  }),
);

function policyOfSteps(names: readonly string[]): fc.Arbitrary<Policy> {
  const name = fc.constantFrom(...names);
  const plain: fc.Arbitrary<Escalate> = fc.record({ kind: fc.constant('escalate'), step: name });
  const escalate: fc.Arbitrary<Escalate> = fc.oneof(
    { weight: 3, arbitrary: plain },
    fc.record({ kind: fc.constant('escalate'), step: name, after: duration }),
  );
  const exhausted = fc.constant<Exhausted>({ kind: 'exhausted' });
  const snooze = fc.record({ kind: fc.constant('snooze'), for: duration });
  const acknowledge = fc.constant({ kind: 'acknowledge' } as const);
  const resolve = fc.constant({ kind: 'resolve' } as const);
  const outcome: fc.Arbitrary<AutomationOutcome> = fc.oneof(acknowledge, resolve, escalate, snooze, exhausted);
  const key: fc.Arbitrary<KeyAction> = fc.oneof(
    acknowledge,
    resolve,
    escalate,
    snooze,
    fc.constant({ kind: 'next' } as const),
    fc.constant({ kind: 'leave' } as const),
    fc.record({
      kind: fc.constant('run'),
      workflow: fc.constant('restartWeb'),
      taskQueue: fc.constant('ops'),
      input: fc.constant(null),
      within: duration,
      then: outcome,
      onFailure: outcome,
    }),
  );
  const step: fc.Arbitrary<Step> = fc.record(
    {
      call: fc.array(call, { minLength: 1, maxLength: 3 }),
      attempts: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant('unlimited' as const)),
      every: duration,
      keys: fc.dictionary(fc.constantFrom('1', '2', '3', '4'), key, { noNullPrototype: true }),
      otherwise: fc.oneof(escalate, exhausted),
      after: fc.dictionary(fc.constantFrom(...SEVERITIES), duration, { noNullPrototype: true }),
    },
    { requiredKeys: ['call', 'attempts', 'every', 'keys', 'otherwise'] },
  );
  return fc
    .record({
      steps: fc.tuple(...names.map(() => step)),
      acknowledged: fc.record({
        resolveWithin: fc.oneof({ weight: 4, arbitrary: duration }, fc.constant('never' as const)),
        otherwise: plain,
      }),
      rounds: fc.option(fc.record({ times: fc.integer({ min: 2, max: 3 }), every: duration }), { nil: undefined }),
      spare: fc.integer({ min: 0, max: 6 }),
      within: fc.constantFrom('1m', '1h', '1d'),
      worse: fc.constantFrom('call' as const, 'note' as const),
    })
    .map(({ steps, acknowledged, rounds, spare, within, worse }) => ({
      version: 1,
      name: 'arbitrary',
      start: names[0] ?? '',
      parameters: [],
      contacts: { tanaka: { name: '田中' }, yamada: { name: '山田' } },
      steps: Object.fromEntries(steps.map((step, index) => [names[index] ?? '', step])),
      acknowledged,
      ...(rounds !== undefined && { rounds }),
      worse,
      budget: { calls: Math.max(...steps.map((step) => maxCalls(step))) + spare, within },
    }));
}

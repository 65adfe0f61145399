import fc from 'fast-check';

/** Mostly right, now and then wrong: so that about half of the files have no error. */
function mostly<T, U>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<U>): fc.Arbitrary<T | U> {
  return fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

const duration = mostly(fc.constantFrom('30s', '5m', '1h'), fc.constantFrom('0s', 'soon', 5, '2d'));
const escalate = fc.record({ escalate: mostly(fc.constantFrom('primary', 'manager'), fc.constant('boss')) });
const snooze = fc.record({ snooze: duration });
const outcome = fc.oneof(fc.constantFrom('acknowledge', 'resolve', 'exhausted'), escalate, snooze);
const run = fc.record({
  run: fc.record(
    {
      workflow: fc.constant('restart'),
      taskQueue: fc.constant('ops'),
      input: fc.jsonValue(),
      within: duration,
      then: outcome,
      onFailure: outcome,
    },
    { requiredKeys: ['workflow', 'taskQueue'] },
  ),
});
const action = fc.oneof(fc.constantFrom('acknowledge', 'resolve', 'next', 'leave'), escalate, snooze, run);
const key = fc.record(
  { say: mostly(fc.constant('はい'), fc.constant('')), do: action, 'x-note': fc.jsonValue() },
  { requiredKeys: ['do'] },
);
const keys = fc.record(
  { '1': fc.constant('acknowledge'), '2': fc.oneof(action, key), '9': action },
  { requiredKeys: ['1'] },
);
const values = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const parameters = mostly(
  fc.dictionary(fc.constantFrom('team', 'count'), values),
  fc.dictionary(fc.constantFrom('a b', 'pigeonflowRef', ''), values),
);
const described = fc.record(
  {
    contacts: fc.array(fc.constantFrom('tanaka', 'yamada', 'sato'), { minLength: 1, maxLength: 3 }),
    loops: mostly(fc.integer({ min: 1, max: 12 }), fc.constant(0)),
    say: mostly(fc.constantFrom('1と2', '{{server}} 1'), fc.constantFrom('{{team}}', '{')),
    parameters,
    waitTime: mostly(fc.constantFrom(1, 2.5, 60), fc.constantFrom(0, '15s')),
  },
  { requiredKeys: ['contacts', 'say'] },
);
const stored = fc.record(
  { callflowId: fc.constant('a'), guidanceId: fc.constant('b'), parameters },
  { requiredKeys: ['callflowId', 'guidanceId'] },
);
const call = fc.oneof(described, stored);
const step = fc.record(
  {
    call: fc.oneof(call, fc.array(described, { minLength: 1, maxLength: 3 })),
    attempts: mostly(fc.constantFrom(2, 3, 'unlimited'), fc.constantFrom(0, 'often')),
    every: duration,
    keys: mostly(keys, fc.constant({ '0': 'acknowledge' })),
    otherwise: fc.oneof(fc.constant('exhausted'), escalate),
    'x-note': fc.jsonValue(),
  },
  { requiredKeys: ['call', 'keys', 'attempts'] },
);

export const policyFile = fc.record(
  {
    version: fc.constant(1),
    name: mostly(fc.constantFrom('web', 'a-1'), fc.constant('Web')),
    parameters: fc.constant(['server', 'incident']),
    contacts: fc.constant({
      tanaka: { name: '田中', phone: '03-0000-0001' },
      yamada: { phone: '+81 300000002' },
      sato: { name: '佐藤', phone: '09000000003' },
    }),
    steps: fc.record({ primary: step, manager: step }),
    start: fc.constant('primary'),
    acknowledged: fc.record({ resolveWithin: duration, otherwise: escalate }, { requiredKeys: ['otherwise'] }),
    budget: fc.record({ calls: fc.integer({ min: 100, max: 200 }), within: fc.constantFrom('1d', '6h') }),
    'x-notes': fc.jsonValue(),
  },
  { requiredKeys: ['name', 'contacts', 'parameters', 'steps', 'start', 'budget'] },
);

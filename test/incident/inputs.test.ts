import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import {
  alertFor,
  calledIn,
  calling,
  ENDLESSLY,
  escalateTo,
  follow,
  newIncidentId,
  policyWith,
  refused,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useSharedWorld(useRig(), { ...ENDLESSLY, people: { [TANAKA.phone]: [neverPicksUp()] } });
const POLICY = policyWith({ primary: calling([TANAKA]) });
const PRIMARY = POLICY.steps['primary'];

/** How a workflow of ours fails that is started like this. */
async function failureOf(type: string, args: readonly unknown[], more: object = {}): Promise<ApplicationFailure> {
  const { temporal, taskQueue } = world();
  const failed = temporal.workflow.execute(type, { workflowId: newIncidentId(), taskQueue, args: [...args], ...more });
  const error = await failed.then(
    () => new Error('it did not fail'),
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  return cause as ApplicationFailure;
}

const withPolicy = (part: object) => ({ ...alertFor(POLICY), policy: { ...POLICY, ...part } });
const withStep = (part: object) => withPolicy({ steps: { primary: { ...PRIMARY, ...part } } });

describe('the input of an incident', SIDE_BY_SIDE, () => {
  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ['nothing', undefined, /input: must be object/],
    ['an empty object', {}, /'policy'.*'dedupKey'.*'summary'/],
    ['null', null, /input: must be object/],
    ['a text', 'disk full', /input: must be object/],
    ['a list', [], /input: must be object|'policy'/],
    ['no policy', { summary: 'x', dedupKey: 'y' }, /'policy'/],
    ['no summary', { ...alertFor(POLICY), summary: undefined }, /'summary'/],
    ['an empty summary', alertFor(POLICY, { summary: '' }), /summary: must NOT have fewer than 1/],
    [
      'a summary that nobody could read',
      alertFor(POLICY, { summary: 'x'.repeat(1_001) }),
      /summary: must NOT have more than 1000/,
    ],
    [
      'parameters that nobody could read aloud',
      alertFor(POLICY, { parameters: { server: 'x'.repeat(8_200), incident: 'x'.repeat(8_200) } }),
      /parameters: must be at most 16384 characters of JSON in all/,
    ],
    ['no key', { ...alertFor(POLICY), dedupKey: undefined }, /'dedupKey'/],
    ['a severity that is no word', { ...alertFor(POLICY), severity: 7 }, /severity: must be string/],
    ['an unknown until', { ...alertFor(POLICY), until: 'noon' }, /until: must be "resolved" or "acknowledged"/],
    [
      'a parameter that is no text',
      { ...alertFor(POLICY), parameters: { server: {} } },
      /parameters\.server: must be text of at most 10000 characters, a number or a boolean/,
    ],
    ['a future version', { ...alertFor(POLICY), version: 2 }, /version: /],
    ['a policy that is a number', { ...alertFor(POLICY), policy: 7 }, /policy: /],
    ['a policy without anything', { ...alertFor(POLICY), policy: {} }, /policy: must have required property 'name'/],
    [
      'a policy name that is a path',
      alertFor('../../etc/passwd'),
      /policy: must be the name of a policy \(a-z, 0-9, -\)/,
    ],
    [
      'a start that is no step',
      withPolicy({ start: 'nowhere' }),
      /policy\.start: there is no step "nowhere"; there are primary/,
    ],
    [
      'a step that escalates to nowhere',
      withStep({ otherwise: escalateTo('nowhere') }),
      /policy\.steps\.primary\.otherwise\.step: there is no step "nowhere"/,
    ],
    [
      'a key that escalates to nowhere',
      withStep({ keys: { 1: escalateTo('nowhere') } }),
      /policy\.steps\.primary\.keys\.1\.step: there is no step "nowhere"/,
    ],
    [
      'an unknown action of a key',
      withStep({ keys: { 1: { kind: 'shout' } } }),
      /policy\.steps\.primary\.keys\.1: must be an action/,
    ],
    [
      'a key that no telephone has',
      withStep({ keys: { 12: { kind: 'resolve' } } }),
      /policy\.steps\.primary\.keys: has the key "12"; keys are "1" to "9"/,
    ],
    ['no calls', withStep({ call: [] }), /policy\.steps\.primary\.call: must NOT have fewer than 1/],
    [
      'a call to nobody',
      withStep({ call: [{ guidanceId: 'a' }] }),
      /policy\.steps\.primary\.call\.0: exactly one of callflowId and callflow/,
    ],
    [
      'attempts without an end that is named',
      withStep({ attempts: 0 }),
      /policy\.steps\.primary\.attempts: must be 1 to 1000, or "unlimited"/,
    ],
    ['a duration without a unit', withStep({ every: '5' }), /policy\.steps\.primary\.every: must be a duration/],
    ['a budget of nothing', withPolicy({ budget: { calls: 0, within: '1d' } }), /policy\.budget\.calls: must be >= 1/],
    [
      'nobody to call when it is not resolved',
      withPolicy({ acknowledged: { resolveWithin: '1h', otherwise: escalateTo('x') } }),
      /policy\.acknowledged\.otherwise\.step: there is no step "x"/,
    ],
    [
      'more than fits',
      alertFor(POLICY, {
        parameters: Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`p${n}`, 'x'.repeat(10_000)])),
      }),
      /input: must have at most 786432 bytes/,
    ],
  ];
  test.for(wrong)('%s fails at once as InvalidInput, and the field is named', async ([, input, message]) => {
    const failure = await failureOf('incident', [input]);
    expect(failure.type).toBe('InvalidInput');
    expect(failure.nonRetryable).toBe(true);
    expect(failure.message).toMatch(/^The input of incident is not valid: /);
    expect(failure.message).toMatch(message);
    // The errors as data as well, for anyone who shows them one by one.
    const errors = (failure.details?.[0] ?? []) as readonly string[];
    expect(failure.message).toBe(`The input of incident is not valid: ${errors.join('; ')}`);
  });

  test('with a progress that nobody carried is looked at as if there were none', async () => {
    const { temporal, taskQueue } = world();
    const incident = await temporal.workflow.start('incident', {
      workflowId: newIncidentId(),
      taskQueue,
      args: [alertFor(policyWith({ primary: refused() })), { state: 'garbage' }],
    });
    const status = await follow(incident).until(({ state }) => state === 'blocked', 'has begun, and is refused');
    expect(status).toMatchObject({ level: 1, step: 'primary' });
    await incident.cancel();
  });

  test('that names no key of ours is taken: readers ignore what they do not know', async () => {
    const { temporal, taskQueue } = world();
    const incident = await temporal.workflow.start('incident', {
      workflowId: newIncidentId(),
      taskQueue,
      args: [{ ...alertFor(policyWith({ primary: refused() })), version: 1, colour: 'red' }],
    });
    const status = await follow(incident).until(({ state }) => state === 'blocked', 'has begun, and is refused');
    expect(status).toMatchObject({ level: 1, step: 'primary' });
    await incident.cancel();
  });
});

describe('a workflow that is started as it must not be', SIDE_BY_SIDE, () => {
  test('an incident a second time, by a workflow retry policy, calls nobody again', async () => {
    const { emulator } = world();
    const policy = policyWith({ primary: calling([TANAKA], { attempts: 'unlimited' }) });
    // Nobody sets workflow time-outs; who does, and has it tried again, would call everybody again.
    const failure = await failureOf('incident', [alertFor(policy)], {
      workflowRunTimeout: '3s',
      retry: { maximumAttempts: 3, initialInterval: '10ms' },
    });
    expect(failure.type).toBe('InvalidInput');
    expect(failure.message).toContain('was started again by a workflow retry policy, which would call everybody again');
    expect(calledIn(emulator)).toEqual(['田中']);
  });

  test('an escalation by hand is refused, and says what to start', async () => {
    const failure = await failureOf('escalation', [{}]);
    expect(failure.type).toBe('InvalidInput');
    expect(failure.message).toBe('An escalation is started by its incident alone: start the workflow "incident"');
  });
});

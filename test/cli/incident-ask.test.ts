import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Ajv } from 'ajv';
import { describe, expect, test, type TestContext } from 'vitest';
import { neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { incidentTo, stepTo } from '../client/incident-input.js';
import { policyOf } from '../decision/policy-of.js';
import { runCommand, variablesOf } from '../rig/command.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';

const NEVER = '0300000001';
const world = useSharedWorld(useRig(), {
  clock: realClock({ speed: 20 }),
  lines: 20,
  people: { [NEVER]: neverPicksUp() },
  switches: { ringSeconds: 600 },
});
const run = (context: TestContext, ...args: readonly string[]) =>
  runCommand(['incident', ...args], { variables: variablesOf(world()), lifetime: context });

/** An incident whose telephone rings. */
async function ringing() {
  const steps = {
    primary: stepTo(NEVER, { attempts: 5, every: '1s', otherwise: { kind: 'escalate', step: 'manager' } }),
    manager: stepTo(NEVER),
  };
  const incident = await world().pigeonflow.openIncident(incidentTo(NEVER, { policy: policyOf(steps) }));
  await eventually(async () => (await incident.status()).ringing.some((words) => words.includes('田中')), 'it rings');
  return { incident, id: incident.incidentId };
}

function problemsWith(json: string): unknown {
  const file = new URL('../../schemas/incident-answer.json', import.meta.url);
  const validate = new Ajv().compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  validate(JSON.parse(json));
  return validate.errors;
}

// Each runs several commands, one after another.
describe.concurrent('what people ask of an incident is answered, by an exit code too', { timeout: 120_000 }, () => {
  test('ack owns it, take-over takes it over, and 11: another ack is not accepted', async (context) => {
    const { id, incident } = await ringing();
    const ack = await run(context, 'ack', id, '--by', '佐藤', '--note', '見ています');
    expect(ack).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^佐藤 owns the incident\./) as string,
    });
    const other = await run(context, 'ack', id, '--by', '山田');
    expect(other).toMatchObject({
      code: 11,
      stdout: expect.stringMatching(/^佐藤 has owned the incident for .*takeOver/) as string,
    });
    const refused = await run(context, 'ack', id, '--by', '山田', '--json');
    expect(refused).toMatchObject({ code: 11, stderr: '' });
    expect(JSON.parse(refused.stdout)).toMatchObject({ accepted: false, owner: { by: '佐藤' } });
    expect(problemsWith(refused.stdout)).toBeNull();
    const over = await run(context, 'take-over', id, '--by', '山田', '--json');
    expect(over.code).toBe(0);
    expect(JSON.parse(over.stdout)).toMatchObject({ accepted: true, state: 'acknowledged', owner: { by: '山田' } });
    expect(problemsWith(over.stdout)).toBeNull();
    expect((await incident.timeline()).entries.map(({ text }) => text)).toContain('山田 takes over from 佐藤.');
    await incident.resolve();
  });

  test('ack without a name is by the login name, and can be repeated safely', async (context) => {
    const { id, incident } = await ringing();
    for (const _ of [1, 2]) expect(await run(context, 'ack', id)).toMatchObject({ code: 0 });
    expect((await incident.status()).owner?.by).toBe(userInfo().username);
    await incident.resolve();
  });

  test('hang-up hangs up without owning, escalate calls another step, snooze nobody', async (context) => {
    const { id, incident } = await ringing();
    expect(await run(context, 'hang-up', id)).toMatchObject({ code: 0 });
    await eventually(async () => (await incident.status()).attempt === 2, 'it is called again');
    expect(await run(context, 'escalate', id, '--from', 'manager')).toMatchObject({
      code: 11,
      stdout: expect.stringContaining('"manager" is not being called') as string,
    });
    expect(await run(context, 'escalate', id, '--to', 'nobody')).toMatchObject({ code: 11 });
    expect(await run(context, 'escalate', id, '--from', 'primary')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^"manager" is called/) as string,
    });
    expect(await run(context, 'snooze', id, '--for', '2h', '--by', '佐藤')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Nobody is called for 2h/) as string,
    });
    expect((await incident.status()).state).toBe('snoozed');
    await incident.resolve();
  });

  test('resolve ends it, also again; and 11: everything else is too late', async (context) => {
    const { id, incident } = await ringing();
    expect(await run(context, 'resolve', id, '--by', '佐藤', '--note', '再起動')).toMatchObject({
      code: 0,
      stdout: 'The incident is resolved. Nobody is called any more.\n',
    });
    await incident.result();
    expect(await run(context, 'resolve', id)).toMatchObject({ code: 0 });
    for (const verb of ['take-over', 'snooze']) {
      expect(await run(context, verb, id)).toMatchObject({
        code: 11,
        stdout: expect.stringMatching(/^The incident has been resolved for \d+s\.\n$/) as string,
      });
    }
  });
});

describe.concurrent('what nobody can answer', () => {
  test.for(['ack', 'show', 'watch'])('2: %s of an id that there is not', async (verb, context) => {
    expect(await run(context, verb, 'incident/no-such')).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'There is no incident incident/no-such in the namespace default. Check the id and TEMPORAL_NAMESPACE; pigeonflow incident list shows all.\n',
    });
  });

  test('2: the id of a level is not that of an incident', async (context) => {
    const { incident, id } = await ringing();
    await incident.escalate();
    const { runId } = await world().temporal.workflow.getHandle(id).describe();
    const level = `${id}/${runId.slice(0, 8)}/2-manager`;
    await eventually(() => world().temporal.workflow.getHandle(level).describe(), 'the level has begun');
    expect(await run(context, 'ack', level)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is of the type escalation') as string,
    });
    await incident.resolve();
  });

  test('10: no worker', async (context) => {
    const variables = { ...variablesOf(world()), PIGEONFLOW_TASK_QUEUE: 'nobody-polls-this' };
    const lifetime = context;
    const opened = await runCommand(['incident', 'open', '--policy', 'snooze', '--summary', context.task.id], {
      variables,
      lifetime,
    });
    const id = opened.stdout.trim();
    expect(await runCommand(['incident', 'ack', id], { variables, lifetime })).toMatchObject({
      code: 10,
      stdout: '',
      stderr: expect.stringContaining('No worker polls the task queue nobody-polls-this') as string,
    });
    await world().pigeonflow.incident(id).cancel();
  });
});

describe('what is asked of many incidents by a filter', { timeout: 120_000 }, () => {
  test('resolve ends all that are open and match, with a name and a reason', async (context) => {
    const [one, other] = [await ringing(), await ringing()];
    const ids = `WorkflowId IN ("${one.id}", "${other.id}")`;
    await eventually(
      async () => (await world().pigeonflow.listIncidents({ query: ids, open: true })).length === 2,
      'both are listed',
    );
    const hungUp = await run(context, 'hang-up', '--query', ids, '--by', '佐藤');
    expect(hungUp).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 incidents.') as string });
    const unsaid = await run(context, 'resolve', '--query', ids);
    expect(unsaid).toMatchObject({ code: 2, stderr: expect.stringContaining('--note') as string });
    const resolved = await run(context, 'resolve', '--query', ids, '--by', '佐藤', '--note', '誤報', '--json');
    expect(resolved.code).toBe(0);
    expect(JSON.parse(resolved.stdout)).toEqual(
      expect.arrayContaining([one, other].map(({ id }) => expect.objectContaining({ incidentId: id, accepted: true }))),
    );
    const { timeline } = await one.incident.result();
    expect(timeline.find(({ kind }) => kind === 'resolved')).toMatchObject({ by: '佐藤', note: '誤報' });
  });

  test.for([
    [['resolve', 'incident/x', '--query', 'TaskQueue = "x"', '--note', 'x'], 'Give one of <id> and --query'],
    [['resolve'], 'Give one of <id> and --query'],
    [['list', '--query', 'this is none'], 'does not understand the filter this is none'],
  ] as const)('a wrong request ends with 2: %o', async ([args, words], context) => {
    const { code, stderr } = await run(context, ...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) as string });
  });
});

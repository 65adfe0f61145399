import { describe, expect, test } from 'vitest';
import {
  createPigeonflowClient,
  IncidentInputInvalid,
  IncidentNotFound,
  IncidentTerminated,
  NoWorker,
} from '../../src/client.js';
import { answers, neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { incidentTo, policyTo, stepTo } from './incident-input.js';
import { policyOf } from '../decision/policy-of.js';
import { thrownBy } from './thrown-by.js';

const PRESSES_1 = '0300000001';
const NEVER = '0300000002';
const SPACE = {
  lines: 20,
  clock: realClock({ speed: 10 }),
  people: { [PRESSES_1]: answers(3_000, '1'), [NEVER]: neverPicksUp() },
  switches: { ringSeconds: 600 },
};
const rig = useRig();
const world = useSharedWorld(rig, SPACE);
const open = async (...given: Parameters<typeof incidentTo>) => world().pigeonflow.openIncident(incidentTo(...given));
const ringing = async (incident: Awaited<ReturnType<typeof open>>) =>
  eventually(async () => (await incident.status()).ringing.some((words) => words.includes('田中')), 'it rings');

describe.concurrent('an incident that is open', () => {
  test('is owned by the person who presses the key, and resolved by an update', async () => {
    const incident = await open(PRESSES_1);
    expect(incident.reported).toBe('opened');
    const owner = { by: '田中', via: 'key', step: 'primary', keyInput: '1' };
    expect(await incident.waitUntilOwned()).toEqual({ owner, result: null });
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner, placedCalls: 1, result: null });
    const answer = await incident.resolve({ by: '佐藤', note: '再起動' });
    expect(answer).toMatchObject({ accepted: true, state: 'resolved', owner });
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner, keyInput: '1', placedCalls: 1 });
  });

  test('is owned by the person who acknowledges, which hangs up, and by another who takes over', async () => {
    const incident = await open(NEVER);
    await ringing(incident);
    expect(await incident.acknowledge({ by: '山田' })).toMatchObject({ accepted: true, owner: { by: '山田' } });
    const refused = await incident.acknowledge({ by: '佐藤' });
    expect(refused).toMatchObject({ accepted: false, state: 'acknowledged', owner: { by: '山田' } });
    expect(refused.message).toMatch(/^山田 has owned the incident for/);
    // As workers of an earlier version answer.
    const { message: _, ...answered } = await incident.acknowledge({ by: '佐藤', soft: true });
    expect(refused).toMatchObject(answered);
    expect(await incident.acknowledge({ by: '佐藤', takeOver: true })).toMatchObject({ owner: { by: '佐藤' } });
    await eventually(async () => (await incident.status()).ringing.length === 0, 'nothing rings');
    await incident.resolve();
  });

  test('calls again after a hang-up, another step when it is escalated, and nobody while it is snoozed', async () => {
    const steps = { primary: stepTo(NEVER, { attempts: 2, every: '1s' }), manager: stepTo(NEVER) };
    const incident = await open(NEVER, { policy: policyOf(steps) });
    await ringing(incident);
    expect(await incident.hangUp()).toMatchObject({ accepted: true, owner: null });
    await eventually(async () => (await incident.status()).attempt === 2, 'it is called again');
    expect(await incident.escalate({ to: 'manager', by: '山田' })).toMatchObject({ accepted: true });
    expect(await incident.escalate({ to: 'nobody' })).toMatchObject({ accepted: false });
    await eventually(async () => (await incident.status()).step === 'manager', 'the manager is called');
    expect(await incident.snooze({ for: '1h' })).toMatchObject({ accepted: true, state: 'snoozed' });
    const { entries, counts } = await incident.timeline();
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['hangUpAsked', 'escalated', 'snoozed']));
    expect(counts).toMatchObject({ opened: 1, escalated: 1 });
    await incident.resolve();
  });

  test('an argument that does not fit is refused, and names the field', async () => {
    const incident = await open(NEVER);
    const error = await thrownBy(incident.snooze({ for: 'a while' }));
    expect(error).toBeInstanceOf(IncidentInputInvalid);
    expect(error).toMatchObject({ problems: ['for: must be a duration such as 30s, 5m, 4h or 2d'] });
    await incident.resolve();
  });

  test('is cancelled, which hangs up, and says when it is too late', async () => {
    const incident = await open(NEVER);
    await ringing(incident);
    expect(await incident.cancel()).toBe('asked');
    expect(await incident.result()).toMatchObject({ state: 'cancelled', owner: null });
    expect(await incident.cancel()).toBe('over');
  });

  test('is no longer waited for when the caller says so, and continues', async () => {
    const incident = await open(NEVER);
    const stop = new AbortController();
    const waits = [incident.result({ signal: stop.signal }), incident.waitUntilOwned({ signal: stop.signal })];
    stop.abort(new Error('enough'));
    for (const waiting of waits) await expect(waiting).rejects.toThrow('enough');
    expect((await incident.status()).result).toBeNull();
    await incident.resolve();
  });
});

describe.concurrent('an incident that is closed', () => {
  test('answers every update by what it has become, with its owner', async () => {
    const incident = await open(PRESSES_1, { until: 'acknowledged' });
    expect(await incident.waitUntilOwned()).toMatchObject({ owner: { by: '田中' } });
    await incident.result();
    const over = { accepted: false, state: 'acknowledged', owner: { by: '田中' } };
    expect(await incident.acknowledge({ by: '佐藤', takeOver: true })).toMatchObject(over);
    expect(await incident.acknowledge({ by: '田中' })).toMatchObject({ ...over, accepted: true });
    expect(await incident.resolve()).toMatchObject(over);
    expect(await incident.escalate()).toMatchObject(over);
    expect(await incident.snooze()).toMatchObject(over);
    expect(await incident.hangUp()).toMatchObject({
      ...over,
      message: expect.stringMatching(/^The incident has been acknowledged for \d+s\.$/) as string,
    });
  });

  test('is resolved, however often one resolves it', async () => {
    const incident = await open(NEVER);
    const answers = await Promise.all([1, 2, 3, 4].map(() => incident.resolve({ by: '佐藤' })));
    await incident.result();
    for (const answer of [...answers, await incident.resolve()]) {
      expect(answer).toMatchObject({ accepted: true, state: 'resolved' });
    }
  });

  test('is read without a worker: status, timeline, result', async (context) => {
    const here = await rig({ ...SPACE, context, workers: 'none' });
    const workers = await here.startWorkers();
    const incident = await here.pigeonflow.openIncident(incidentTo(PRESSES_1, { severity: 'critical' }));
    await incident.waitUntilOwned();
    const before = { status: await incident.status(), timeline: await incident.timeline() };
    await incident.resolve({ by: '佐藤' });
    const result = await incident.result();
    await workers.stop();
    const status = await incident.status();
    const { summary, severity, policy, level, step, attempt, attempts, placedCalls } = before.status;
    expect(status).toMatchObject({ summary, severity, policy, level, step, attempt, attempts, placedCalls });
    expect(status).toMatchObject({ state: 'resolved', result, nextAt: null, ringing: [] });
    const timeline = await incident.timeline();
    expect(timeline.entries.slice(0, before.timeline.entries.length)).toEqual(before.timeline.entries);
    expect(timeline.counts).toMatchObject({ ...before.timeline.counts, resolved: 1, closed: 1 });
    expect(await incident.listed()).toMatchObject({
      state: 'resolved',
      owner: '田中 (key 1 at "primary")',
      next: 'nothing',
    });
  });

  test('is exhausted when nobody was reached', async () => {
    const incident = await open(NEVER, { policy: policyTo(NEVER, { attempts: 1 }) });
    await ringing(incident);
    await incident.hangUp();
    expect(await incident.waitUntilOwned()).toEqual({ owner: null, result: null });
    expect(await incident.status()).toMatchObject({ state: 'exhausted', attempt: 1, attempts: 1, step: 'primary' });
    expect(await incident.acknowledge({ by: '佐藤' })).toMatchObject({ accepted: true, state: 'acknowledged' });
    await incident.resolve({ by: '佐藤' });
  });

  test('says how it ended when it has no result', async () => {
    const terminated = await open(NEVER);
    await world().temporal.workflow.getHandle(terminated.incidentId).terminate();
    for (const ask of [() => terminated.result(), () => terminated.status(), () => terminated.acknowledge()]) {
      expect(await thrownBy(ask())).toBeInstanceOf(IncidentTerminated);
    }
    expect(await terminated.listed()).toMatchObject({ state: 'terminated', closedAt: expect.any(String) as string });
  });
});

describe.concurrent('an incident without a worker', () => {
  const nobody = () => createPigeonflowClient(world().temporal, { taskQueue: 'nobody-polls-this' });

  test('opens, is listed, and anyone who asks it hears what to start, after a limit', async () => {
    const incident = await nobody().openIncident(incidentTo(NEVER, { severity: 'critical' }));
    expect(await incident.unservedQueue()).toBe('nobody-polls-this');
    expect(await incident.listed()).toMatchObject({
      state: 'triggered',
      owner: null,
      summary: 'テスト用サーバーに障害',
      severity: 'critical',
      policy: 'test',
      writtenAt: null,
      closedAt: null,
    });
    const limit = { timeLimitMs: 500 };
    for (const ask of [
      () => incident.acknowledge({}, limit),
      () => incident.status(limit),
      () => incident.timeline(limit),
    ]) {
      expect(await thrownBy(ask())).toMatchObject({ name: NoWorker.name, taskQueue: 'nobody-polls-this' });
    }
    await incident.cancel();
  });

  test('that was cancelled before one came closes as cancelled, and nobody was called', async (context) => {
    const here = await rig({ ...SPACE, context, workers: 'none' });
    const incidents = await Promise.all(
      ['two-levels', policyTo(NEVER)].map((policy) => here.pigeonflow.openIncident(incidentTo(NEVER, { policy }))),
    );
    for (const incident of incidents) await incident.cancel();
    await here.startWorkers();
    for (const incident of incidents) {
      expect(await incident.result()).toMatchObject({ state: 'cancelled', owner: null, placedCalls: 0 });
      expect(await incident.status()).toMatchObject({ state: 'cancelled' });
      expect(await incident.acknowledge()).toMatchObject({ accepted: false, state: 'cancelled' });
    }
    expect(here.emulator.journal.invokes()).toHaveLength(0);
  });
});

test('an id of which there is no incident, or which is that of something else, is said', async () => {
  const { pigeonflow, temporal, newId } = world();
  const id = newId();
  await temporal.workflow.start('other', { workflowId: id, taskQueue: 'nobody-polls-this' });
  for (const incident of [pigeonflow.incident('incident/no-such'), pigeonflow.incident(id)]) {
    for (const ask of [
      () => incident.acknowledge(),
      () => incident.status(),
      () => incident.timeline(),
      () => incident.result(),
      () => incident.waitUntilOwned(),
      () => incident.cancel(),
      () => incident.listed(),
    ]) {
      expect(await thrownBy(ask())).toBeInstanceOf(IncidentNotFound);
    }
  }
  await temporal.workflow.getHandle(id).terminate();
});

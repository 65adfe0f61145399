import { Client, Connection } from '@temporalio/client';
import { describe, expect, inject, test } from 'vitest';
import {
  CallCancelled,
  CallInputInvalid,
  CallNotFound,
  CallRefused,
  createPigeonflowClient,
  InvalidCallId,
  NoWorker,
  TemporalRefused,
  TemporalUnreachable,
} from '../../src/client.js';
import { answers, neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { breakableWay } from '../rig/breakable-way.js';
import { callTo, eventually, useRig, type Lifetime } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { thrownBy } from './thrown-by.js';

const PRESSES_1 = '0300000001';
const NEVER = '0300000002';
const world = useSharedWorld(useRig(), {
  lines: 20,
  clock: realClock({ speed: 10 }),
  people: { [PRESSES_1]: answers(30_000, '1'), [NEVER]: neverPicksUp() },
  switches: { ringSeconds: 60 },
});

/** A client whose way to Temporal can be cut. */
async function farAway(lifetime: Lifetime) {
  const way = await breakableWay(inject('temporalAddress'), lifetime);
  const connection = await Connection.connect({ address: way.address });
  lifetime.onTestFinished(() => connection.close());
  return { way, pigeonflow: createPigeonflowClient(new Client({ connection }), { taskQueue: world().taskQueue }) };
}

describe.concurrent('the client', () => {
  test('waits on while Temporal is away for a moment', async (context) => {
    const { way, pigeonflow } = await farAway(context);
    const call = await pigeonflow.startCall(world().newId(), callTo(PRESSES_1));
    const result = call.wait();
    await eventually(async () => (await call.status()).state === 'calling', 'it is called');
    await way.cut();
    await eventually(() => world().pigeonflow.call(call.callId).isOver(), 'it has ended meanwhile');
    await way.mend();
    expect(await result).toMatchObject({ outcome: 'answered' });
  });

  test('gives up waiting when Temporal stays away longer than the caller is patient', async (context) => {
    const { way, pigeonflow } = await farAway(context);
    const call = await pigeonflow.startCall(world().newId(), callTo(PRESSES_1));
    await way.cut();
    const error = await thrownBy(call.wait({ patienceMs: 0 }));
    expect(error).toBeInstanceOf(TemporalUnreachable);
    expect(error).toMatchObject({ address: way.address, message: expect.stringContaining('ECONNREFUSED') as string });
  });

  test('stops waiting when its caller says so, and the call continues', async () => {
    const call = await world().pigeonflow.startCall(world().newId(), callTo(NEVER));
    const stop = new AbortController();
    const waiting = call.wait({ signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(await call.isOver()).toBe(false);
    await call.hangUp();
  });

  test('refuses an id or an input before anything is started, and names each field', async () => {
    const { pigeonflow, newId } = world();
    for (const id of ['', 'あ'.repeat(67)]) {
      expect(await thrownBy(pigeonflow.startCall(id, callTo(NEVER)))).toBeInstanceOf(InvalidCallId);
    }
    const id = newId();
    const error = await thrownBy(pigeonflow.startCall(id, callTo(NEVER, { waitTime: 0, deadline: '1' })));
    expect(error).toBeInstanceOf(CallInputInvalid);
    expect((error as CallInputInvalid).problems.toSorted()).toEqual([
      'deadline: must be a duration such as 30s, 5m, 4h or 2d',
      'waitTime: must be >= 1',
    ]);
    expect(await thrownBy(pigeonflow.call(id).isOver())).toBeInstanceOf(CallNotFound);
  });

  test('names each field also when the workflow was started by others', async () => {
    const { pigeonflow, temporal, taskQueue, newId } = world();
    const id = newId();
    await temporal.workflow.start('pigeonCall', {
      workflowId: id,
      taskQueue,
      args: [{ ...callTo(NEVER), waitTime: 0 }],
    });
    const error = await thrownBy(pigeonflow.call(id).wait());
    expect(error).toBeInstanceOf(CallInputInvalid);
    expect(error).toMatchObject({ problems: ['waitTime: must be >= 1'] });
  });

  test("tells a refusal of Pigeon's, in Pigeon's words", async () => {
    const { pigeonflow, newId } = world();
    const call = await pigeonflow.startCall(newId(), { callflowId: 'no-such', guidanceId: 'no-such' });
    const error = await thrownBy(call.wait());
    expect(error).toBeInstanceOf(CallRefused);
    expect(error).toMatchObject({ message: expect.stringContaining('404') as string });
  });

  test('hangs up, looks at once when asked, and says when it is too late for either', async () => {
    const { pigeonflow, newId } = world();
    const call = await pigeonflow.startCall(newId(), callTo(NEVER));
    expect(call.started).toBe('now');
    expect((await pigeonflow.startCall(call.callId, callTo(NEVER))).started).toBe('before');
    expect(await call.check()).toBe('asked');
    expect(await call.hangUp()).toBe('asked');
    expect(await thrownBy(call.wait())).toBeInstanceOf(CallCancelled);
    expect(await call.check()).toBe('over');
    expect(await call.hangUp()).toBe('over');
    expect((await call.status()).state).toBe('ended');
  });

  test('knows that no worker can answer', async () => {
    const { temporal, newId } = world();
    const pigeonflow = createPigeonflowClient(temporal, { taskQueue: 'nobody-polls-this' });
    const call = await pigeonflow.startCall(newId(), callTo(NEVER));
    expect(await call.unservedQueue()).toBe('nobody-polls-this');
    const error = await thrownBy(call.status({ timeLimitMs: 1_000 }));
    expect(error).toBeInstanceOf(NoWorker);
    expect(error).toMatchObject({ taskQueue: 'nobody-polls-this' });
    await call.hangUp();
  });

  test('says that there is no such call, or no such namespace', async () => {
    const { pigeonflow, temporal } = world();
    const call = pigeonflow.call('call/no-such');
    for (const ask of [() => call.wait(), () => call.status(), () => call.check(), () => call.hangUp()]) {
      expect(await thrownBy(ask())).toBeInstanceOf(CallNotFound);
    }
    const elsewhere = createPigeonflowClient(new Client({ connection: temporal.connection, namespace: 'none' }));
    expect(await thrownBy(elsewhere.startCall('a', callTo(NEVER)))).toBeInstanceOf(TemporalRefused);
  });
});

import { renameSync, writeFileSync } from 'node:fs';
import { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { expect, test, type TestContext } from 'vitest';
import { CallCancelled, createPigeonflowClient } from '../../src/client.js';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import { keysText } from '../codec/keys-of.js';
import { callTo, eventually } from '../rig/rig.js';
import { install, type Installation } from './installation.js';

const LIMIT_MS = 180_000;
const [FIRST, SECOND, THIRD] = ['0300000001', '0300000002', '0300000003'];

const POLICY = `
name: rotation
contacts: { first: { name: 田中, phone: "${FIRST}" }, second: { name: 山田, phone: "${SECOND}" } }
steps:
  primary:
    call: { contacts: [first], waitTime: 1, say: 2を押してください。 }
    keys: { 2: { do: { escalate: manager } } }
    otherwise: exhausted
  manager: { call: { contacts: [second], waitTime: 1, say: 1を押してください。 }, attempts: unlimited, keys: { 1: acknowledge } }
start: primary
budget: { calls: 9, within: 1d }
`;

const installed = (context: TestContext, keys: string | null) =>
  install(context, {
    keys,
    token: 'token',
    people: {
      [FIRST]: answers(100, { key: '2', afterMs: 100 }),
      [SECOND]: neverPicksUp(),
      [THIRD]: answers(100, { key: '1', afterMs: 100 }),
    },
    policies: { 'rotation.yaml': POLICY },
  });

function writeKeys({ keysFile }: Installation, ...ids: readonly string[]): void {
  writeFileSync(`${keysFile}.new`, keysText(...ids));
  renameSync(`${keysFile}.new`, keysFile);
}

/** Ids of the keys with which the payloads of a run are encrypted. */
async function keyIdsIn({ temporal }: Installation, workflowId: string): Promise<ReadonlySet<string>> {
  const history = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const bytes = Buffer.from(proto.temporal.api.history.v1.History.encode(history).finish()).toString('latin1');
  // Between the name and the value stand a tag and a length.
  return new Set([...bytes.matchAll(/encryption-key-id..([a-z]+)/gs)].map(([, id = '']) => id));
}

test('keys are rotated in the middle of an incident', { timeout: LIMIT_MS }, async (context) => {
  const here = await installed(context, keysText('old'));
  const worker = await here.startWorker();
  const incident = await here.temporal.workflow.start('incident', {
    workflowId: 'incident/rotation',
    taskQueue: 'pigeonflow',
    args: [{ policy: 'rotation', summary: 'disk full', dedupKey: 'disk' }],
  });
  const status = () => incident.query<{ readonly level: number; readonly ringing: readonly string[] }>('status');
  await eventually(async () => (await status()).ringing.length === 1 && (await status()).level === 2, 'level 2 rings');
  expect(await keyIdsIn(here, incident.workflowId)).toEqual(new Set(['old']));

  // The new key writes from now on, the old one still reads; nobody is restarted.
  writeKeys(here, 'new', 'old');
  await eventually(async () => {
    await status();
    return worker.log().find((line) => line.msg === 'the keys have changed');
  }, 'the worker has the new key');
  await incident.executeUpdate('acknowledge', { args: [{ by: '鈴木' }] });
  expect(await keyIdsIn(here, incident.workflowId)).toEqual(new Set(['old', 'new']));

  // A worker that knows nothing of the incident reads it from its beginning.
  await worker.kill();
  const next = await here.startWorker();
  await incident.executeUpdate('resolve', { args: [{ by: '鈴木' }] });
  expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: '鈴木' }, alsoAcknowledged: [] });

  // The old key is taken away too early: what needs it says so, and continues when it is back.
  await next.terminate();
  writeKeys(here, 'new');
  const last = await here.startWorker();
  const missing = `A payload is encrypted with the key "old", which is missing: add its line to ${here.keysFile}.`;
  await expect(incident.query('status')).rejects.toBeInstanceOf(Error);
  expect(await last.logged((line) => line.msg === 'a payload cannot be read', 'why')).toMatchObject({ why: missing });
  writeKeys(here, 'new', 'old');
  expect(await incident.query('status')).toMatchObject({ state: 'resolved' });
});

test(
  'an incident can be looked at while its policy is being read, also encrypted',
  { timeout: LIMIT_MS },
  async (context) => {
    const here = await installed(context, keysText('only'));
    await here.startWorker();
    await Promise.all(
      Array.from({ length: 4 }, async (_, index) => {
        const incident = await here.pigeonflow.openIncident({
          policy: 'rotation',
          summary: 'disk full',
          dedupKey: `looked-${index}`,
        });
        expect(await incident.status()).toMatchObject({ policy: 'rotation' });
        expect((await incident.timeline()).entries[0]).toMatchObject({ kind: 'opened' });
        await incident.resolve();
      }),
    );
  },
);

test('a call that rings continues when encryption is turned on', { timeout: LIMIT_MS }, async (context) => {
  const here = await installed(context, keysText('first'));
  const plain = createPigeonflowClient(new Client({ connection: here.temporal.connection }));
  const before = await here.startWorker({ PIGEONFLOW_CODEC_KEYS_FILE: '' });
  const call = await plain.startCall('call/turned-on', callTo(SECOND));
  await eventually(async () => (await call.status()).state === 'calling', 'it rings');
  expect(await keyIdsIn(here, call.callId)).toEqual(new Set());
  await before.kill();

  await here.startWorker();
  await here.pigeonflow.call(call.callId).hangUp();
  await expect(here.pigeonflow.call(call.callId).wait()).rejects.toBeInstanceOf(CallCancelled);
  expect(await keyIdsIn(here, call.callId)).toEqual(new Set(['first']));
  expect(here.emulator.journal.invokes()).toHaveLength(1);
});

test(
  'a worker without the key places no call: it is blocked, says why, and is placed once by one that has it',
  { timeout: LIMIT_MS },
  async (context) => {
    const here = await installed(context, keysText('first'));
    await here.startWorker({ PIGEONFLOW_SERVE: 'workflows' });
    const without = await here.startWorker({ PIGEONFLOW_SERVE: 'invoke', PIGEONFLOW_CODEC_KEYS_FILE: '' });
    const call = await here.pigeonflow.startCall('call/without-key', callTo(THIRD));
    const blocked = await eventually(async () => {
      const status = await call.status();
      return status.state === 'blocked' && status;
    }, 'the call is blocked');
    expect(blocked.message).toContain('set PIGEONFLOW_CODEC_KEYS_FILE to the file of keys');
    expect(here.emulator.journal.invokes()).toEqual([]);

    await without.terminate();
    await here.startWorker({ PIGEONFLOW_SERVE: 'invoke' });
    await call.check();
    expect(await call.wait()).toMatchObject({ outcome: 'answered' });
    expect(here.emulator.journal.invokes()).toHaveLength(1);
  },
);

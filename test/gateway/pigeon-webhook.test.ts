import { randomUUID } from 'node:crypto';
import { describe, expect, test, type TestContext } from 'vitest';
import { answers, EMULATOR_TOKEN } from '../../src/emulator/emulator.js';
import { callTo, eventually, useRig } from '../rig/rig.js';
import { KEY, PIGEON, send, startGateway } from './gateway.js';

const rig = useRig();
const NUMBER = '0300000001';
/** Far above the time that a test has: only the webhook can bring the result. */
const POLL_SECONDS = 3_600;

async function withPigeon(context: TestContext) {
  const world = await rig({ people: { [NUMBER]: answers(100, '1') }, context });
  const environment = { PIGEON_BASE_URL: world.emulator.url, PIGEON_API_TOKEN: EMULATOR_TOKEN };
  const gateway = await startGateway(world, context, { environment });
  const webhook = (body: unknown, key = PIGEON) => send(`${gateway.url}/v1/pigeon/${key}`, body);
  return { world, webhook };
}

describe("Pigeon's webhook", () => {
  test('has the result read at once that would else be polled much later', async (context) => {
    const { world, webhook } = await withPigeon(context);
    const call = await world.pigeonflow.startCall(world.newId(), callTo(NUMBER, { waitTime: POLL_SECONDS }));
    const run = await eventually(async () => {
      await world.emulator.catchUp();
      return world.emulator.space.runs().find(({ status }) => status === 'succeeded');
    }, 'the run has ended');
    await eventually(async () => (await call.status()).resultId === run.resultId, 'the call knows its run');
    expect(await webhook({ resultId: run.resultId, keyInput: '9' })).toMatchObject({
      status: 202,
      body: { result: 'told' },
    });
    // What counts is what Pigeon says, not what the webhook says.
    expect(await call.wait()).toMatchObject({ outcome: 'answered', keyInput: '1' });
    expect(await webhook({ resultId: run.resultId })).toMatchObject({ status: 202, body: { result: 'not waiting' } });
  });

  test('of a run that is not ours is accepted, and tells nobody', async (context) => {
    const { webhook } = await withPigeon(context);
    expect(await webhook({ resultId: randomUUID() })).toMatchObject({ status: 202, body: { result: 'not ours' } });
  });

  test('with a wrong key, or without the id of a run, is refused', async (context) => {
    const { webhook } = await withPigeon(context);
    expect((await webhook({ resultId: 'x' }, KEY)).status).toBe(401);
    expect(await webhook({})).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/resultId' }] } });
    expect((await webhook('x')).status).toBe(400);
  });
});

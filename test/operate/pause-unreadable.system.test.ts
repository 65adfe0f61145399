import { connect, createServer, type AddressInfo } from 'node:net';
import { describe, expect, inject, test, type TestContext } from 'vitest';
import { createPigeonflowClient } from '../../src/client.js';
import { answers } from '../../src/emulator/emulator.js';
import { GAUGES } from '../../src/contract/metrics.js';
import { freePort } from '../../tools/engine/free-port.js';
import type { Lifetime } from '../rig/lifetime.js';
import { frontendWithoutRights } from '../rig/refusing-frontend.js';
import { callTo, eventually, useRig } from '../rig/rig.js';
import { startWorkerProcess } from '../rig/worker-process.js';
import { scrape } from './scrape.js';

const world = useRig();
const DESCRIBE = '/temporal.api.workflowservice.v1.WorkflowService/DescribeWorkflowExecution';

async function quietWorld(context: TestContext) {
  const here = await world({ people: { '0300000001': answers(500, '1') }, workers: 'none', context });
  const pigeonflow = createPigeonflowClient(here.temporal, here);
  context.onTestFinished(async () => void (await pigeonflow.resumeCalling({ by: 'test', reason: 'over' })));
  return { here, pigeonflow };
}

/** A way to the server on which everything takes so long in each direction. */
async function slowWay(target: string, ms: number, { onTestFinished }: Lifetime): Promise<string> {
  const [host = '', port = ''] = target.split(':');
  const server = createServer((incoming) => {
    const outgoing = connect(Number(port), host);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      from.on('data', (chunk: Buffer) => setTimeout(() => to.write(chunk), ms));
      from.on('error', () => to.destroy());
      from.on('close', () => setTimeout(() => to.destroy(), ms));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the stop button is never ignored in silence', { concurrent: true, timeout: 180_000 }, () => {
  test('by a worker that is far from its server', async (context) => {
    const { here, pigeonflow } = await quietWorld(context);
    await pigeonflow.pauseCalling({ by: 'sato', reason: 'restore', for: '1h' });
    await startWorkerProcess(here, { TEMPORAL_ADDRESS: await slowWay(here.address, 600, context) });
    const call = await pigeonflow.startCall(here.newId(), callTo('0300000001'));
    await eventually(async () => (await call.status()).blockedBy === 'paused', 'the call says who has paused', 90_000);
    expect(here.emulator.journal.invokes()).toEqual([]);
    await pigeonflow.resumeCalling({ by: 'sato', reason: 'restored' });
    expect(await here.temporal.workflow.getHandle(call.callId).result()).toMatchObject({ outcome: 'answered' });
  });

  test('by one that may not look for it, which calls as soon as it may', async (context) => {
    const { here, pigeonflow } = await quietWorld(context);
    let mayLook = false;
    const address = await frontendWithoutRights(
      inject('temporalAddress'),
      context,
      (path) => path === DESCRIBE && !mayLook,
    );
    const metrics = await freePort();
    const worker = await startWorkerProcess(here, {
      TEMPORAL_ADDRESS: address,
      PIGEONFLOW_METRICS_ADDRESS: `127.0.0.1:${metrics}`,
    });
    const call = await pigeonflow.startCall(here.newId(), callTo('0300000001'));
    await eventually(async () => (await call.status()).state === 'blocked', 'the call is blocked');
    expect(await call.status()).toMatchObject({
      blockedBy: 'pauseUnknown',
      message: expect.stringMatching(/^Nothing rings: it cannot be read whether calling is paused/) as string,
    });
    await worker.logged(({ level, msg }) => level === 'error' && msg.startsWith('NOBODY IS CALLED'), 'that it is so');
    expect(await worker.health('/readyz')).toMatchObject({
      status: 503,
      text: expect.stringContaining('whether calling is paused') as string,
    });
    expect((await scrape(metrics)).sum(GAUGES.pauseUnreadable.name, {})).toBe(1);
    expect((await scrape(metrics)).sum('pigeonflow_invokes_total', { answer: 'pauseUnknown' })).toBeGreaterThan(0);
    expect(here.emulator.journal.invokes()).toEqual([]);
    mayLook = true;
    expect(await here.temporal.workflow.getHandle(call.callId).result()).toMatchObject({ outcome: 'answered' });
    expect((await scrape(metrics)).sum(GAUGES.pauseUnreadable.name, {})).toBe(0);
    expect(await worker.health('/readyz')).toMatchObject({ status: 200 });
  });
});

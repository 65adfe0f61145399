import { setTimeout } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { describe, expect, inject, test, type TestContext } from 'vitest';
import { holdPolls } from '../../src/worker/hold-polls.js';
import { calling, open, policyWith, presses, QUICKLY, SATO } from '../incident/incident-world.js';
import { breakableWay } from '../rig/breakable-way.js';
import { eventually, useRig } from '../rig/rig.js';
import { startWorkerProcess, type LogLine } from '../rig/worker-process.js';

const world = useRig();

/** What the SDK's core says at the sixth failure of one poll, after 6 s; its next try is due 6 s later. */
const POLL_FAILS = /gRPC call poll_\w+ retried/;
const LONG_ENOUGH_MS = 12_000;
const UNAVAILABLE = 14;

const isBack = (line: LogLine) => line.msg === 'Temporal is back';

async function workerOverBreakableWay(context: TestContext) {
  const here = await world({ ...QUICKLY, people: { [SATO.phone]: presses('1') }, workers: 'none', context });
  const way = await breakableWay(inject('temporalAddress'), context);
  const worker = await startWorkerProcess(here, { TEMPORAL_ADDRESS: way.address });
  const isAway = () =>
    eventually(async () => {
      const ready = await worker.health('/readyz');
      return ready.status === 503 && ready;
    }, 'it is not ready');
  return { here, way, worker, isAway };
}

describe('a worker whose server goes away', { concurrent: true, timeout: 180_000 }, () => {
  test('says so, does not let its polls fail, and works on when it is back, twice', async (context) => {
    const { here, way, worker, isAway } = await workerOverBreakableWay(context);
    for (const times of [1, 2]) {
      await way.cut();
      const incident = await open(here, policyWith({ primary: calling([SATO]) }));
      expect(await isAway()).toMatchObject({
        text: expect.stringContaining(`Temporal at ${way.address} cannot be reached: `) as string,
      });
      expect(await worker.health('/healthz')).toEqual({ status: 200, text: 'ok\n' });
      await setTimeout(LONG_ENOUGH_MS);

      await way.mend();
      await incident.until(({ owner }) => owner !== null, 'is owned');
      await eventually(() => Promise.resolve(worker.log().filter(isBack).length === times), 'it says so');
      expect(await worker.health('/readyz')).toEqual({ status: 200, text: 'ok\n' });
    }
    expect(worker.output().filter((line) => POLL_FAILS.test(line))).toEqual([]);
    expect(await worker.terminate()).toEqual({ code: 0, signal: null });
  });

  test('ends when it is told to, with 0', async (context) => {
    const { way, worker, isAway } = await workerOverBreakableWay(context);
    await way.cut();
    await isAway();
    expect(await worker.terminate()).toEqual({ code: 0, signal: null });
  });
});

test('polls are held until they are released, and find no task; all else is unavailable at once', async (context) => {
  const held = await holdPolls();
  const connection = await Connection.connect({ address: held.address, interceptors: [] });
  context.onTestFinished(() => connection.close());
  const { workflowService } = connection;
  let ended = false;
  const poll = workflowService.pollWorkflowTaskQueue({ namespace: 'default' }).finally(() => (ended = true));
  await expect(workflowService.describeNamespace({ namespace: 'default' })).rejects.toMatchObject({
    code: UNAVAILABLE,
  });
  expect(ended).toBe(false);
  held.release();
  expect((await poll).taskToken).toHaveLength(0);
});

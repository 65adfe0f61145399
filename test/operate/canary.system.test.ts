import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { lastCanary, removeCanary } from '../../src/client/canary-schedule.js';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { freePort } from '../../tools/engine/free-port.js';
import { presses, QUICKLY, SATO, TANAKA, type Contact } from '../incident/incident-world.js';
import { runCommand, variablesOf } from '../rig/command.js';
import { eventually, useRig } from '../rig/rig.js';
import { startWorkerProcess } from '../rig/worker-process.js';
import { scrape } from './scrape.js';

const world = useRig();

const policy = (name: string, { phone }: Contact) => `name: ${name}
contacts: { test: { name: test, phone: "${phone}" } }
steps:
  only:
    call: { contacts: [test], say: "テストです。1を押してください。", waitTime: 1 }
    keys: { 1: acknowledge }
    otherwise: exhausted
start: only
budget: { calls: 5, within: 1d }
`;

/** An outside monitor, and what it has heard. */
async function monitor(context: TestContext) {
  const heard: string[] = [];
  const server = createServer(({ method, url }, response) => {
    heard.push(`${method} ${url}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/secret` };
}

test('a canary tells the outside monitor when its incident was acknowledged, and only then', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-canary-'));
  context.onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'canary.yaml'), policy('canary', SATO));
  await writeFile(join(folder, 'nobody.yaml'), policy('nobody', TANAKA));
  const people = { [SATO.phone]: presses('1'), [TANAKA.phone]: neverPicksUp() };
  const here = await world({ ...QUICKLY, people, workers: 'none', context });
  const { heard, url } = await monitor(context);
  const port = await freePort();
  const worker = await startWorkerProcess(here, {
    PIGEONFLOW_POLICIES: folder,
    PIGEONFLOW_HEARTBEAT_URL: url,
    PIGEONFLOW_METRICS_ADDRESS: `127.0.0.1:${port}`,
  });
  const run = (...args: readonly string[]) => runCommand(args, { variables: variablesOf(here), lifetime: context });
  const ended = (status: string) =>
    eventually(async () => {
      const last = await lastCanary(here.temporal, here.taskQueue);
      return last !== null && last !== 'none' && last.status === status && last;
    }, `the last canary is ${status}`);

  expect(await run('canary', 'run')).toMatchObject({
    code: 11,
    stdout: expect.stringContaining('canary setup') as string,
  });
  const setUp = await run('canary', 'setup', '--policy', 'canary', '--every', '12h', '--within', '1m');
  expect(setUp).toMatchObject({ code: 0, stdout: expect.stringContaining('was made') as string });
  context.onTestFinished(async () => void (await removeCanary(here.temporal, here.taskQueue)));
  expect(await run('canary', 'run')).toMatchObject({ code: 0 });
  const { workflowId } = await ended('COMPLETED');
  expect(await here.temporal.workflow.getHandle(workflowId).result()).toEqual({
    incidentId: `${workflowId}/incident`,
    secondsToAcknowledge: expect.any(Number) as number,
    heartbeat: 'sent',
  });
  expect(heard).toEqual(['GET /ping/secret']);

  const changed = await run('canary', 'setup', '--policy', 'nobody', '--every', '12h', '--within', '1m');
  expect(changed).toMatchObject({ code: 0, stdout: expect.stringContaining('was changed') as string });
  expect(await run('canary', 'run')).toMatchObject({ code: 0 });
  const failed = await ended('FAILED');
  await expect(here.temporal.workflow.getHandle(failed.workflowId).result()).rejects.toMatchObject({
    cause: { type: 'CanaryFailed', message: expect.stringMatching(/ended as exhausted, after 1 telephone/) as string },
  });
  expect(heard).toHaveLength(1);
  const { stdout } = await run('doctor');
  expect(stdout).toContain(`✗ The last canary did not succeed (failed): look at the workflow ${failed.workflowId}.`);
  const { sum } = await scrape(port);
  expect(sum('pigeonflow_canary_runs_total', { result: 'succeeded' })).toBe(1);
  expect(sum('pigeonflow_canary_runs_total', { result: 'failed' })).toBe(1);
  expect(await run('canary', 'remove')).toMatchObject({ code: 0 });
  expect(worker.output().join('\n')).not.toContain('/ping/secret');
}, 180_000);

test('an incident that takes too long is cancelled, and the canary fails', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-canary-'));
  context.onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'slow.yaml'), policy('slow', TANAKA));
  const people = { [TANAKA.phone]: neverPicksUp() };
  const here = await world({ lines: 5, switches: { ringSeconds: 3_600 }, people, workers: 'none', context });
  await startWorkerProcess(here, { PIGEONFLOW_POLICIES: folder });
  const canary = await here.temporal.workflow.start('canary', {
    workflowId: `canary/${here.taskQueue}`,
    taskQueue: here.taskQueue,
    args: [{ policy: 'slow', within: '3s' }],
  });
  await expect(canary.result()).rejects.toMatchObject({ cause: { type: 'CanaryFailed' } });
  // Hung up before it closed.
  expect(here.emulator.space.runs().map(({ status }) => status)).toEqual(['aborted']);
}, 120_000);

import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';

import { findTemporalServer } from '../../tools/engine/find-temporal-server.js';
import { freePort } from '../../tools/engine/free-port.js';
import type { ServerSource } from '../../tools/engine/given-server.js';
import { runTool } from '../../tools/engine/run-tool.js';
import { startTemporalServer, type TemporalServerOptions } from '../../tools/engine/temporal-server.js';
import { doomedParent, isAlive } from './doomed-parent.js';
import { recordedProgress } from './recorded-progress.js';
import { fakeProgram, temporaryFolder } from './temporary-folder.js';

let source: ServerSource;
beforeAll(async () => {
  source = await findTemporalServer();
}, 20 * 60_000);

async function started(options: TemporalServerOptions = {}) {
  const server = await startTemporalServer({ source, ...options });
  onTestFinished(() => server.stop());
  return server;
}

async function connected(address: string) {
  const connection = await Connection.connect({ address });
  onTestFinished(() => connection.close());
  return connection;
}

const answers = (address: string) =>
  Connection.connect({ address, connectTimeout: 300 }).then(
    async (connection) => {
      await connection.close();
      return true;
    },
    () => false,
  );

test("a server answers, knows pigeonflow's search attributes at once, and is gone after stop", async () => {
  const server = await started();
  const connection = await connected(server.address);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
  expect(Object.keys(customAttributes).toSorted()).toEqual(['PigeonflowOwner', 'PigeonflowState']);
  const client = new Client({ connection });
  const attributes = { searchAttributes: { PigeonflowState: ['triggered'] } };
  await client.workflow.start('anything', { taskQueue: 'nobody', workflowId: 'one', ...attributes });
  await server.stop();
  expect(await answers(server.address)).toBe(false);
}, 30_000);

test('another namespace and a Web UI are there when asked for', async () => {
  const server = await started({ namespace: 'elsewhere', ui: 'on', searchAttributes: { Team: 'Keyword' } });
  const connection = await connected(server.address);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'elsewhere' });
  expect(customAttributes).toEqual({ Team: 2 });
  const uiUrl = server.uiUrl ?? '';
  await vi.waitFor(async () => expect((await fetch(uiUrl)).status).toBe(200), { timeout: 5_000 });
}, 30_000);

test('a database file survives the death of its server', async () => {
  const dbFilename = join(temporaryFolder(), 'temporal.db');
  const first = await started({ dbFilename });
  const client = new Client({ connection: await connected(first.address) });
  await client.workflow.start('anything', { taskQueue: 'nobody', workflowId: 'kept' });
  await first.kill();
  expect(await answers(first.address)).toBe(false);

  const second = await started({ dbFilename, searchAttributes: { PigeonflowState: 'Keyword', Later: 'Int' } });
  const connection = await connected(second.address);
  const { status } = await new Client({ connection }).workflow.getHandle('kept').describe();
  expect(status.name).toBe('RUNNING');
  const query = 'Later IS NULL';
  expect(
    (await connection.workflowService.countWorkflowExecutions({ namespace: 'default', query })).count,
  ).toBeDefined();
}, 60_000);

test('a running server that PIGEONFLOW_DEV_SERVER names is prepared, used and left running', async () => {
  const somebodyElses = await started({ searchAttributes: {} });
  vi.stubEnv('PIGEONFLOW_DEV_SERVER', somebodyElses.address);
  onTestFinished(() => void vi.unstubAllEnvs());
  const progress = recordedProgress();
  const attached = await startTemporalServer({ progress, dbFilename: 'ignored.db' });
  expect(attached).toMatchObject({ address: somebodyElses.address, pid: null, uiUrl: null });
  expect(progress.lines.join()).toContain('dbFilename not applied');

  const client = new Client({ connection: await connected(attached.address) });
  expect((await client.workflow.count("PigeonflowOwner = 'me'")).count).toBe(0);
  await expect(attached.kill()).rejects.toThrow(/not started here/);
  await attached.stop();
  expect(await answers(somebodyElses.address)).toBe(true);
}, 30_000);

test('a server ends when its parent is killed', async () => {
  if (source.kind !== 'binary') return;
  const { childPid, killParent } = await doomedParent(
    'temporal-server.ts',
    `return (await module.startTemporalServer({ source: ${JSON.stringify(source)} })).pid;`,
  );
  expect(isAlive(childPid)).toBe(true);
  killParent();
  await vi.waitFor(() => expect(isAlive(childPid)).toBe(false), { timeout: 10_000, interval: 50 });
}, 30_000);

test('a server that ends at once is an error with its own last words', async () => {
  const path = fakeProgram(temporaryFolder(), 'temporal', 'echo "disk is full" >&2; exit 1');
  const broken = startTemporalServer({ source: { kind: 'binary', path, origin: 'test' } });
  await expect(broken).rejects.toThrow(/exit code 1[^]*disk is full/);
});

test('a server whose port was taken meanwhile is started on another one', async () => {
  const folder = temporaryFolder();
  if (source.kind !== 'binary') return;
  const script = `[ -e "${folder}/tried" ] && exec "${source.path}" "$@"
touch "${folder}/tried"; echo "listen tcp: bind: address already in use" >&2; exit 1`;
  const path = fakeProgram(folder, 'temporal', script);
  const server = await started({ source: { kind: 'binary', path, origin: 'test' } });
  expect(await answers(server.address)).toBe(true);
  await expect(startTemporalServer({ source, port: Number(server.address.split(':')[1]) })).rejects.toThrow(/in use/);
}, 30_000);

test.each([
  [['--no-such-flag'], /unknown flag: --no-such-flag/],
  [['server', 'stop'], /unknown command "server stop"/],
  [['--search-attribute', 'Team'], /wanted Name=Type/],
  [['--dynamic-config-value', 'a.b=c'], /not JSON/],
  [['--log-level', 'loud'], /--log-level loud/],
])('our own server refuses %j', async (argv, message) => {
  if (source.kind !== 'binary' || source.origin !== 'Go build') return;
  await expect(runTool(source.path, ['--port', String(await freePort()), ...argv])).rejects.toThrow(message);
});

import { createServer, type AddressInfo } from 'node:net';
import { Connection } from '@temporalio/client';
import { beforeAll, describe, expect, inject, test, type TestContext } from 'vitest';
import { OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../src/contract/names.js';
import { KEYWORD, searchAttributesCommand } from '../../src/client/search-attributes.js';
import { findTemporalServer } from '../../tools/engine/find-temporal-server.js';
import { freePort } from '../../tools/engine/free-port.js';
import type { ServerSource } from '../../tools/engine/given-server.js';
import { startTemporalServer, type TemporalServerOptions } from '../../tools/engine/temporal-server.js';
import { frontendWithoutRights } from '../rig/refusing-frontend.js';
import { eventually } from '../rig/rig.js';
import { isReady, onFreePort, spawnWorker } from '../rig/worker-process.js';

const SIDE_BY_SIDE = { concurrent: true };
/** The SDK gives up a connection that is silent after half a minute, and a process lasts as long as its connections. */
const PATIENTLY = { timeout: 150_000 };
const ATTRIBUTES = [STATE_ATTRIBUTE, OWNER_ATTRIBUTE];

let source: ServerSource;
beforeAll(async () => {
  source = await findTemporalServer();
});

/** A server that nobody has prepared for us. */
async function freshServer(context: TestContext, options: TemporalServerOptions = {}) {
  if (source.kind === 'running') context.skip('PIGEONFLOW_DEV_SERVER names a server that runs already');
  const server = await startTemporalServer({ source, searchAttributes: {}, ...options });
  context.onTestFinished(() => server.stop());
  const connection = await Connection.connect({ address: server.address });
  context.onTestFinished(() => connection.close());
  return { ...server, operator: connection.operatorService };
}

const start = (environment: Readonly<Record<string, string>>, context: TestContext) =>
  spawnWorker(
    {
      PIGEON_BASE_URL: 'http://127.0.0.1:9',
      PIGEON_API_TOKEN: 'token',
      PIGEONFLOW_HEALTH_ADDRESS: '127.0.0.1:0',
      ...environment,
    },
    context,
  );

describe('a worker', SIDE_BY_SIDE, () => {
  test('that may not register the search attributes it needs takes no work, and prints the command', async (context) => {
    const server = await freshServer(context);
    const worker = await start({ TEMPORAL_ADDRESS: await frontendWithoutRights(server.address, context) }, context);
    const command = searchAttributesCommand('default', ATTRIBUTES);
    expect(await worker.logged((line) => line.level === 'error', 'an error')).toMatchObject({
      missing: ATTRIBUTES,
      command,
    });
    const { status, text } = await worker.health('/readyz');
    expect({ status, text }).toEqual({
      status: 503,
      text: expect.stringContaining(`an administrator runs: ${command}`) as string,
    });

    const searchAttributes = Object.fromEntries(ATTRIBUTES.map((name) => [name, KEYWORD]));
    await server.operator.addSearchAttributes({ namespace: 'default', searchAttributes });
    await isReady(worker);
  });

  test('registers the search attributes that its namespace lacks, before it takes work', async (context) => {
    const server = await freshServer(context);
    const worker = await start({ TEMPORAL_ADDRESS: server.address }, context);
    await isReady(worker);
    const { customAttributes } = await server.operator.listSearchAttributes({ namespace: 'default' });
    expect(customAttributes).toEqual(Object.fromEntries(ATTRIBUTES.map((name) => [name, KEYWORD])));
  });

  test('lives and says why it is not ready while Temporal is away, and works as soon as it is there', async (context) => {
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const worker = await start({ TEMPORAL_ADDRESS: address }, context);
    const away = await eventually(async () => {
      const ready = await worker.health('/readyz');
      return ready.text.includes('cannot be reached') && ready;
    }, 'it is not ready');
    expect(away).toEqual({
      status: 503,
      text: expect.stringContaining(`Temporal at ${address} cannot be reached: `) as string,
    });
    expect(await worker.health('/healthz')).toEqual({ status: 200, text: 'ok\n' });

    await freshServer(context, { port });
    await isReady(worker);
    expect(await worker.health('/readyz')).toEqual({ status: 200, text: 'ok\n' });
  });

  test('that is told to stop while Temporal is away ends at once, with 0', async (context) => {
    const worker = await start({ TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` }, context);
    await worker.logged((line) => line.msg === 'Temporal cannot be reached', 'that Temporal is away');
    expect(await worker.terminate()).toEqual({ code: 0, signal: null });
  });

  test(
    'whose server takes the connection and says nothing says so, and ends when it is told to, with 0',
    PATIENTLY,
    async (context) => {
      const silent = createServer();
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      context.onTestFinished(() => void silent.close());
      const { port } = silent.address() as AddressInfo;
      const worker = await start({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` }, context);
      const { why } = await worker.logged((line) => line.msg === 'Temporal cannot be reached', 'that it waits');
      expect(why).toBe('no answer within 10 s');
      expect(await worker.terminate()).toEqual({ code: 0, signal: null });
    },
  );

  test('that has no work ends at once when it is told to stop, with 0', async (context) => {
    const worker = await start({ TEMPORAL_ADDRESS: inject('temporalAddress') }, context);
    await isReady(worker);
    expect(await worker.terminate()).toEqual({ code: 0, signal: null });
    expect(worker.log().at(-1)).toMatchObject({ level: 'info', msg: 'stopped' });
  });

  test('gives its metrics to Prometheus', async (context) => {
    const response = await onFreePort(async (port) => {
      const metrics = { PIGEONFLOW_METRICS_ADDRESS: `127.0.0.1:${port}` };
      await isReady(await start({ TEMPORAL_ADDRESS: inject('temporalAddress'), ...metrics }, context));
      return fetch(`http://127.0.0.1:${port}/metrics`);
    });
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toMatch(
      /^temporal_worker_task_slots_available\{.*task_queue="pigeonflow-invoke".*\} \d+$/m,
    );
  });

  test.for([
    ['health endpoint cannot listen', 'PIGEONFLOW_HEALTH_ADDRESS', '(EADDRINUSE)'],
    ['metrics cannot be offered', 'PIGEONFLOW_METRICS_ADDRESS', 'in use'],
  ] as const)('whose %s says which variable to change, and ends with 1', async ([what, variable, why], context) => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    context.onTestFinished(() => new Promise((resolve) => holder.close(() => resolve())));
    const address = `127.0.0.1:${(holder.address() as AddressInfo).port}`;
    const worker = await start({ TEMPORAL_ADDRESS: inject('temporalAddress'), [variable]: address }, context);
    expect(await worker.ended).toEqual({ code: 1, signal: null });
    const said = worker.output().find((line) => !line.startsWith('{')) ?? '';
    for (const part of [what, address, why, `set ${variable} to a free address`]) expect(said).toContain(part);
  });

  test('whose configuration is wrong tells all that is wrong and ends with 2', async (context) => {
    const worker = await start({ PIGEON_BASE_URL: 'x', PIGEON_API_TOKEN: '', PIGEONFLOW_SERVE: 'x' }, context);
    expect(await worker.ended).toEqual({ code: 2, signal: null });
    const lines = worker.output().filter((line) => line.startsWith('  - '));
    expect(lines.map((line) => /[A-Z_]{5,}/.exec(line)?.[0])).toEqual([
      'PIGEON_BASE_URL',
      'PIGEON_API_TOKEN_FILE',
      'PIGEONFLOW_SERVE',
    ]);
  });
});

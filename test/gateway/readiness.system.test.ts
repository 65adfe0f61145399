import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject, describe, expect, test } from 'vitest';
import { freePort } from '../../tools/engine/free-port.js';
import { breakableWay } from '../rig/breakable-way.js';
import { eventually, useRig } from '../rig/rig.js';
import { temporaryFolder } from '../tools/temporary-folder.js';
import { startGatewayProcess } from './gateway-process.js';
import { incidentOf, KEY, KEYS, ROUTES, send, SPACE, startGateway, type RunningGateway } from './gateway.js';

const rig = useRig();
const readyOf = async ({ healthUrl }: RunningGateway) => {
  const response = await fetch(`${healthUrl}/readyz`);
  return { status: response.status, text: await response.text() };
};
const isReady = (gateway: RunningGateway) =>
  eventually(async () => (await readyOf(gateway)).status === 200, 'it is ready');
const isNotReady = (gateway: RunningGateway, why: string) =>
  eventually(async () => {
    const { status, text } = await readyOf(gateway);
    return status === 503 && text.includes(why) && text;
  }, `it is not ready: ${why}`);

describe('a gateway', { timeout: 180_000 }, () => {
  test('is not ready, and loud, while no worker polls; what it accepts meanwhile is worked on later', async (context) => {
    const world = await rig({ ...SPACE, workers: 'none', context });
    const gateway = await startGateway(world, context, { lookEveryMs: 100 });
    await isNotReady(gateway, `no worker polls the task queue ${world.taskQueue}`);
    expect((await fetch(`${gateway.healthUrl}/healthz`)).status).toBe(200);
    expect(gateway.log().find(({ level }) => level === 50)).toMatchObject({
      msg: expect.stringContaining('NOT READY') as string,
      why: expect.stringContaining('pigeonflow worker') as string,
    });
    const alert = { summary: 'disk full' };
    const opened = await send(`${gateway.url}/v1/alerts/generic/${KEY}`, alert);
    const incident = world.pigeonflow.incident(incidentOf(opened));
    // Whether it is a repeat only a worker could say.
    const again = await send(`${gateway.url}/v1/alerts/generic/${KEY}`, { ...alert, severity: 'info' });
    expect(again.status).toBe(503);
    await world.startWorkers();
    await isReady(gateway);
    await eventually(async () => (await incident.status()).ringing.length > 0, 'somebody is called');
    await incident.resolve();
  });

  test('is not ready while Temporal is away, answers 503, and is ready again when it is back', async (context) => {
    const world = await rig({ ...SPACE, context });
    const way = await breakableWay(inject('temporalAddress'), context);
    const environment = { TEMPORAL_ADDRESS: way.address };
    const gateway = await startGateway(world, context, { environment, lookEveryMs: 100 });
    await isReady(gateway);
    await way.cut();
    const url = `${gateway.url}/v1/alerts/generic/${KEY}`;
    const alert = { summary: 'planted words' };
    const refused = await send(url, alert);
    expect(refused).toMatchObject({ status: 503, body: { title: 'Service Unavailable' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const resolve = await send(url, { ...alert, action: 'resolve' });
    expect(resolve.status).toBe(503);
    await isNotReady(gateway, 'cannot be reached');
    expect(gateway.written()).not.toContain('planted');
    await way.mend();
    await isReady(gateway);
    const taken = await eventually(async () => {
      const answered = await send(url, alert);
      return answered.status === 202 && answered;
    }, 'it is taken');
    await world.pigeonflow.incident(incidentOf(taken)).resolve();
  });

  test('says so while Temporal swallows everything, within the patience of its senders', async (context) => {
    const world = await rig({ ...SPACE, workers: 'none', context });
    const way = await breakableWay(inject('temporalAddress'), context);
    const gateway = await startGateway(world, context, { environment: { TEMPORAL_ADDRESS: way.address } });
    way.hold('there', 'back');
    const answered = await Promise.all(
      [{ summary: 'a' }, { summary: 'a' }, { summary: 'a', action: 'resolve' }].map((alert) =>
        send(`${gateway.url}/v1/alerts/generic/${KEY}`, alert),
      ),
    );
    expect(answered.map(({ status }) => status)).toEqual([503, 503, 503]);
  });

  test('that is told to stop answers what is at hand, and ends with 0', async (context) => {
    const world = await rig({ ...SPACE, context });
    const folder = temporaryFolder();
    const files = { keysFile: join(folder, 'keys.yaml'), routesFile: join(folder, 'routes.yaml') };
    writeFileSync(files.keysFile, KEYS);
    writeFileSync(files.routesFile, ROUTES);
    const gateway = await startGatewayProcess(world, { ...files, port: await freePort() }, context);
    const sent = Array.from({ length: 20 }, (_, index) =>
      send(`${gateway.url}/v1/alerts/generic/${KEY}`, { summary: 'x', dedupKey: `stop-${world.taskQueue}-${index}` }),
    );
    await gateway.logged(({ msg }) => msg === 'answered', 'the first answer');
    const ended = gateway.terminate();
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([202]));
    expect(await ended).toEqual({ code: 0, signal: null });
    await expect(send(`${gateway.url}/v1/alerts/generic/${KEY}`, {})).rejects.toThrow('fetch failed');
    for (const answered of await Promise.all(sent)) await world.pigeonflow.incident(incidentOf(answered)).resolve();
  });
});

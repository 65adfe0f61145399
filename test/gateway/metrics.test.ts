import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../../tools/engine/free-port.js';
import { scrape } from '../operate/scrape.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { incidentOf, KEY, send, SPACE, startGateway } from './gateway.js';

const world = useSharedWorld(useRig(), SPACE);

test('a gateway counts requests and alerts, and says whether it is ready', async (context) => {
  const gateway = await startGateway(world(), context, { lookEveryMs: 100 });
  const before = await scrape(gateway.metricsPort);
  expect(before.sum('pigeonflow_gateway_alerts_total', { source: 'generic', result: 'opened' })).toBe(0);
  const report = (alert: object, key = KEY) => send(`${gateway.url}/v1/alerts/generic/${key}`, alert);
  const alert = { summary: 'disk full', dedupKey: context.task.id };
  const opened = await report(alert);
  await report(alert);
  await report({ ...alert, labels: { quiet: 'yes' }, severity: 'dire' });
  await report(alert, 'planted');
  await eventually(async () => {
    const now = await scrape(gateway.metricsPort);
    const alerts = (result: string) => now.sum('pigeonflow_gateway_alerts_total', { source: 'generic', result });
    const requests = (status: string) => now.sum('pigeonflow_gateway_requests_total', { status });
    return (
      [alerts('opened'), alerts('known'), alerts('ignored'), requests('202'), requests('401')].join() === '1,1,1,3,1' &&
      now.sum('pigeonflow_gateway_unknown_words_total', { source: 'generic', kind: 'severity' }) === 1 &&
      now.sum('pigeonflow_gateway_ready') === 1
    );
  }, 'everything is counted');
  const text = await (await fetch(`http://127.0.0.1:${gateway.metricsPort}/metrics`)).text();
  expect(text).toContain('namespace="default"');
  expect(text).not.toContain('planted');
  await world().pigeonflow.incident(incidentOf(opened)).resolve();
});

test('a gateway whose metrics address is taken ends, and says which variable to change', async (context) => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  context.onTestFinished(() => new Promise((resolve) => holder.close(() => resolve())));
  const taken = `127.0.0.1:${(holder.address() as AddressInfo).port}`;
  const health = `127.0.0.1:${await freePort()}`;
  const environment = { PIGEONFLOW_METRICS_ADDRESS: taken, PIGEONFLOW_HEALTH_ADDRESS: health };
  await expect(startGateway(world(), { onTestFinished: () => undefined }, { environment })).rejects.toThrow(
    'set PIGEONFLOW_METRICS_ADDRESS to a free address',
  );
  await expect(fetch(`http://${health}/healthz`)).rejects.toThrow('fetch failed');
});

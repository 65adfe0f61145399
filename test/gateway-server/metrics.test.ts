import { expect, test } from 'vitest';
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
  await report({ ...alert, labels: { quiet: 'yes' } });
  await report(alert, 'planted');
  await eventually(async () => {
    const now = await scrape(gateway.metricsPort);
    const alerts = (result: string) => now.sum('pigeonflow_gateway_alerts_total', { source: 'generic', result });
    const requests = (status: string) => now.sum('pigeonflow_gateway_requests_total', { status });
    return (
      [alerts('opened'), alerts('known'), alerts('ignored'), requests('202'), requests('401')].join() === '1,1,1,3,1' &&
      now.sum('pigeonflow_gateway_ready') === 1
    );
  }, 'everything is counted');
  const text = await (await fetch(`http://127.0.0.1:${gateway.metricsPort}/metrics`)).text();
  expect(text).toContain('namespace="default"');
  expect(text).not.toContain('planted');
  await world().pigeonflow.incident(incidentOf(opened)).resolve();
});

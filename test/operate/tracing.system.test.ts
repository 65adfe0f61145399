import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answers } from '../../src/emulator/emulator.js';
import { freePort } from '../../tools/engine/free-port.js';
import { KEY, KEYS, NUMBER, ROUTES } from '../gateway/gateway.js';
import { startGatewayProcess } from '../gateway/gateway-process.js';
import { eventually, useRig } from '../rig/rig.js';
import { startWorkerProcess } from '../rig/worker-process.js';
import { type CollectedSpan, startCollector } from './collector.js';

const world = useRig();
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SENDER = 'b7ad6b7169203331';

test('an alert is one trace, from its sender through the gateway to each request to Pigeon', async (context) => {
  const here = await world({
    workers: 'none',
    context,
    people: {
      [NUMBER]: answers(100, { key: '3', afterMs: 100 }),
      '0300000003': answers(100, { key: '1', afterMs: 100 }),
    },
  });
  const collector = await startCollector(context);
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_BSP_SCHEDULE_DELAY: '100' };
  const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-tracing-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = { keysFile: join(folder, 'keys'), routesFile: join(folder, 'routes') };
  writeFileSync(files.keysFile, KEYS);
  writeFileSync(files.routesFile, ROUTES.replace('one-person', 'two-levels'));
  await startWorkerProcess(here, { ...traced, PIGEONFLOW_POLICIES: 'policies', OTEL_SERVICE_NAME: 'pigeonflow-tokyo' });
  const gateway = await startGatewayProcess(here, { ...files, port: await freePort() }, context, traced);

  const response = await fetch(`${gateway.url}/v1/alerts/generic/${KEY}`, {
    method: 'POST',
    headers: { traceparent: `00-${TRACE}-${SENDER}-01`, baggage: 'planted=in-the-baggage' },
    body: JSON.stringify({ summary: 'ディスクが一杯', dedupKey: here.taskQueue }),
  });
  expect(response.status).toBe(202);

  // The second one is of a child.
  const spans = await eventually(() => {
    const all = collector.spans().filter(({ traceId }) => traceId === TRACE);
    return Promise.resolve(invokesIn(all).length === 2 ? all : undefined);
  }, 'both requests to call are traced');
  const pathOf = ({ parentSpanId, name }: CollectedSpan): readonly string[] => {
    const parent = spans.find(({ spanId }) => spanId === parentSpanId);
    return [...(parent === undefined ? [parentSpanId] : pathOf(parent)), name];
  };
  for (const invoke of invokesIn(spans)) {
    expect(invoke.service).toBe('pigeonflow-tokyo');
    expect(pathOf(invoke)).toEqual([
      SENDER,
      'POST /v1/alerts/:source/:key',
      'StartWorkflow:incident',
      'RunActivity:invoke',
    ]);
  }
  const { incident = '' } = ((await response.json()) as Answer).results[0] ?? {};
  const [started] = (await here.temporal.workflow.getHandle(incident).fetchHistory()).events ?? [];
  const { fields } = started?.workflowExecutionStartedEventAttributes?.header ?? {};
  const headers = Object.values(fields ?? {}).map(({ data }) => Buffer.from(data ?? []).toString());
  expect(headers.join()).toContain(TRACE);
  expect(headers.join()).not.toContain('planted');
  expect(collector.bytes().includes(KEY)).toBe(false);
  expect(collector.bytes().includes(NUMBER)).toBe(false);
});

interface Answer {
  readonly results: readonly { readonly incident: string }[];
}

const invokesIn = (spans: readonly CollectedSpan[]) => spans.filter(({ name }) => name === 'RunActivity:invoke');

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Address } from '../config/config.js';
import type { Health } from '../process/health.js';
import { type PlainServer, servePlain } from '../process/plain-server.js';
import type { App } from './app.js';
import { RESULTS, type Delivered } from './deliver.js';

const KINDS = ['severity', 'state'] as const;

interface Noted {
  readonly source?: string;
  readonly results?: readonly Delivered[];
  readonly unknownWords?: readonly (typeof KINDS)[number][];
  readonly leftOut?: number;
}

/** Counts what is asked of this gateway, and what became of alerts, for `/metrics`. Every series has the namespace. */
export function countRequests(app: App, sources: readonly string[], health: Health, namespace: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ namespace });
  const registers = [registry];
  const requests = new Counter({
    name: 'pigeonflow_gateway_requests_total',
    help: 'Requests, by the pattern of their address and the status of the answer.',
    labelNames: ['route', 'status'] as const,
    registers,
  });
  const seconds = new Histogram({
    name: 'pigeonflow_gateway_request_seconds',
    help: 'How long an answer took.',
    labelNames: ['route'] as const,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const alerts = new Counter({
    name: 'pigeonflow_gateway_alerts_total',
    help: 'Alerts that were accepted, by their source and what they came to.',
    labelNames: ['source', 'result'] as const,
    registers,
  });
  const leftOut = new Counter({
    name: 'pigeonflow_gateway_alerts_left_out_total',
    help: 'Alerts of groups that were not read: the body is too large, or the sender has cut it.',
    labelNames: ['source'] as const,
    registers,
  });
  for (const source of sources) leftOut.inc({ source }, 0);
  // From 0 on, so that the first one is seen to be one more.
  for (const source of sources) for (const result of RESULTS) alerts.inc({ source, result }, 0);
  const unknown = new Counter({
    name: 'pigeonflow_gateway_unknown_words_total',
    help: 'Words of senders that no table knows, by their source and whether they are of a severity or a state. The louder reading was taken.',
    labelNames: ['source', 'kind'] as const,
    registers,
  });
  for (const source of [...sources, 'api']) for (const kind of KINDS) unknown.inc({ source, kind }, 0);
  const ready = new Gauge({
    name: 'pigeonflow_gateway_ready',
    help: '1 while what is accepted is worked on, as /readyz says.',
    registers: [],
    collect() {
      this.set(health.reason === null ? 1 : 0);
    },
  });
  registry.registerMetric(ready);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    requests.inc({ route, status: reply.statusCode });
    seconds.observe({ route }, reply.elapsedTime / 1000);
    const { source, results = [], unknownWords = [], leftOut: cut } = request.noted as Noted;
    if (source !== undefined) for (const { result } of results) alerts.inc({ source, result });
    if (source !== undefined && cut !== undefined) leftOut.inc({ source }, cut);
    for (const kind of unknownWords) unknown.inc({ source: source ?? 'api', kind });
  });
  return registry;
}

/** @throws Error when the address cannot be used; the message names the variable to change. */
export async function serveMetrics(address: Address, registry: Registry): Promise<PlainServer> {
  const name = { what: 'The metrics endpoint', variable: 'PIGEONFLOW_METRICS_ADDRESS' };
  return await servePlain(address, name, (_request, response) => {
    void registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
}

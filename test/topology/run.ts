/**
 * `npm run test:topology`: what an installation is made of, without containers: PostgreSQL, a Temporal server on it, two
 * workers, two gateways, and a sender that retries. While alerts come in, each of them is killed and comes back. Ends with
 * 1 when an alert that was accepted is lost or doubled.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { createPigeonflowClient, incidentId } from '../../src/client.js';
import { answers, EMULATOR_TOKEN, startEmulator } from '../../src/emulator/emulator.js';
import { hashText, newKey } from '../../src/gateway/keys/keys.js';
import type { Child } from '../../tools/engine/child-process.js';
import { freePort } from '../../tools/engine/free-port.js';
import { makePostgreSql } from '../../tools/engine/postgresql.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { startReadyChild } from '../../tools/engine/ready-child.js';
import { startTemporalServer } from '../../tools/engine/temporal-server.js';
import { madeARun } from '../faults/measure.js';
import { until } from '../faults/until.js';

const NUMBER = '0300000001';
/** An alert each half second; a kill each 15 s, back 5 s later. */
const ALERT_EVERY_MS = 500;
const BETWEEN_KILLS_MS = 15_000;
const AWAY_MS = 5_000;
/** What was sent and not confirmed is looked for until 75 s later, then called again. */
const ENDS_WITHIN_MS = 300_000;

const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-topology-'));
const postgres = await makePostgreSql();
await postgres.start();
let temporal = await startTemporalServer({ postgres: { target: postgres.target, setUp: true } });
const temporalPort = Number(temporal.address.split(':')[1]);
const emulator = await startEmulator({
  people: { [NUMBER]: answers(300, { key: '1', afterMs: 300 }) },
  lines: 100,
  switches: { queueSize: 1_000 },
});
const key = newKey();
const files = { policies: folder, routes: join(folder, 'routes'), keys: join(folder, 'keys') };
writeFileSync(
  join(folder, 'topology.yaml'),
  `
name: topology
budget: { calls: 1000, within: 1d }
contacts: { tanaka: { name: 田中, phone: "${NUMBER}" } }
steps:
  first:
    call: { contacts: [tanaka], say: "{{incident}}", waitTime: 2 }
    attempts: 3
    every: 1m
    keys: { 1: acknowledge }
    otherwise: exhausted
start: first
parameters: [incident]
`,
);
writeFileSync(files.routes, 'rules: [{ name: all, policy: topology, parameters: { incident: "{{summary}}" } }]');
writeFileSync(files.keys, `integrations: { shop: { keys: "${hashText(key)}" } }`);

/** A process of pigeonflow that can be killed and comes back. */
class Part {
  #child: Child | null = null;

  constructor(
    readonly name: string,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly isThere: string,
  ) {}

  async start(): Promise<void> {
    this.#child = await startReadyChild([join(projectRoot, 'dist/src/cli.js'), this.name], this.isThere, {
      environment: {
        PATH: process.env['PATH'],
        HOME: '/nonexistent',
        TEMPORAL_ADDRESS: temporal.address,
        PIGEONFLOW_HEALTH_ADDRESS: 'off',
        PIGEONFLOW_POLICIES: files.policies,
        ...this.environment,
      },
      graceSeconds: 1,
    });
  }

  kill = async (): Promise<void> => void (await this.#child?.kill());
}

const worker = () =>
  new Part(
    'worker',
    { PIGEON_BASE_URL: emulator.url, PIGEON_API_TOKEN: EMULATOR_TOKEN, PIGEONFLOW_INVOKE_RATE: '50' },
    '"msg":"ready"',
  );
const ports = [await freePort(), await freePort()] as const;
const gateway = (port: number) =>
  new Part(
    'gateway',
    {
      PIGEONFLOW_ROUTES: files.routes,
      PIGEONFLOW_GATEWAY_KEYS_FILE: files.keys,
      PIGEONFLOW_GATEWAY_ADDRESS: `127.0.0.1:${port}`,
    },
    '"msg":"listening"',
  );
const parts = { workers: [worker(), worker()], gateways: [gateway(ports[0]), gateway(ports[1])] } as const;
await Promise.all([...parts.workers, ...parts.gateways].map((part) => part.start()));
console.log('PostgreSQL, Temporal on it, two workers and two gateways are there');

const kills: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
  ['the first worker', () => parts.workers[0].kill(), () => parts.workers[0].start()],
  ['the second worker', () => parts.workers[1].kill(), () => parts.workers[1].start()],
  ['a gateway', () => parts.gateways[0].kill(), () => parts.gateways[0].start()],
  [
    'the Temporal server',
    () => temporal.kill(),
    async () => {
      const again = { target: postgres.target, setUp: false };
      temporal = await startTemporalServer({ postgres: again, port: temporalPort });
    },
  ],
  ['PostgreSQL', () => postgres.kill(), () => postgres.start()],
];

/** Keeps what was not accepted, and asks the other gateway, as a balancer does. */
const sent: { readonly dedupKey: string; readonly at: number; acceptedAt: number; tries: number }[] = [];
async function deliver(index: number): Promise<void> {
  const alert = { dedupKey: `topology-${index}`, at: Date.now(), acceptedAt: 0, tries: 0 };
  sent.push(alert);
  for (;;) {
    const port = ports[(index + alert.tries++) % 2];
    const body = JSON.stringify({ summary: 'ディスク満杯', dedupKey: alert.dedupKey });
    const request = { method: 'POST', body, signal: AbortSignal.timeout(15_000) };
    const answered = await fetch(`http://127.0.0.1:${port}/v1/alerts/generic/${key}`, request).catch(() => null);
    if (answered?.status === 202) {
      alert.acceptedAt = Date.now();
      return;
    }
    await setTimeout(1_000);
  }
}

const sender = { isOn: true };
const delivering = (async () => {
  const deliveries: Promise<void>[] = [];
  for (let index = 0; sender.isOn; index += 1) {
    deliveries.push(deliver(index));
    await setTimeout(ALERT_EVERY_MS);
  }
  await Promise.all(deliveries);
})();
for (const [what, kill, start] of kills) {
  await setTimeout(BETWEEN_KILLS_MS);
  console.log(`SIGKILL of ${what}`);
  await kill();
  await setTimeout(AWAY_MS);
  await start();
}
await setTimeout(BETWEEN_KILLS_MS);
sender.isOn = false;
await delivering;

const connection = await Connection.connect({ address: temporal.address });
const pigeonflow = createPigeonflowClient(new Client({ connection }));
const counts = { lost: 0, doubled: 0, named: 0 };
for (const { dedupKey } of sent) {
  const id = incidentId({ source: 'generic', route: 'shop', dedupKey });
  const incident = pigeonflow.incident(id);
  const isOwned = async () => (await incident.listed()).state === 'acknowledged';
  const owned = await until(`${id} is owned`, isOwned, ENDS_WITHIN_MS, 500).catch(() => false);
  const made = emulator.journal.invokes().filter(madeARun);
  const runs = made.filter(({ body }) => JSON.stringify(body).includes(`${id}#`)).length;
  if (!owned || runs === 0) counts.lost += 1;
  if (runs > 1) {
    counts.doubled += 1;
    if (JSON.stringify(await incident.timeline()).includes('it may ring twice')) counts.named += 1;
  }
}
const waited = sent.map(({ at, acceptedAt }) => (acceptedAt - at) / 1000).toSorted((a, b) => a - b);
const late = waited.at(Math.floor(waited.length * 0.95)) ?? 0;
console.log(
  `${sent.length} alerts, all accepted in ${sent.reduce((sum, { tries }) => sum + tries, 0)} tries, 95 % within ${late.toFixed(1)} s, the last after ${(waited.at(-1) ?? 0).toFixed(1)} s; ` +
    `${counts.lost} lost, ${counts.doubled} doubled (${counts.named} of them named)`,
);
await Promise.all([...parts.workers, ...parts.gateways].map((part) => part.kill()));
await temporal.stop();
await postgres.stop();
await emulator.close();
rmSync(folder, { recursive: true, force: true });
process.exit(counts.lost + counts.doubled - counts.named === 0 ? 0 : 1);

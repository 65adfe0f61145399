import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { lazyTemporal } from '../src/client/connect-temporal.js';
import { hashText } from '../src/gateway/keys/keys.js';
import type { Child } from '../tools/engine/child-process.js';
import { freePort } from '../tools/engine/free-port.js';
import { makePostgreSql } from '../tools/engine/postgresql.js';
import { startReadyChild } from '../tools/engine/ready-child.js';
import { startTemporalServer, type TemporalServer } from '../tools/engine/temporal-server.js';
import { type Sink, startSink } from './sink.js';

/** Product and floor on one server, each with a worker process of its own, against one sink. */
export interface Field {
  readonly temporal: Client;
  readonly server: TemporalServer;
  readonly sink: Sink;
  readonly floorQueue: string;
  readonly productQueue: string;
  /** Where the gateway takes alerts of the generic kind, which go to the policy `bench`. */
  readonly alertsUrl: string;
  readonly workers: { readonly floor: Child; readonly product: Child };
  /** One more worker of the product. */
  readonly startWorker: (environment?: Readonly<Record<string, string>>) => Promise<Child>;
  readonly close: () => Promise<void>;
}

/** @param on PostgreSQL with 4 shards, instead of SQLite in memory. */
export async function prepareField(on: { readonly postgres: boolean }): Promise<Field> {
  const postgres = on.postgres ? await makePostgreSql() : null;
  await postgres?.start();
  const server = await startTemporalServer({
    ui: 'headless',
    ...(postgres !== null && { postgres: { target: postgres.target, setUp: true } }),
  });
  const sink = await startSink();
  const floorQueue = 'bench-floor';
  const productQueue = 'bench-product';
  const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-bench-'));
  mkdirSync(join(folder, 'schedules'));
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(folder, file), text);
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const startWorker = async (environment: Readonly<Record<string, string>> = {}): Promise<Child> =>
    startReady([path('../src/cli.js'), 'worker'], '"msg":"ready"', {
      ...PATHS,
      TEMPORAL_ADDRESS: server.address,
      PIGEON_BASE_URL: sink.url,
      PIGEON_API_TOKEN: 'bench',
      PIGEONFLOW_TASK_QUEUE: productQueue,
      PIGEONFLOW_INVOKE_TASK_QUEUE: `${productQueue}-invoke`,
      PIGEONFLOW_HEALTH_ADDRESS: `127.0.0.1:${await freePort()}`,
      PIGEONFLOW_INVOKE_RATE: '10000',
      PIGEONFLOW_SHUTDOWN_GRACE: '1',
      PIGEONFLOW_POLICIES: folder,
      PIGEONFLOW_PEOPLE: join(folder, 'people'),
      PIGEONFLOW_SCHEDULES: join(folder, 'schedules'),
      ...environment,
    });
  const product = await startWorker();
  const gatewayPort = await freePort();
  const gateway = await startReady([path('../src/cli.js'), 'gateway'], '"msg":"listening"', {
    ...PATHS,
    TEMPORAL_ADDRESS: server.address,
    PIGEONFLOW_TASK_QUEUE: productQueue,
    PIGEONFLOW_INVOKE_TASK_QUEUE: `${productQueue}-invoke`,
    PIGEONFLOW_HEALTH_ADDRESS: 'off',
    PIGEONFLOW_POLICIES: folder,
    PIGEONFLOW_ROUTES: join(folder, 'routes'),
    PIGEONFLOW_GATEWAY_KEYS_FILE: join(folder, 'keys'),
    PIGEONFLOW_GATEWAY_ADDRESS: `127.0.0.1:${gatewayPort}`,
  });
  const floor = await startReady([path('./floor/worker.js'), server.address, floorQueue, sink.url], 'ready', PATHS);
  const temporal = lazyTemporal({ address: server.address }, server.namespace, {});
  return {
    temporal,
    server,
    sink,
    floorQueue,
    productQueue,
    alertsUrl: `http://127.0.0.1:${gatewayPort}/v1/alerts/generic/${KEY}`,
    workers: { floor, product },
    startWorker,
    close: async () => {
      await temporal.connection.close();
      await Promise.all([product.stop(), floor.stop(), gateway.stop()]);
      rmSync(folder, { recursive: true });
      await sink.close();
      await server.stop();
      await postgres?.stop();
    },
  };
}

const KEY = 'key-of-the-benchmark-0000000000001';
/** Nothing but the mark is said, to one person. */
const FILES = {
  'bench.yaml': `
name: bench
budget: { calls: 1000, within: 1d }
contacts: { tanaka: { name: 田中, phone: "0300000001" } }
steps:
  first:
    call: { contacts: [tanaka], say: "{{mark}}", waitTime: 3600 }
    keys: { 1: acknowledge }
    otherwise: exhausted
start: first
parameters: [mark]
`,
  people: `people: { ${['tanaka', 'yamada', 'sato', 'suzuki'].map((name, index) => `${name}: { name: ${name}, phones: ["030000000${index}"] }`).join(', ')} }`,
  'schedules/bench.yaml': `
name: bench
timeZone: Asia/Tokyo
holidays: [japan]
layers:
  - { name: weekly, rotation: { every: 1w, handOff: "mon 09:00", from: 2026-11-30, people: [tanaka, yamada, sato] } }
  - { name: nights, when: { from: "22:00", to: "07:00" }, rotation: { every: 1d, handOff: "12:00", from: 2026-11-30, people: [suzuki, sato] } }
  - { name: holidays, when: { days: holiday, from: "07:00", to: "22:00" }, people: [yamada] }
overrides:
  - { from: 2026-12-29T09:00, to: 2026-12-31T09:00, people: [yamada] }
`,
  routes: 'rules: [{ name: all, policy: bench, parameters: { mark: "{{parameters.mark}}" } }]',
  keys: `integrations: { bench: { keys: "${hashText(KEY)}", perMinute: 600000 } }`,
};

const PATHS = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

const startReady = (
  argv: readonly string[],
  word: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Child> => startReadyChild(argv, word, { environment });

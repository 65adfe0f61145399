import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { type Child, startChild } from '../tools/engine/child-process.js';
import { freePort } from '../tools/engine/free-port.js';
import { startTemporalServer, type TemporalServer } from '../tools/engine/temporal-server.js';
import { type Sink, startSink } from './sink.js';

/** Product and floor on one server, each with a worker process of its own, against one sink. */
export interface Field {
  readonly temporal: Client;
  readonly server: TemporalServer;
  readonly sink: Sink;
  readonly floorQueue: string;
  readonly productQueue: string;
  readonly workers: { readonly floor: Child; readonly product: Child };
  /** One more worker of the product. */
  readonly startWorker: (environment?: Readonly<Record<string, string>>) => Promise<Child>;
  readonly close: () => Promise<void>;
}

export async function prepareField(): Promise<Field> {
  const server = await startTemporalServer({ ui: 'headless' });
  const sink = await startSink();
  const floorQueue = 'bench-floor';
  const productQueue = 'bench-product';
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const startWorker = async (environment: Readonly<Record<string, string>> = {}): Promise<Child> =>
    whenReady([path('../src/cli.js'), 'worker'], '"msg":"ready"', {
      ...PATHS,
      TEMPORAL_ADDRESS: server.address,
      PIGEON_BASE_URL: sink.url,
      PIGEON_API_TOKEN: 'bench',
      PIGEONFLOW_TASK_QUEUE: productQueue,
      PIGEONFLOW_INVOKE_TASK_QUEUE: `${productQueue}-invoke`,
      PIGEONFLOW_HEALTH_ADDRESS: `127.0.0.1:${await freePort()}`,
      PIGEONFLOW_INVOKE_RATE: '10000',
      PIGEONFLOW_SHUTDOWN_GRACE: '1',
      ...environment,
    });
  const product = await startWorker();
  const floor = await whenReady([path('./floor/worker.js'), server.address, floorQueue, sink.url], 'ready', PATHS);
  const connection = await Connection.connect({ address: server.address });
  return {
    temporal: new Client({ connection, namespace: server.namespace }),
    server,
    sink,
    floorQueue,
    productQueue,
    workers: { floor, product },
    startWorker,
    close: async () => {
      await connection.close();
      await Promise.all([product.stop(), floor.stop()]);
      await sink.close();
      await server.stop();
    },
  };
}

const PATHS = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

async function whenReady(
  argv: readonly string[],
  word: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Child> {
  let ready: () => void = () => undefined;
  const isReady = new Promise<void>((resolve) => (ready = resolve));
  const child = await startChild(process.execPath, argv, {
    environment,
    onLine: (line) => {
      if (line.includes(word)) ready();
    },
  });
  await Promise.race([
    isReady,
    child.ended.then(() => {
      throw new Error(`It ended before it was ready:\n${child.tail()}`);
    }),
  ]);
  return child;
}

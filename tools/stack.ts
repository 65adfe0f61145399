import { type Emulator, type EmulatorOptions, EMULATOR_TOKEN, startEmulator } from '../src/emulator/emulator.js';
import type { Child } from './engine/child-process.js';
import { freePort } from './engine/free-port.js';
import { startReadyChild } from './engine/ready-child.js';
import { startTemporalServer, type TemporalServer } from './engine/temporal-server.js';
import { fileURLToPath } from 'node:url';

/** Everything that the demo and `npm run dev` need, on loopback: a Temporal server, a Pigeon emulator, workers. */
export interface Stack {
  readonly temporal: TemporalServer;
  readonly emulator: Emulator;
  /** Starts one more worker process, with these variables besides, and waits until it is ready. */
  readonly startWorker: (more?: Environment) => Promise<Child>;
  readonly stop: () => Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

export interface StackOptions {
  readonly emulator: EmulatorOptions;
  readonly webUi: 'on' | 'headless';
  readonly ports?: { readonly temporal: number; readonly webUi: number };
  /** Gets each line of the workers' logs. */
  readonly log?: (line: string) => void;
}

/** Starts what is missing. `stop` ends all that was started, and so does the end of this process. */
export async function startStack({ emulator: space, webUi, ports, log }: StackOptions): Promise<Stack> {
  const temporal = await startTemporalServer({
    ui: webUi,
    ...(ports !== undefined && { port: ports.temporal, uiPort: ports.webUi }),
  });
  const emulator = await startEmulator(space);
  const workers: Child[] = [];
  return {
    temporal,
    emulator,
    async startWorker(more = {}) {
      const worker = await readyWorker(temporal, emulator, more, log);
      workers.push(worker);
      return worker;
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await emulator.close();
      await temporal.stop();
    },
  };
}

async function readyWorker(
  temporal: TemporalServer,
  emulator: Emulator,
  more: Environment,
  log: (line: string) => void = () => undefined,
): Promise<Child> {
  const argv = [fileURLToPath(new URL('../src/cli.js', import.meta.url)), 'worker'];
  return await startReadyChild(argv, '"msg":"ready"', {
    environment: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      PIGEON_BASE_URL: emulator.url,
      PIGEON_API_TOKEN: EMULATOR_TOKEN,
      PIGEONFLOW_HEALTH_ADDRESS: `127.0.0.1:${await freePort()}`,
      // The emulator needs no mercy.
      PIGEONFLOW_INVOKE_RATE: '50',
      PIGEONFLOW_SHUTDOWN_GRACE: '2',
      ...more,
    },
    onLine: log,
  });
}

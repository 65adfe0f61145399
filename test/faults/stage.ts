import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { EMULATOR_TOKEN, startEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/emulator.js';
import { startChild, type Child } from '../../tools/engine/child-process.js';
import { startTemporalServer, type TemporalServer } from '../../tools/engine/temporal-server.js';
import { breakableWay, type BreakableWay } from '../rig/breakable-way.js';
import type { Lifetime } from '../rig/lifetime.js';
import { until } from './until.js';

export const TASK_QUEUE = 'faults';
const INVOKE_TASK_QUEUE = 'faults-invoke';
const COMMAND = fileURLToPath(new URL('../../src/cli.js', import.meta.url));

/** A worker process, and its own ways to Temporal and to Pigeon, which can be cut. */
export interface WorkerProcess {
  readonly child: Child;
  readonly temporalWay: BreakableWay;
  readonly pigeonWay: BreakableWay;
}

/** The world of one fault: a server on a database file, a space, and workers that reach both by ways of their own. */
export class Stage {
  readonly workers: WorkerProcess[] = [];
  /** Nothing can be awaited here any more. */
  isClosed = false;

  private constructor(
    readonly emulator: Emulator,
    readonly temporal: Client,
    /** Of the Temporal server. */
    readonly version: string,
    private server: TemporalServer,
    private readonly folder: string,
    private readonly cleanUps: (() => Promise<unknown>)[],
  ) {}

  static async open(space: EmulatorOptions): Promise<Stage> {
    const cleanUps: (() => Promise<unknown>)[] = [];
    const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-faults-'));
    cleanUps.push(() => rm(folder, { recursive: true, force: true }));
    const server = await startTemporalServer({ dbFilename: join(folder, 'temporal.db') });
    if (server.pid === null) {
      throw new Error('PIGEONFLOW_DEV_SERVER names a server that runs already, and it is to be killed: name a binary.');
    }
    const emulator = await startEmulator(space);
    const connection = await Connection.connect({ address: server.address });
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    const stage = new Stage(emulator, new Client({ connection }), serverVersion, server, folder, cleanUps);
    // The connection stays open to the end of the process: a request that the SDK repeats just then would throw in a timer.
    cleanUps.push(
      () => stage.server.stop(),
      () => emulator.close(),
    );
    await stage.giveToken(EMULATOR_TOKEN);
    return stage;
  }

  /** @param command of another version, where it is not this one's worker. */
  async startWorker(more: Readonly<Record<string, string>> = {}, command = COMMAND): Promise<WorkerProcess> {
    const lifetime: Lifetime = { onTestFinished: (cleanUp) => void this.cleanUps.push(cleanUp) };
    const [temporalWay, pigeonWay] = await Promise.all([
      breakableWay(this.server.address, lifetime),
      breakableWay(new URL(this.emulator.url).host, lifetime),
    ]);
    let ready = false;
    let ended = false;
    const child = await startChild(process.execPath, [command, 'worker'], {
      environment: {
        PATH: process.env['PATH'],
        HOME: '/nonexistent',
        TEMPORAL_ADDRESS: temporalWay.address,
        PIGEON_BASE_URL: `http://${pigeonWay.address}`,
        PIGEON_API_TOKEN_FILE: this.tokenFile,
        PIGEONFLOW_TASK_QUEUE: TASK_QUEUE,
        PIGEONFLOW_INVOKE_TASK_QUEUE: INVOKE_TASK_QUEUE,
        PIGEONFLOW_INVOKE_RATE: '1000',
        PIGEONFLOW_HEALTH_ADDRESS: 'off',
        ...more,
      },
      graceSeconds: 1,
      onLine: (line) => void (ready ||= line.includes('"msg":"ready"')),
    });
    this.cleanUps.push(() => child.kill());
    void child.ended.then(() => (ended = true));
    await until('the worker is ready', () => ready || ended, 60_000);
    if (!ready) throw new Error(`The worker ended before it was ready:\n${child.tail()}`);
    const worker = { child, temporalWay, pigeonWay };
    this.workers.push(worker);
    return worker;
  }

  /** SIGKILL; what it had sent and its ways still held is lost with it. */
  async killWorker(worker: WorkerProcess): Promise<void> {
    await worker.child.kill();
    await this.forget(worker);
  }

  /** After its process has ended. */
  async forget(worker: WorkerProcess): Promise<void> {
    await Promise.all([worker.temporalWay.cut(), worker.pigeonWay.cut()]);
    this.workers.splice(this.workers.indexOf(worker), 1);
  }

  get temporalPid(): number | null {
    return this.server.pid;
  }

  /** SIGKILL. */
  async killTemporal(): Promise<void> {
    await this.server.kill();
  }

  /** On the same file and port. */
  async restartTemporal(): Promise<void> {
    const port = Number(this.server.address.split(':')[1]);
    this.server = await startTemporalServer({ dbFilename: join(this.folder, 'temporal.db'), port });
  }

  /** Keeps the server from handing out POSTs: they stay scheduled. */
  async setPosts(posts: 'held' | 'flowing'): Promise<void> {
    await this.temporal.workflowService.updateTaskQueueConfig({
      namespace: 'default',
      identity: 'faults',
      taskQueue: INVOKE_TASK_QUEUE,
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- ACTIVITY; the enum's package is the SDK's own
      taskQueueType: 2,
      updateQueueRateLimit: posts === 'held' ? { rateLimit: { requestsPerSecond: 0 } } : {},
    });
  }

  /** Into the file from which the workers read it, as mounted secrets do it: nobody reads half of it. */
  async giveToken(token: string): Promise<void> {
    await writeFile(`${this.tokenFile}.new`, token);
    await rename(`${this.tokenFile}.new`, this.tokenFile);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const cleanUp of this.cleanUps.toReversed()) await cleanUp().catch(() => undefined);
  }

  private get tokenFile(): string {
    return join(this.folder, 'token');
  }
}

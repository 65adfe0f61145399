import { NativeConnection, type Worker } from '@temporalio/worker';
import type { Logger as Pino } from 'pino';
import { pauseUnless } from '../aborted.js';
import type { WorkerConfig } from '../config.js';
import type { Health } from '../health.js';
import { holdPolls } from './hold-polls.js';
import { connect, connected } from './temporal-server.js';

const LOOK_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 500;

/** The connection that is in use; another one after the server was away. */
export interface TemporalServer {
  connection: NativeConnection;
}

/**
 * Until `ended`: has the workers wait while their server is away, and ask it as soon as it is back. They would do so up to
 * 12 s later, see `holdPolls`.
 */
export async function stayConnected(
  server: TemporalServer,
  workers: readonly Worker[],
  config: WorkerConfig,
  log: Pino,
  health: Health,
  ended: AbortSignal,
): Promise<void> {
  const { connection: options } = config.temporal;
  while (!ended.aborted) {
    await pauseUnless(ended, LOOK_EVERY_MS);
    if (ended.aborted || (await answers(server.connection, ended))) continue;
    // A slow server lets polls wait itself. One is away that refuses a new connection, or says nothing for 10 s.
    const another = await connect(options, ended).catch(() => null);
    if (another !== null || ended.aborted) {
      await another?.close();
      continue;
    }
    const held = await holdPolls();
    const waiting = await NativeConnection.connect({ address: held.address });
    connectTo(waiting, workers);
    const next = await connected(config, log, health, ended);
    connectTo(next ?? server.connection, workers);
    held.release();
    await waiting.close();
    if (next === null) return;
    await server.connection.close();
    server.connection = next;
    if (workers.every((worker) => worker.getState() === 'RUNNING')) health.reason = null;
    log.info({ address: options.address }, 'Temporal is back');
  }
}

/** Whether it answers by this very connection, however busy it may be. */
async function answers(connection: NativeConnection, ended: AbortSignal): Promise<boolean> {
  const answered = connection.workflowService.getSystemInfo({}).then(
    () => true,
    () => false,
  );
  return await Promise.race([answered, pauseUnless(ended, ANSWER_WITHIN_MS).then(() => false)]);
}

function connectTo(connection: NativeConnection, workers: readonly Worker[]): void {
  for (const worker of workers) {
    if (!['STOPPED', 'FAILED'].includes(worker.getState())) worker.connection = connection;
  }
}

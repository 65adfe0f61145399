import { isGrpcServiceError } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import type { Logger as Pino } from 'pino';
import { aborted, pauseUnless } from '../process/aborted.js';
import type { WorkerConfig } from '../config/config.js';
import type { Health } from '../process/health.js';
import { holdPolls } from './hold-polls.js';
import { connect, connected } from './temporal-server.js';

const LOOK_INTERVAL_MS = 500;
const PROBE_MS = 500;
/** PERMISSION_DENIED and UNAUTHENTICATED: the SDK ends such a worker, and anyone who starts it again may give it other rights. */
const DENIED = [7, 16];

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
  const areRunning = () => workers.every((worker) => worker.getState() === 'RUNNING');
  while (!ended.aborted) {
    await pauseUnless(ended, LOOK_INTERVAL_MS);
    if (await answers(server.connection, ended)) continue;
    // It is away if a new connection fails too, or is silent for 10 s, and the one at hand still says nothing then.
    const another = await connect(options, ended).catch(() => null);
    await another?.close();
    if (another !== null || (await answers(server.connection, ended))) continue;
    const held = await holdPolls();
    const standIn = await NativeConnection.connect({ address: held.address });
    connectTo(standIn, workers);
    const next = await connected(config, log, health, ended);
    if (next !== null) connectTo(next, workers);
    held.release();
    // A worker that stops keeps its connection until it has ended.
    if (!areRunning()) await aborted(ended);
    await standIn.close();
    if (next === null) return;
    await server.connection.close();
    server.connection = next;
    health.reason = areRunning() ? null : 'stopping';
    log.info({ address: options.address }, 'Temporal is back');
  }
}

/** Whether it answers by this very connection; also true once `ended`. A refusal of our rights is an answer. */
async function answers(connection: NativeConnection, ended: AbortSignal): Promise<boolean> {
  const asked = connection.withDeadline(Date.now() + PROBE_MS, () => connection.workflowService.getSystemInfo({}));
  const answered = asked.then(
    () => true,
    (error: unknown) => isGrpcServiceError(error) && DENIED.includes(error.code),
  );
  // The SDK repeats what is refused for ten seconds before it tells.
  return await Promise.race([answered, pauseUnless(ended, PROBE_MS).then(() => ended.aborted)]);
}

function connectTo(connection: NativeConnection, workers: readonly Worker[]): void {
  for (const worker of workers) {
    if (!['STOPPED', 'FAILED'].includes(worker.getState())) worker.connection = connection;
  }
}

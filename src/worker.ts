import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import {
  NativeConnection,
  Runtime,
  Worker,
  type WorkerDeploymentOptions,
  type WorkerOptions as SdkWorkerOptions,
} from '@temporalio/worker';
import type { Logger as Pino } from 'pino';
import type { Activities } from './contract/activities.js';
import { createActivities } from './activities/create-activities.js';
import { heartbeatTo } from './activities/heartbeat.js';
import { watchSleep } from './activities/sleep-watch.js';
import { currentPause, type PauseWatch, watchPause } from './calling-pause.js';
import { openDataConverter } from './codec.js';
import { describeConfig, type Address, type WorkerConfig, type WorkerVersion } from './config.js';
import { serveHealth, type Health } from './health.js';
import { logKeys, temporalLogger } from './logging.js';
import { createPigeonClient } from './pigeon/client.js';
import { tokenFrom } from './pigeon/token.js';
import { missingSearchAttributes, searchAttributesCommand } from './search-attributes.js';
import { lookAtTls } from './tls/look-at-tls.js';
import { beginTracing } from './tracing.js';
import { beginCounters, HISTOGRAM_BUCKETS } from './worker-metrics.js';
import { loadWorkflowCode } from './workflow-bundle.js';

export interface WorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly invokeTaskQueue: string;
  readonly serve: WorkerConfig['serve'];
  readonly invokeRate: number;
  readonly maxCachedWorkflows: number;
  readonly shutdownGraceMs: number;
  readonly activities: Activities;
  /** From `loadWorkflowCode`. */
  readonly workflowCode: string;
  /** From `openDataConverter`. Default: nothing is encrypted. */
  readonly dataConverter?: DataConverter;
  readonly identity?: string;
  /** Default `null`: no worker versioning. */
  readonly version?: WorkerVersion | null;
  /** Further options of the SDK's worker for workflows. */
  readonly sinks?: SdkWorkerOptions['sinks'];
  /** And of both. */
  readonly interceptors?: SdkWorkerOptions['interceptors'];
}

/** The workers of one process: one for each task queue that it serves. Two, unless told otherwise. */
export async function createWorkers(options: WorkerOptions): Promise<readonly Worker[]> {
  const {
    connection,
    namespace,
    taskQueue,
    invokeTaskQueue,
    serve,
    activities,
    dataConverter = {},
    version = null,
  } = options;
  const { invoke, ...others } = activities;
  const common = {
    connection,
    namespace,
    dataConverter,
    ...(options.identity !== undefined && { identity: options.identity }),
    ...(version !== null && { workerDeploymentOptions: deploymentOf(version) }),
    // Above the HTTP limit of 10 s: a POST that has left is read to its end before its worker goes.
    shutdownGraceTime: options.shutdownGraceMs,
    shutdownForceTime: options.shutdownGraceMs + 10_000,
    ...(options.interceptors !== undefined && { interceptors: options.interceptors }),
  };
  const workers: Worker[] = [];
  try {
    if (serve !== 'invoke') {
      workers.push(
        await Worker.create({
          ...common,
          taskQueue,
          activities: others,
          // Workflows cannot read configuration, so what they need of it stands in front of their code.
          workflowBundle: {
            code: [
              // The SDK takes a stack trace of each promise: with ten frames they were a third of an incident's first task.
              'Error.stackTraceLimit = 3;',
              `globalThis.pigeonflowInvokeTaskQueue = ${JSON.stringify(invokeTaskQueue)};`,
              `globalThis.pigeonflowEncodeFailures = ${dataConverter.failureConverterPath !== undefined};`,
              options.workflowCode,
            ].join('\n'),
          },
          maxCachedWorkflows: options.maxCachedWorkflows,
          ...(options.sinks !== undefined && { sinks: options.sinks }),
          // With the default of 10 s, each run that a killed worker had cached waits so long for its next step.
          stickyQueueScheduleToStartTimeout: '1s',
        }),
      );
    }
    if (serve !== 'workflows') {
      workers.push(
        await Worker.create({
          ...common,
          taskQueue: invokeTaskQueue,
          activities: { invoke },
          // Pigeon limits rates. The server keeps this one for the whole queue, however many workers poll it.
          maxTaskQueueActivitiesPerSecond: options.invokeRate,
        }),
      );
    }
  } catch (error) {
    await Promise.all(workers.map(runNever));
    throw error;
  }
  return workers;
}

/** Both task queues are of one version: the POST of a run is its own version's too. */
const deploymentOf = (version: WorkerVersion): WorkerDeploymentOptions => ({
  useWorkerVersioning: true,
  version,
  defaultVersioningBehavior: 'PINNED',
});

/** A worker that was created holds its slot until it has run. */
async function runNever(worker: Worker): Promise<void> {
  await worker.runUntil(Promise.resolve());
}

/**
 * The process `pigeonflow worker`: answers health checks from the first moment, waits for its server, works until `stop`,
 * then drains: tasks at hand are finished within the grace time, new ones are left to others.
 *
 * @throws KeysFileUnusable, or Error when the health or metrics address cannot be used, or a worker dies.
 */
export async function runWorker(config: WorkerConfig, log: Pino, stop: AbortSignal): Promise<void> {
  const dataConverter = await openDataConverter(config.codecKeysFile, logKeys(log));
  const pigeon = createPigeonClient({
    baseUrl: config.pigeon.baseUrl,
    token: tokenFrom(config.pigeon.token),
    ...(config.pigeon.basicAuth !== null && { basicAuth: tokenFrom(config.pigeon.basicAuth) }),
    ...(config.pigeon.proxy !== null && { proxy: config.pigeon.proxy }),
  });
  const health: Health = { reason: 'starting' };
  const server = config.healthAddress === null ? null : await serveHealth(config.healthAddress, health);
  const sleepWatch = watchSleep();
  const tracing = await beginTracing(config.tracing, 'pigeonflow-worker', log);
  try {
    // A runtime keeps the process alive until its last connection closes, so it is made right before the first.
    if (stop.aborted) return;
    installRuntime(config, log);
    log.info({ config: describeConfig(config), healthPort: server?.port }, 'starting');
    const connection = await connected(config, log, health, stop);
    if (connection === null) return;
    try {
      const ready = await attributesThere(connection, config, log, health, stop);
      if (!ready) return;
      const pause = await pauseWatch(connection, dataConverter, config, log);
      stop.addEventListener('abort', pause.stop, { once: true });
      const workers = await createWorkers({
        ...config,
        connection,
        namespace: config.temporal.namespace,
        activities: createActivities({
          pigeon,
          sleepWatch,
          policies: config.policies,
          ...(config.heartbeat !== null && {
            heartbeat: heartbeatTo(tokenFrom(config.heartbeat), config.pigeon.proxy),
          }),
          callingPause: pause.current,
        }),
        workflowCode: await loadWorkflowCode(),
        dataConverter,
        ...(tracing !== null && { interceptors: { activity: [...tracing.activity] } }),
      });
      if (config.serve !== 'invoke') beginCounters(Runtime.instance().metricMeter, config);
      await runAll(workers, log, health, stop);
    } finally {
      await connection.close();
    }
  } finally {
    sleepWatch.stop();
    await pigeon.close();
    await server?.close();
    await tracing?.stop();
    log.info('stopped');
  }
}

const LOOK_WITHIN_MS = 1_000;

async function pauseWatch(
  connection: NativeConnection,
  dataConverter: DataConverter,
  { temporal: { namespace }, invokeTaskQueue }: WorkerConfig,
  log: Pino,
): Promise<PauseWatch> {
  const client = new Client({ connection, namespace, dataConverter });
  return await watchPause(
    () => client.withDeadline(Date.now() + LOOK_WITHIN_MS, () => currentPause(client, invokeTaskQueue)),
    (error) => log.warn({ error: String(error) }, 'it is not known whether calling is paused; calls are placed'),
  );
}

function installRuntime(config: WorkerConfig, log: Pino): void {
  const metrics = config.metricsAddress === null ? null : textOf(config.metricsAddress);
  try {
    Runtime.install({
      logger: temporalLogger(log),
      shutdownSignals: [], // the command listens for them, and gives `stop`
      telemetryOptions: {
        logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
        ...(metrics !== null && {
          metrics: {
            prometheus: {
              bindAddress: metrics,
              // Prometheus' own rules for names: seconds, and what is counted ends with `_total`.
              countersTotalSuffix: true,
              unitSuffix: true,
              useSecondsForDurations: true,
              histogramBucketOverrides: HISTOGRAM_BUCKETS,
            },
          },
        }),
      },
    });
  } catch (error) {
    if (metrics === null) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The metrics cannot be offered on ${metrics} (${why}): set PIGEONFLOW_METRICS_ADDRESS to a free address, or to "off"`,
      { cause: error },
    );
  }
}

const textOf = ({ host, port }: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Waits for the server, with a growing pause of at most 15 s; null when it is told to stop meanwhile. */
async function connected(
  config: WorkerConfig,
  log: Pino,
  health: Health,
  stop: AbortSignal,
): Promise<NativeConnection | null> {
  for (let pause = 500; !stop.aborted; pause = Math.min(pause * 2, 15_000)) {
    try {
      return await NativeConnection.connect(config.temporal.connection);
    } catch (error) {
      const said = error instanceof Error ? error.message.split('\n')[0] : String(error);
      const why = (await lookAtTls(config.temporal.connection))?.why ?? said;
      health.reason = `Temporal at ${config.temporal.connection.address} cannot be reached: ${why}`;
      log.warn({ address: config.temporal.connection.address, why, retryInMs: pause }, 'Temporal cannot be reached');
      await pauseUnless(stop, pause);
    }
  }
  return null;
}

/** Five seconds of half seconds, then it is time to be loud. */
const ATTRIBUTE_TRIES = 10;

async function attributesThere(
  connection: NativeConnection,
  config: WorkerConfig,
  log: Pino,
  health: Health,
  stop: AbortSignal,
): Promise<boolean> {
  const { namespace } = config.temporal;
  for (let tries = 1; !stop.aborted; tries += 1) {
    try {
      const missing = await missingSearchAttributes(connection, namespace);
      if (missing.length === 0) return true;
      const command = searchAttributesCommand(namespace, missing);
      health.reason = `the namespace ${namespace} lacks the search attributes ${missing.join(' and ')}; an administrator runs: ${command}`;
      // Those that were registered just now are usable within some seconds.
      if (tries > ATTRIBUTE_TRIES)
        log.error({ missing, command }, 'search attributes are missing: an administrator must register them');
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      health.reason = `the search attributes of the namespace ${namespace} cannot be read: ${why}`;
      log.warn({ namespace, why }, 'the search attributes cannot be read');
    }
    await pauseUnless(stop, tries > ATTRIBUTE_TRIES ? 10_000 : 500);
  }
  return false;
}

async function runAll(workers: readonly Worker[], log: Pino, health: Health, stop: AbortSignal): Promise<void> {
  const shutdown = () => {
    health.reason = 'stopping';
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run().finally(shutdown));
  stop.addEventListener('abort', shutdown, { once: true });
  if (stop.aborted) shutdown();
  else {
    health.reason = null;
    log.info({ taskQueues: workers.map((worker) => worker.options.taskQueue) }, 'ready');
  }
  const failed = (await Promise.allSettled(runs)).find((run) => run.status === 'rejected');
  stop.removeEventListener('abort', shutdown);
  if (failed !== undefined) throw failed.reason;
}

function pauseUnless(stop: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    }
  });
}

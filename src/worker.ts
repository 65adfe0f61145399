import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { Runtime, type Worker } from '@temporalio/worker';
import type { Logger as Pino } from 'pino';
import { createActivities, watchSleep } from './activities/create-activities.js';
import { QueueTurns } from './activities/queue-turns.js';
import { heartbeatTo } from './activities/heartbeat.js';
import { currentPause, type PauseKnowledge, type PauseWatch, watchPause } from './client/calling-pause.js';
import { countOpenings } from './client/listed-incident.js';
import { tellSilence } from './client/tell-silence.js';
import { readOverrides } from './client/duty-overrides.js';
import { logKeys, openDataConverter } from './codec/index.js';
import { type Address, describeConfig, type WorkerConfig } from './config/config.js';
import { GAUGES } from './contract/metrics.js';
import { workerIdentity } from './contract/worker-identity.js';
import { type Health, serveHealth } from './process/health.js';
import { temporalLogger } from './process/logging.js';
import { openPeople } from './people/people-file.js';
import { SchedulesFolder } from './people/schedules-folder.js';
import { createPigeonClient } from './pigeon/client.js';
import { tokenFrom } from './pigeon/token.js';
import { beginTracing } from './process/tracing.js';
import { beginCounters, HISTOGRAM_BUCKETS, showSchedules, showWaitingCalls } from './worker/metrics.js';
import { VERSION } from './process/version.js';
import { speak } from './words/words.js';
import { createWorkers } from './worker/create-workers.js';
import { stayConnected, type TemporalServer } from './worker/stay-connected.js';
import { attributesThere, connected } from './worker/temporal-server.js';
import { loadWorkflowCode } from './worker/workflow-bundle.js';

/**
 * The process `pigeonflow worker`: answers health checks from the first moment, waits for its server, works until `stop`,
 * then drains: tasks in progress are finished within the grace time, new ones are left to others.
 *
 * @throws KeysFileUnusable, or Error when the health or metrics address cannot be used, or a worker dies.
 */
export async function runWorker(config: WorkerConfig, log: Pino, stop: AbortSignal): Promise<void> {
  speak(config);
  const dataConverter = await openDataConverter(config.codecKeysFile, logKeys(log));
  const pigeon = createPigeonClient({
    baseUrl: config.pigeon.baseUrl,
    token: tokenFrom(config.pigeon.token),
    ...(config.pigeon.basicAuth !== null && { basicAuth: tokenFrom(config.pigeon.basicAuth) }),
    ...(config.pigeon.proxy !== null && { proxy: config.pigeon.proxy }),
  });
  const people = openPeople(config.people, log);
  await people?.current();
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
    const temporal: TemporalServer = { connection };
    try {
      const ready = await attributesThere(connection, config, log, health, stop);
      if (!ready) return;
      const pause = await pauseWatch(temporal, dataConverter, config, log, health);
      stop.addEventListener('abort', pause.stop, { once: true });
      const overrides = readOverrides(() => clientOf(temporal, config, dataConverter), log);
      const schedules = new SchedulesFolder(config.schedules, log, {
        overridesOf: (name) => overrides.of(name),
        calendarHosts: config.calendarHosts,
        ...(people !== null && { people: () => people.current() }),
      });
      const queueTurns = new QueueTurns({ holdsFirst: !config.rollingUpgrade });
      const workers = await createWorkers({
        ...config,
        identity: workerIdentity(`${process.pid}@${hostname()}`, VERSION, config.rollingUpgrade),
        connection,
        namespace: config.temporal.namespace,
        activities: createActivities({
          pigeon,
          sleepWatch,
          policies: config.policies,
          ...(people !== null && { people: () => people.current() }),
          roster: (names) => schedules.roster(names),
          countOpenings: (id, since) => countOpenings(clientOf(temporal, config, dataConverter), id, since),
          findShifts: (search, known) => schedules.findShifts(search, known),
          tellSilence: (change) => tellSilence(clientOf(temporal, config, dataConverter), config.taskQueue, change),
          ...(config.heartbeat !== null && {
            heartbeat: heartbeatTo(tokenFrom(config.heartbeat), config.pigeon.proxy),
          }),
          callingPause: pause.current,
          queueTurns,
        }),
        workflowCode: await loadWorkflowCode(),
        reading: config,
        dataConverter,
        ...(tracing !== null && { interceptors: { activity: [...tracing.activity] } }),
      });
      if (config.serve !== 'invoke') beginCounters(Runtime.instance().metricMeter, config);
      if (config.serve !== 'workflows') {
        const { metricMeter } = Runtime.instance();
        showWaitingCalls(metricMeter, config, () => queueTurns.waitingCalls(Date.now()), stop);
        showSchedules(metricMeter, config, schedules, stop);
      }
      await runAll(workers, temporal, config, log, health, stop);
    } finally {
      await temporal.connection.close();
    }
  } finally {
    sleepWatch.stop();
    await pigeon.close();
    await server?.close();
    await tracing?.stop();
    log.info('stopped');
  }
}

/** The connection may be another one after the server was away. */
const clientOf = (
  { connection }: TemporalServer,
  { temporal: { namespace } }: WorkerConfig,
  dataConverter: DataConverter,
): Client => new Client({ connection, namespace, dataConverter });

/** After a restore, when the pause matters most, a server is at its slowest. */
const PAUSE_LOOK_TIMEOUT_MS = 5_000;

async function pauseWatch(
  temporal: TemporalServer,
  dataConverter: DataConverter,
  config: WorkerConfig,
  log: Pino,
  health: Health,
): Promise<PauseWatch> {
  const {
    invokeTaskQueue,
    temporal: { namespace },
  } = config;
  const { name, description } = GAUGES.pauseUnreadable;
  const gauge = Runtime.instance().metricMeter.createGauge(name, 'int', undefined, description);
  const show = (knowledge: PauseKnowledge, why: string) => {
    health.pauseUnknown =
      knowledge === 'known'
        ? null
        : `it cannot be read whether calling is paused, so nothing is sent to Pigeon: ${why}`;
    gauge.set(knowledge === 'known' ? 0 : 1, { namespace, taskQueue: invokeTaskQueue });
  };
  const look = async () => {
    const client = clientOf(temporal, config, dataConverter);
    return await client.withDeadline(Date.now() + PAUSE_LOOK_TIMEOUT_MS, () => currentPause(client, invokeTaskQueue));
  };
  show('known', '');
  return await watchPause(look, {
    failed: (error, knowledge) => {
      const why = error instanceof Error ? error.message : String(error);
      show(knowledge, why);
      if (knowledge === 'known') {
        log.warn({ why }, 'it cannot be read whether calling is paused; what was read before counts for a minute');
      } else {
        log.error(
          { why },
          'NOBODY IS CALLED: it cannot be read whether calling is paused, so nothing is sent to Pigeon',
        );
      }
    },
    succeeded: () => {
      show('known', '');
      log.info('it can be read again whether calling is paused');
    },
  });
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

async function runAll(
  workers: readonly Worker[],
  temporal: TemporalServer,
  config: WorkerConfig,
  log: Pino,
  health: Health,
  stop: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  const shutdown = () => {
    health.reason = 'stopping';
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const ran = Promise.allSettled(workers.map((worker) => worker.run().finally(shutdown))).finally(() => ended.abort());
  // While they drain too: what they finish is to be told.
  const stayed = stayConnected(temporal, workers, config, log, health, ended.signal).finally(shutdown);
  stop.addEventListener('abort', shutdown, { once: true });
  if (stop.aborted) shutdown();
  else {
    health.reason = null;
    log.info({ taskQueues: workers.map((worker) => worker.options.taskQueue) }, 'ready');
  }
  const outcomes = (await Promise.all([ran, Promise.allSettled([stayed])])).flat();
  stop.removeEventListener('abort', shutdown);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

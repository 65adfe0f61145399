import { Command } from 'commander';
import { readWorkerConfig } from '../config/config.js';

export function workerCommand(): Command {
  return new Command('worker')
    .description('run a worker: places the calls and follows them; start as many as you like')
    .addHelpText('after', ENVIRONMENT)
    .action(async () => {
      const config = readWorkerConfig(process.env);
      // Loaded here: the other commands start in half the time without the SDK's worker.
      const [{ createLog }, { runWorker }] = await Promise.all([
        import('../process/logging.js'),
        import('../worker.js'),
      ]);
      const stop = new AbortController();
      process.once('SIGTERM', () => stop.abort());
      process.once('SIGINT', () => stop.abort());
      await runWorker(config, createLog(config.logLevel), stop.signal);
    });
}

const ENVIRONMENT = `
It is configured by its environment:

  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*, TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE
                                  the Temporal server, as Temporal defines them (127.0.0.1:7233, default)
  TEMPORAL_DEPLOYMENT_NAME, TEMPORAL_WORKER_BUILD_ID
                                  worker versioning: runs stay with the version that they began with (off)
  PIGEON_SPACE                    the space: the name before .cloud.kompira.jp; or
  PIGEON_BASE_URL                 its whole address, such as that of the emulator
  PIGEON_API_TOKEN_FILE           file that holds the API token, read anew at each request; or PIGEON_API_TOKEN
  PIGEON_BASIC_AUTH_FILE          file that holds user:password of HTTP Basic in front of the space; or PIGEON_BASIC_AUTH
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY
                                  a proxy on the way to Pigeon
  PIGEONFLOW_TASK_QUEUE           pigeonflow
  PIGEONFLOW_INVOKE_TASK_QUEUE    pigeonflow-invoke
  PIGEONFLOW_SERVE                both, or workflows or invoke alone (both)
  PIGEONFLOW_INVOKE_RATE          POSTs a second, for all workers together (2)
  PIGEONFLOW_POLICIES             folder of the policies that incidents name (policies)
  PIGEONFLOW_CODEC_KEYS_FILE      file of keys: what Temporal stores is encrypted with the first (nothing is encrypted)
  PIGEONFLOW_HEARTBEAT_URL_FILE   file that holds the address of an outside monitor for the canary (none)
  PIGEONFLOW_MAX_CACHED_WORKFLOWS runs kept in memory between their steps (500)
  PIGEONFLOW_SHUTDOWN_GRACE       seconds for the tasks at hand after SIGTERM (20)
  PIGEONFLOW_ROLLING_UPGRADE      on: takes no path that workers of the version before cannot follow (off)
  PIGEONFLOW_HEALTH_ADDRESS       /healthz and /readyz, or off (127.0.0.1:8090)
  PIGEONFLOW_METRICS_ADDRESS      Prometheus, or off (off)
  OTEL_EXPORTER_OTLP_ENDPOINT     a collector that takes traces of OpenTelemetry (none)
  PIGEONFLOW_LOG_LEVEL            trace, debug, info, warn or error (info)
`;

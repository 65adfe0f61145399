import { type PigeonConfig, readPigeon, readProxy } from './pigeon.js';
import { clientCertificate, readTemporal, readVersion, type TemporalConfig, type WorkerVersion } from './temporal.js';
import {
  type Address,
  type CertificateFiles,
  ConfigurationError,
  type Credential,
  type Environment,
  type LogLevel,
  missing,
  readAddress,
  readCertificate,
  readCredential,
  readHealthAddress,
  readLogLevel,
  readMetricsAddress,
  readNumber,
  readOneOf,
  readOrigins,
  readPath,
  readTracing,
  type TracingSetting,
} from './variables.js';

export type { PigeonConfig } from './pigeon.js';
export { clientCertificate, type WorkerVersion } from './temporal.js';
export {
  type Address,
  type CertificateFiles,
  ConfigurationError,
  type Credential,
  type Environment,
  type LogLevel,
  type TracingSetting,
} from './variables.js';

/**
 * All configuration is read here, once, and checked at start-up; nothing else reads the environment. Every problem is
 * reported in one go. `CONFIGURATION` is what the reference documentation and `pigeonflow worker --help` print.
 */
export interface WorkerConfig {
  readonly temporal: TemporalConfig;
  readonly pigeon: PigeonConfig;
  readonly taskQueue: string;
  readonly invokeTaskQueue: string;
  /** Which of the two task queues this worker serves. */
  readonly serve: 'both' | 'workflows' | 'invoke';
  /** POSTs a second that the Temporal server hands out, for all workers together. */
  readonly invokeRate: number;
  /** Folder of the policies that incidents name. */
  readonly policies: string;
  /** File of the keys with which payloads are encrypted; `null` is off. */
  readonly codecKeysFile: string | null;
  /** Which runs stay with this worker and those of the same version; `null` is off: every worker takes every run. */
  readonly version: WorkerVersion | null;
  /** Address of an outside monitor that the canary tells that all is well; a secret. `null` is none. */
  readonly heartbeat: Credential | null;
  readonly maxCachedWorkflows: number;
  readonly shutdownGraceMs: number;
  /** Whether workers of the version before must be able to take up whatever this one does. */
  readonly rollingUpgrade: boolean;
  /** `null` is off. */
  readonly healthAddress: Address | null;
  readonly metricsAddress: Address | null;
  readonly tracing: TracingSetting;
  readonly logLevel: LogLevel;
}

const SERVE = ['both', 'workflows', 'invoke'] as const;

/** @throws ConfigurationError with everything that is wrong. */
export function readWorkerConfig(env: Environment): WorkerConfig {
  const problems: string[] = [];
  const config: WorkerConfig = {
    temporal: readTemporal(env, problems),
    pigeon: readPigeon(env, problems),
    ...readTaskQueues(env),
    serve: readOneOf(env, 'PIGEONFLOW_SERVE', SERVE, 'both', problems),
    invokeRate: readNumber(env, 'PIGEONFLOW_INVOKE_RATE', { from: 0.01, to: 10_000, otherwise: 2 }, problems),
    policies: env['PIGEONFLOW_POLICIES'] || 'policies',
    codecKeysFile: readPath(env, CODEC_KEYS, problems),
    version: readVersion(env, problems),
    heartbeat: readHeartbeat(env, problems),
    maxCachedWorkflows: readNumber(
      env,
      'PIGEONFLOW_MAX_CACHED_WORKFLOWS',
      { from: 1, to: 100_000, otherwise: 500, whole: true },
      problems,
    ),
    shutdownGraceMs:
      1000 * readNumber(env, 'PIGEONFLOW_SHUTDOWN_GRACE', { from: 0, to: 3600, otherwise: 20 }, problems),
    rollingUpgrade: readOneOf(env, 'PIGEONFLOW_ROLLING_UPGRADE', ['off', 'on'], 'off', problems) === 'on',
    healthAddress: readHealthAddress(env, problems),
    metricsAddress: readMetricsAddress(env, problems),
    tracing: readTracing(env),
    logLevel: readLogLevel(env, problems),
  };
  if (config.taskQueue === config.invokeTaskQueue) {
    problems.push(
      'PIGEONFLOW_INVOKE_TASK_QUEUE must differ from PIGEONFLOW_TASK_QUEUE: it alone has the rate of the POST',
    );
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}

/** What a codec server needs. */
export interface CodecServerConfig {
  readonly codecKeysFile: string;
  readonly address: Address;
  /** Of the pages that may ask, such as `https://temporal.example.com`. */
  readonly origins: readonly string[];
  /** What callers must know. */
  readonly token: Credential;
  /** `null` is plain HTTP. */
  readonly tls: CertificateFiles | null;
  readonly healthAddress: Address | null;
  readonly logLevel: LogLevel;
}

/** @throws ConfigurationError with everything that is wrong. */
export function readCodecServerConfig(env: Environment): CodecServerConfig {
  const problems: string[] = [];
  const codecKeysFile = readPath(env, CODEC_KEYS, problems);
  if (codecKeysFile === null) problems.push(`${CODEC_KEYS} (the file of keys of the workers) must be given`);
  const address = readAddress(env, 'PIGEONFLOW_CODEC_ADDRESS', '127.0.0.1:8091', problems);
  if (env['PIGEONFLOW_CODEC_ADDRESS'] === 'off') problems.push('PIGEONFLOW_CODEC_ADDRESS cannot be "off"');
  const config = {
    origins: readOrigins(env, 'PIGEONFLOW_CODEC_ORIGINS', problems),
    token: readCredential(env, 'PIGEONFLOW_CODEC_TOKEN', problems) ?? missing('PIGEONFLOW_CODEC_TOKEN', problems),
    tls: readCertificate(env, 'PIGEONFLOW_CODEC_TLS', problems),
    healthAddress: readHealthAddress(env, problems),
    logLevel: readLogLevel(env, problems),
  };
  if (codecKeysFile === null || address === null || problems.length > 0) throw new ConfigurationError(problems);
  return { codecKeysFile, address, ...config };
}

/** What a gateway needs. */
export interface GatewayConfig extends ClientConfig {
  /** File of rules: which alerts call whom. */
  readonly routesFile: string;
  /** File of the hashes of the keys that callers must know. */
  readonly keysFile: string;
  /** Folder of the policies that the rules may name; `null`: their names are taken on trust. */
  readonly policies: string | null;
  readonly address: Address;
  /** `null` is plain HTTP. */
  readonly tls: CertificateFiles | null;
  /** A proxy on the way out: to the certificates of SNS, and to Pigeon. */
  readonly proxy: PigeonConfig['proxy'];
  /** For Pigeon's webhook; `null` is off. */
  readonly pigeon: PigeonConfig | null;
  readonly healthAddress: Address | null;
  readonly metricsAddress: Address | null;
  readonly tracing: TracingSetting;
  readonly logLevel: LogLevel;
}

/** @throws ConfigurationError with everything that is wrong. */
export function readGatewayConfig(env: Environment): GatewayConfig {
  const problems: string[] = [];
  const routesFile = readPath(env, 'PIGEONFLOW_ROUTES', problems);
  if (routesFile === null) problems.push('PIGEONFLOW_ROUTES (the routing file) must be given');
  const keysFile = readPath(env, 'PIGEONFLOW_GATEWAY_KEYS_FILE', problems);
  if (keysFile === null)
    problems.push(
      'PIGEONFLOW_GATEWAY_KEYS_FILE (the file of the keys of senders) must be given; `pigeonflow gateway key` makes a key',
    );
  const address = readAddress(env, 'PIGEONFLOW_GATEWAY_ADDRESS', '127.0.0.1:8092', problems);
  if (env['PIGEONFLOW_GATEWAY_ADDRESS'] === 'off') problems.push('PIGEONFLOW_GATEWAY_ADDRESS cannot be "off"');
  const hasPigeon = PIGEON_VARIABLES.some((name) => env[name]);
  const config = {
    temporal: readTemporal(env, problems),
    ...readTaskQueues(env),
    codecKeysFile: readPath(env, CODEC_KEYS, problems),
    policies: readPath(env, 'PIGEONFLOW_POLICIES', problems),
    tls: readCertificate(env, 'PIGEONFLOW_GATEWAY_TLS', problems),
    proxy: readProxy(env),
    pigeon: hasPigeon ? readPigeon(env, problems) : null,
    healthAddress: readHealthAddress(env, problems),
    metricsAddress: readMetricsAddress(env, problems),
    tracing: readTracing(env),
    logLevel: readLogLevel(env, problems),
  };
  if (routesFile === null || keysFile === null || address === null || problems.length > 0) {
    throw new ConfigurationError(problems);
  }
  return { routesFile, keysFile, address, ...config };
}

const PIGEON_VARIABLES = ['PIGEON_SPACE', 'PIGEON_BASE_URL', 'PIGEON_API_TOKEN', 'PIGEON_API_TOKEN_FILE'];

/** What the command needs to find Temporal, the calls and their workers. */
export type ClientConfig = Pick<WorkerConfig, 'temporal' | 'taskQueue' | 'invokeTaskQueue' | 'codecKeysFile'>;

/** @throws ConfigurationError with everything that is wrong. */
export function readClientConfig(env: Environment): ClientConfig {
  const problems: string[] = [];
  const config = {
    temporal: readTemporal(env, problems),
    ...readTaskQueues(env),
    codecKeysFile: readPath(env, CODEC_KEYS, problems),
  };
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}

/** All that is wrong, and those parts that can be used all the same: for a command that explains instead of stopping. */
export function examineConfig(env: Environment): {
  readonly problems: readonly string[];
  readonly client: ClientConfig | null;
  readonly pigeon: PigeonConfig | null;
  readonly codecKeysFile: string | null;
  readonly version: WorkerVersion | null;
} {
  const [ofTemporal, ofPigeon]: [string[], string[]] = [[], []];
  const codecKeysFile = readPath(env, CODEC_KEYS, []);
  const client = { temporal: readTemporal(env, ofTemporal), ...readTaskQueues(env), codecKeysFile };
  const pigeon = readPigeon(env, ofPigeon);
  return {
    problems: problemsOf(() => readWorkerConfig(env)),
    client: ofTemporal.length === 0 ? client : null,
    pigeon: ofPigeon.length === 0 ? pigeon : null,
    codecKeysFile,
    version: readVersion(env, []),
  };
}

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

const readTaskQueues = (env: Environment): Pick<WorkerConfig, 'taskQueue' | 'invokeTaskQueue'> => ({
  taskQueue: env['PIGEONFLOW_TASK_QUEUE'] || 'pigeonflow',
  invokeTaskQueue: env['PIGEONFLOW_INVOKE_TASK_QUEUE'] || 'pigeonflow-invoke',
});

/** The configuration for people and logs: no secret, no password in an address. */
export function describeConfig({
  temporal,
  pigeon,
  heartbeat,
  ...rest
}: WorkerConfig): Readonly<Record<string, unknown>> {
  const source = (credential: Credential) => ('file' in credential ? `file ${credential.file}` : 'variable');
  return {
    temporal: {
      address: temporal.connection.address,
      namespace: temporal.namespace,
      tls: Boolean(temporal.connection.tls),
      clientCertificate: clientCertificate(temporal.connection) ?? 'none',
    },
    pigeon: {
      baseUrl: pigeon.baseUrl,
      token: source(pigeon.token),
      basicAuth: pigeon.basicAuth === null ? 'none' : source(pigeon.basicAuth),
      proxy: pigeon.proxy === null ? 'none' : 'from the environment',
    },
    heartbeat: heartbeat === null ? 'none' : source(heartbeat),
    ...rest,
  };
}

function readHeartbeat(env: Environment, problems: string[]): Credential | null {
  const url = readCredential(env, 'PIGEONFLOW_HEARTBEAT_URL', problems);
  if (url !== null && 'value' in url && !/^https?:\/\//.test(url.value)) {
    problems.push('PIGEONFLOW_HEARTBEAT_URL must be an address such as https://monitor.example.com/ping/…');
  }
  return url;
}

const CODEC_KEYS = 'PIGEONFLOW_CODEC_KEYS_FILE';

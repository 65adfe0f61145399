import { existsSync } from 'node:fs';
import { loadClientConfigProfile, toClientOptions, type ClientConfigTLS } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { namedFile } from './named-file.js';
import { describeCertificate, problemOfAuthorities, problemOfPair, readPem, type Pem } from './tls/certificate.js';

/**
 * All configuration is read here, once, and checked at start-up; nothing else reads the environment. Every problem is
 * reported in one go. `CONFIGURATION` is what the reference documentation and `pigeonflow worker --help` print.
 */
export interface WorkerConfig {
  readonly temporal: { readonly connection: NativeConnectionOptions; readonly namespace: string };
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
  readonly maxCachedWorkflows: number;
  readonly shutdownGraceMs: number;
  /** `null` is off. */
  readonly healthAddress: Address | null;
  readonly metricsAddress: Address | null;
  readonly logLevel: LogLevel;
}

/** Of worker versioning, as Temporal names it. */
export interface WorkerVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

export interface PigeonConfig {
  readonly baseUrl: string;
  readonly token: Credential;
  readonly basicAuth: Credential | null;
  readonly proxy: { readonly httpProxy?: string; readonly httpsProxy?: string; readonly noProxy?: string } | null;
}

/** A secret, or the file that holds it; the file is read anew at each use. */
export type Credential = { readonly value: string } | { readonly file: string };

export interface Address {
  readonly host: string;
  readonly port: number;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
const SERVE = ['both', 'workflows', 'invoke'] as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Wrong or missing configuration; `problems` has a line for each, naming the variable and what it must be. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

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
    maxCachedWorkflows: readNumber(
      env,
      'PIGEONFLOW_MAX_CACHED_WORKFLOWS',
      { from: 1, to: 100_000, otherwise: 500, whole: true },
      problems,
    ),
    shutdownGraceMs:
      1000 * readNumber(env, 'PIGEONFLOW_SHUTDOWN_GRACE', { from: 0, to: 3600, otherwise: 20 }, problems),
    healthAddress: readHealthAddress(env, problems),
    metricsAddress: readAddress(env, 'PIGEONFLOW_METRICS_ADDRESS', 'off', problems),
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

/** A certificate and its key in PEM. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** How the variables that name them begin. */
  readonly variable: string;
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
  readonly address: Address;
  /** `null` is plain HTTP. */
  readonly tls: CertificateFiles | null;
  /** A proxy on the way out: to the certificates of SNS, and to Pigeon. */
  readonly proxy: PigeonConfig['proxy'];
  /** For Pigeon's webhook; `null` is off. */
  readonly pigeon: PigeonConfig | null;
  readonly healthAddress: Address | null;
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
    tls: readCertificate(env, 'PIGEONFLOW_GATEWAY_TLS', problems),
    proxy: readProxy(env),
    pigeon: hasPigeon ? readPigeon(env, problems) : null,
    healthAddress: readHealthAddress(env, problems),
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
export function describeConfig({ temporal, pigeon, ...rest }: WorkerConfig): Readonly<Record<string, unknown>> {
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
    ...rest,
  };
}

/** Whose certificate we show to Temporal, and until when it is valid; null without mTLS. */
export function clientCertificate({ tls }: NativeConnectionOptions): string | null {
  const pair = typeof tls === 'object' && tls !== null ? tls.clientCertPair : undefined;
  return pair ? describeCertificate(pair.crt) : null;
}

/** Address, namespace, TLS, API key and profiles as Temporal's own tools read them. */
function readTemporal(env: Environment, problems: string[]): WorkerConfig['temporal'] {
  const nothing = { connection: {}, namespace: 'default' };
  try {
    const given = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]));
    const profile = loadClientConfigProfile({ overrideEnvVars: given });
    const wrong = [
      ...(profile.tls === undefined ? [] : problemsOfTls(profile.tls, given)),
      ...problemsOfHeaders({ ...profile.grpcMeta, ...(profile.apiKey && { TEMPORAL_API_KEY: profile.apiKey }) }),
    ];
    problems.push(...wrong);
    if (wrong.length > 0) return nothing;
    const { connectionOptions, namespace } = toClientOptions(profile);
    return {
      connection: { ...connectionOptions, address: connectionOptions.address ?? '127.0.0.1:7233' },
      namespace: namespace ?? 'default',
    };
  } catch (error) {
    problems.push(`TEMPORAL_*: ${error instanceof Error ? error.message : String(error)}`);
    return nothing;
  }
}

/** The SDK would quote the value. */
const problemsOfHeaders = (values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values)
    .filter(([, value]) => /[^ -~]/.test(value))
    .map(([name]) => `${name} holds characters that no header can: wanted one line of ASCII`);

/** The SDK would say so when it connects, and in few words; half a pair it would leave out in silence. */
function problemsOfTls(tls: ClientConfigTLS, env: Environment): readonly string[] {
  if (tls.disabled === true) return [];
  const ca = pemOf('SERVER_CA_CERT', tls.serverCACert, env);
  const cert = pemOf('CLIENT_CERT', tls.clientCert, env);
  const key = pemOf('CLIENT_KEY', tls.clientKey, env);
  const problems = [ca, cert, key].flatMap((pem) => (pem !== null && 'problem' in pem ? [pem.problem] : []));
  if (problems.length > 0) return problems;
  if (ca !== null && 'content' in ca) problems.push(problemOfAuthorities(ca) ?? '');
  if (cert !== null && key !== null) {
    if ('content' in cert && 'content' in key) problems.push(problemOfPair(cert, key) ?? '');
  } else if (cert !== key) {
    problems.push('give both of TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH, or none');
  }
  return problems.filter(Boolean);
}

/** From a variable, or else from a profile of Temporal's configuration file. */
function pemOf(
  what: 'SERVER_CA_CERT' | 'CLIENT_CERT' | 'CLIENT_KEY',
  source: ClientConfigTLS['clientCert'],
  env: Environment,
): Pem | { readonly problem: string } | null {
  if (source === undefined) return null;
  const name = `${what}_${'path' in source ? 'PATH' : 'DATA'}`;
  const variable = `TEMPORAL_TLS_${name}`;
  const giver = env[variable] ? variable : `${name.toLowerCase()} of the Temporal profile`;
  if ('path' in source) return readPem(giver, source.path);
  return { origin: `${giver} gives a text`, name: giver, content: Buffer.from(source.data) };
}

/** Named as Temporal's Worker Controller names them. */
function readVersion(env: Environment, problems: string[]): WorkerVersion | null {
  const [deploymentName, buildId] = [env['TEMPORAL_DEPLOYMENT_NAME'], env['TEMPORAL_WORKER_BUILD_ID']];
  if (!deploymentName && !buildId) return null;
  if (!deploymentName || !buildId) {
    problems.push('give both of TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID, or none');
    return null;
  }
  if (!/[.:]/.test(deploymentName)) return { deploymentName, buildId };
  problems.push(`TEMPORAL_DEPLOYMENT_NAME must hold no dot and no colon, and is "${deploymentName}"`);
  return null;
}

function readPigeon(env: Environment, problems: string[]): PigeonConfig {
  return {
    baseUrl: readBaseUrl(env, problems),
    token: readCredential(env, 'PIGEON_API_TOKEN', problems) ?? missing('PIGEON_API_TOKEN', problems),
    basicAuth: readBasicAuth(env, problems),
    proxy: readProxy(env),
  };
}

function readProxy(env: Environment): PigeonConfig['proxy'] {
  const [httpProxy, httpsProxy, noProxy] = ['http_proxy', 'https_proxy', 'no_proxy'].map(
    (name) => env[name] || env[name.toUpperCase()],
  );
  if (httpProxy === undefined && httpsProxy === undefined) return null;
  return { ...(httpProxy && { httpProxy }), ...(httpsProxy && { httpsProxy }), ...(noProxy && { noProxy }) };
}

function readBaseUrl(env: Environment, problems: string[]): string {
  const space = env['PIGEON_SPACE'];
  const url = env['PIGEON_BASE_URL'];
  if (Boolean(space) === Boolean(url)) {
    problems.push(
      'give one of PIGEON_SPACE (the name before .cloud.kompira.jp) and PIGEON_BASE_URL (the whole address, such as that of the emulator)',
    );
    return '';
  }
  if (space) {
    if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(space)) return `https://${space}.cloud.kompira.jp`;
    problems.push(`PIGEON_SPACE must be the name of the space alone, such as "example", without a dot or a slash`);
    return '';
  }
  if (url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) {
    const { username, password } = new URL(url);
    if (username === '' && password === '') return url.replace(/\/+$/, '');
    problems.push(
      'PIGEON_BASE_URL must not hold a user or a password: use PIGEON_BASIC_AUTH or PIGEON_BASIC_AUTH_FILE',
    );
    return '';
  }
  problems.push('PIGEON_BASE_URL must be an address such as https://example.cloud.kompira.jp');
  return '';
}

function readBasicAuth(env: Environment, problems: string[]): Credential | null {
  const credential = readCredential(env, 'PIGEON_BASIC_AUTH', problems);
  if (credential !== null && 'value' in credential && !credential.value.includes(':')) {
    problems.push('PIGEON_BASIC_AUTH must be user:password');
  }
  return credential;
}

function readCredential(env: Environment, name: string, problems: string[]): Credential | null {
  const value = env[name]?.trim();
  const file = env[`${name}_FILE`];
  if (value && file) problems.push(`give one of ${name} and ${name}_FILE, not both`);
  if (file) {
    if (!existsSync(file)) problems.push(`${name}_FILE names ${namedFile(file)}, which cannot be found`);
    return { file };
  }
  if (!value) return null;
  // Colons and spaces belong to Basic; a line break would end the header.
  if (/[\r\n]/.test(value)) problems.push(`${name} must be one line`);
  return { value };
}

function missing(name: string, problems: string[]): Credential {
  problems.push(`${name}_FILE (a file that holds the token) or ${name} must be given`);
  return { value: '' };
}

const readHealthAddress = (env: Environment, problems: string[]): Address | null =>
  readAddress(env, 'PIGEONFLOW_HEALTH_ADDRESS', '127.0.0.1:8090', problems);

const readLogLevel = (env: Environment, problems: string[]): LogLevel =>
  readOneOf(env, 'PIGEONFLOW_LOG_LEVEL', LOG_LEVELS, 'info', problems);

const CODEC_KEYS = 'PIGEONFLOW_CODEC_KEYS_FILE';

function readOrigins(env: Environment, name: string, problems: string[]): readonly string[] {
  const origins = (env[name] ?? '').split(/[\s,]+/).filter(Boolean);
  for (const origin of origins) {
    if (URL.canParse(origin) && /^https?:/.test(origin) && new URL(origin).origin === origin) continue;
    problems.push(
      `${name} must be origins such as https://temporal.example.com, without a path, in small letters, with commas between them; "${origin}" is none`,
    );
  }
  return origins;
}

function readCertificate(env: Environment, name: string, problems: string[]): CertificateFiles | null {
  const certFile = readPath(env, `${name}_CERT_FILE`, problems);
  const keyFile = readPath(env, `${name}_KEY_FILE`, problems);
  if (certFile !== null && keyFile !== null) return { certFile, keyFile, variable: name };
  if (certFile !== keyFile) problems.push(`give both of ${name}_CERT_FILE and ${name}_KEY_FILE, or none`);
  return null;
}

function readPath(env: Environment, name: string, problems: string[]): string | null {
  const file = env[name];
  if (!file) return null;
  if (!existsSync(file)) problems.push(`${name} names ${namedFile(file)}, which cannot be found`);
  return file;
}

interface NumberOptions {
  readonly from: number;
  readonly to: number;
  readonly otherwise: number;
  readonly whole?: boolean;
}

function readNumber(
  env: Environment,
  name: string,
  { from, to, otherwise, whole = false }: NumberOptions,
  problems: string[],
): number {
  const text = env[name];
  if (!text) return otherwise;
  const value = Number(text);
  if (Number.isFinite(value) && value >= from && value <= to && !(whole && !Number.isInteger(value))) return value;
  problems.push(`${name} must be a ${whole ? 'whole ' : ''}number from ${from} to ${to}, and is "${text}"`);
  return otherwise;
}

function readOneOf<T extends string>(
  env: Environment,
  name: string,
  words: readonly T[],
  otherwise: T,
  problems: string[],
): T {
  const text = env[name];
  if (!text) return otherwise;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) problems.push(`${name} must be one of ${words.join(', ')}, and is "${text}"`);
  return word ?? otherwise;
}

function readAddress(env: Environment, name: string, otherwise: string, problems: string[]): Address | null {
  const text = env[name] || otherwise;
  if (text === 'off') return null;
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  const host = text.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  if (colon > 0 && /^[0-9]+$/.test(text.slice(colon + 1)) && port <= 65_535) return { host, port };
  problems.push(`${name} must be host:port, such as 127.0.0.1:8090, or "off"; it is "${text}"`);
  return null;
}

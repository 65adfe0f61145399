import type { Connection } from '@temporalio/client';

import { awaitFrontend, rejectedWhenEnded } from './await-frontend.js';
import { startChild } from './child-process.js';
import { findTemporalServer } from './find-temporal-server.js';
import { freePort, isFreePort } from './free-port.js';
import type { ServerSource } from './given-server.js';
import { progressOn, type Progress } from './progress.js';
import {
  ensureSearchAttributes,
  PIGEONFLOW_ATTRIBUTES,
  searchAttributeArguments,
  untilDeadline,
  type SearchAttributes,
} from './search-attributes.js';
import { ServerDidNotStart } from './server-did-not-start.js';

export interface TemporalServerOptions {
  /** Where the server comes from. Default: {@link findTemporalServer}. */
  readonly source?: ServerSource;
  /** SQLite file that survives the server. Default: in memory. */
  readonly dbFilename?: string;
  /** On this PostgreSQL, `user:password@host:port`, instead of SQLite; our own server alone knows it. */
  readonly postgres?: { readonly target: string; readonly setUp: boolean };
  /** Default `headless`: no Web UI. */
  readonly ui?: 'headless' | 'on';
  /** gRPC port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** Port of the Web UI. Default: a free one. */
  readonly uiPort?: number;
  /** Default `default`. Made at the start; on a server that runs already it must exist. */
  readonly namespace?: string;
  /** Registered in the namespace where missing. Default: {@link PIGEONFLOW_ATTRIBUTES}. */
  readonly searchAttributes?: SearchAttributes;
  /** Temporal's dynamic configuration, JSON values by key. */
  readonly dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
  /** Gets each line of the server's log, of level `warn` and above. Default: kept for error messages only. */
  readonly log?: (line: string) => void;
  readonly progress?: Progress;
}

export interface TemporalServer {
  /** host:port of the frontend. */
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | null;
  /** null for a server that ran already. */
  readonly pid: number | null;
  /** Ends a server that was started here; leaves one that ran already alone. */
  readonly stop: () => Promise<void>;
  /** SIGKILL, as a crash would. An error for a server that ran already: it belongs to somebody else. */
  readonly kill: () => Promise<void>;
}

const START_LIMIT_MS = 30_000;
/** Hundreds of steps of a schema. */
const SET_UP_LIMIT_MS = 120_000;
const limitOf = ({ postgres }: TemporalServerOptions): number =>
  postgres?.setUp === true ? SET_UP_LIMIT_MS : START_LIMIT_MS;
/** Another process can take the port between its choice and the server's bind. */
const PORT_ATTEMPTS = 3;

/**
 * Starts a Temporal server that ends with this process, or attaches to the running one that
 * `PIGEONFLOW_DEV_SERVER` names. It answers, and namespace and search attributes are usable, when this returns.
 *
 * @throws NoServerFound, ToolFailed, ServerDidNotStart
 */
export async function startTemporalServer(options: TemporalServerOptions = {}): Promise<TemporalServer> {
  const progress = options.progress ?? progressOn();
  const source = options.source ?? (await findTemporalServer(progress));
  switch (source.kind) {
    case 'running':
      return attach(source.address, options, progress);
    case 'binary':
      return startOnFreePort(source.path, options);
    default:
      return source satisfies never;
  }
}

async function attach(address: string, options: TemporalServerOptions, progress: Progress): Promise<TemporalServer> {
  const startOnly = (['dbFilename', 'postgres', 'ui', 'port', 'uiPort', 'dynamicConfig'] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (startOnly.length > 0) progress.say(`The server at ${address} runs already: ${startOnly.join(', ')} not applied`);
  const namespace = options.namespace ?? 'default';
  await prepareNamespace(await awaitFrontend(address, null, START_LIMIT_MS), namespace, options, address);
  return {
    address,
    namespace,
    uiUrl: null,
    pid: null,
    stop: () => Promise.resolve(),
    kill: () => Promise.reject(new Error(`The server at ${address} was not started here, so it is not killed here`)),
  };
}

async function startOnFreePort(binary: string, options: TemporalServerOptions): Promise<TemporalServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(binary, options);
    } catch (error) {
      const portTaken = error instanceof ServerDidNotStart && /address already in use/i.test(error.log);
      if (!portTaken || options.port !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function start(binary: string, options: TemporalServerOptions): Promise<TemporalServer> {
  const namespace = options.namespace ?? 'default';
  const port = options.port ?? (await freePort());
  // Otherwise the server that holds the port would answer, and pass for the one that is started here.
  if (!(await isFreePort(port))) throw new Error(`Port ${port} on 127.0.0.1 is in use: choose another one`);
  const uiPort = options.ui === 'on' ? (options.uiPort ?? (await freePort([port]))) : null;
  const address = `127.0.0.1:${port}`;
  let stopping = false;
  const { log } = options;
  const child = await startChild(binary, serverArguments(options, namespace, port, uiPort), {
    environment: withoutTemporalVariables(),
    // Its own workers complain about a server that stops, and that says nothing.
    onLine: (line) => void (stopping || log?.(line)),
  });
  try {
    const connection = await awaitFrontend(address, child, limitOf(options));
    await Promise.race([prepareNamespace(connection, namespace, options, address), rejectedWhenEnded(child, address)]);
  } catch (error) {
    await child.kill();
    throw error;
  }
  return {
    address,
    namespace,
    uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
    pid: child.pid,
    stop: async () => {
      stopping = true;
      await child.stop();
    },
    kill: async () => void (await child.kill()),
  };
}

function serverArguments(
  options: TemporalServerOptions,
  namespace: string,
  port: number,
  uiPort: number | null,
): readonly string[] {
  return [
    'server',
    'start-dev',
    '--ip=127.0.0.1',
    `--port=${port}`,
    '--log-level=warn',
    `--namespace=${namespace}`,
    uiPort === null ? '--headless' : `--ui-port=${uiPort}`,
    ...(options.dbFilename === undefined ? [] : [`--db-filename=${options.dbFilename}`]),
    ...(options.postgres === undefined ? [] : [`--postgres=${options.postgres.target}`, '--shards=4']),
    ...(options.postgres?.setUp === true ? ['--postgres-setup'] : []),
    ...searchAttributeArguments(options.searchAttributes ?? PIGEONFLOW_ATTRIBUTES),
    ...Object.entries(options.dynamicConfig ?? {}).map(
      ([key, value]) => `--dynamic-config-value=${key}=${JSON.stringify(value)}`,
    ),
  ];
}

/** The `temporal` command reads them, and they name a server that is none of ours. */
function withoutTemporalVariables(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

async function prepareNamespace(
  connection: Connection,
  namespace: string,
  options: TemporalServerOptions,
  address: string,
): Promise<void> {
  try {
    const deadline = Date.now() + START_LIMIT_MS;
    await untilDeadline(deadline, () => connection.workflowService.describeNamespace({ namespace }));
    await ensureSearchAttributes(connection, namespace, options.searchAttributes ?? PIGEONFLOW_ATTRIBUTES, deadline);
  } catch (error) {
    throw new Error(`The namespace ${namespace} of the server at ${address} is not ready`, { cause: error });
  } finally {
    await connection.close();
  }
}

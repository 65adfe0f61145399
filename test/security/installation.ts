import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { TestContext } from 'vitest';
import { createPigeonflowClient, type PigeonflowClient } from '../../src/client.js';
import { EncryptionCodec, KeysFile } from '../../src/codec/index.js';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/emulator.js';
import { findTemporalServer } from '../../tools/engine/find-temporal-server.js';
import { freePort } from '../../tools/engine/free-port.js';
import { startTemporalServer } from '../../tools/engine/temporal-server.js';
import { isReady, spawnWorker, type WorkerProcess } from '../rig/worker-process.js';

export interface InstallationOptions extends EmulatorOptions {
  /** Content of the file of keys; null: encryption is off. */
  readonly keys: string | null;
  readonly ui?: 'on' | 'headless';
  /** Files of the worker's folder of policies, by name. */
  readonly policies?: Readonly<Record<string, string>>;
  readonly token: string;
}

/** A Temporal server of its own on a database file, a space, a file of keys, a client; workers are started by the test. */
export interface Installation {
  readonly emulator: Emulator;
  /** With the keys. */
  readonly temporal: Client;
  readonly pigeonflow: PigeonflowClient;
  readonly uiUrl: string | null;
  /** Path of the file of keys. */
  readonly keysFile: string;
  /** Starts a worker process with the keys, and with what is given here, and waits until it is ready. */
  readonly startWorker: (environment?: Readonly<Record<string, string>>) => Promise<WorkerProcess>;
  /** All that can be read without a key, by where it stands. */
  readonly exposed: () => Promise<Readonly<Record<string, Buffer>>>;
}

export async function install(context: TestContext, options: InstallationOptions): Promise<Installation> {
  const { keys, policies = {}, token, ui = 'headless', ...space } = options;
  const source = await findTemporalServer();
  if (source.kind === 'running') context.skip('PIGEONFLOW_DEV_SERVER names a server that runs already');
  const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-installation-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startTemporalServer({ source, ui, dbFilename: join(folder, 'temporal.db') });
  context.onTestFinished(() => server.stop());
  const emulator = await startEmulator({ ...space, tokens: [token] });
  context.onTestFinished(() => emulator.close());

  const keysFile = `${folder}.keys`;
  context.onTestFinished(() => rmSync(keysFile, { force: true }));
  if (keys !== null) writeFileSync(keysFile, keys);
  const policyFolder = mkdtempSync(join(tmpdir(), 'pigeonflow-policies-'));
  context.onTestFinished(() => rmSync(policyFolder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(policies)) writeFileSync(join(policyFolder, name), text);

  const environment = {
    TEMPORAL_ADDRESS: server.address,
    PIGEON_BASE_URL: emulator.url,
    PIGEON_API_TOKEN: token,
    PIGEONFLOW_POLICIES: policyFolder,
    PIGEONFLOW_INVOKE_RATE: '1000',
    PIGEONFLOW_HEALTH_ADDRESS: '127.0.0.1:0',
    PIGEONFLOW_LOG_LEVEL: 'trace',
    ...(keys !== null && { PIGEONFLOW_CODEC_KEYS_FILE: keysFile }),
  };
  const workers: { readonly worker: WorkerProcess; readonly metrics: string }[] = [];
  const startWorker: Installation['startWorker'] = async (more = {}) => {
    const metrics = `127.0.0.1:${await freePort()}`;
    const worker = await spawnWorker({ ...environment, PIGEONFLOW_METRICS_ADDRESS: metrics, ...more }, context);
    workers.push({ worker, metrics });
    await isReady(worker);
    return worker;
  };

  const connection = await Connection.connect({ address: server.address });
  context.onTestFinished(() => connection.close());
  const payloadCodecs = keys === null ? [] : [new EncryptionCodec(await KeysFile.open(keysFile))];
  const temporal = new Client({ connection, dataConverter: { payloadCodecs } });
  return {
    emulator,
    temporal,
    pigeonflow: createPigeonflowClient(temporal),
    uiUrl: server.uiUrl,
    keysFile,
    startWorker,
    async exposed() {
      const pages = workers.flatMap(({ worker, metrics }) => [
        fetch(`http://${metrics}/metrics`).then((response) => response.text()),
        worker.health('/readyz').then(({ text }) => text),
      ]);
      return {
        ...filesIn(folder),
        logs: Buffer.from(workers.flatMap(({ worker }) => worker.output()).join('\n')),
        'metrics and health': Buffer.from((await Promise.all(pages)).join('\n')),
        'what the server answers': await answersOf(temporal),
      };
    },
  };
}

/** By name. The server still writes: a journal that was listed may be gone when it is read. */
function filesIn(folder: string): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  for (const file of readdirSync(folder)) {
    try {
      files[file] = readFileSync(join(folder, file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return files;
}

/** Of every run: ids, search attributes, memo, summary, what is pending, and its history; as the server has them. */
async function answersOf({ workflowService }: Client): Promise<Buffer> {
  const { workflowservice } = proto.temporal.api;
  const namespace = 'default';
  const listed = await workflowService.listWorkflowExecutions({ namespace, pageSize: 1_000 });
  const answers = [workflowservice.v1.ListWorkflowExecutionsResponse.encode(listed).finish()];
  for (const { execution = null } of listed.executions) {
    const described = await workflowService.describeWorkflowExecution({ namespace, execution });
    const history = await workflowService.getWorkflowExecutionHistory({ namespace, execution });
    answers.push(workflowservice.v1.DescribeWorkflowExecutionResponse.encode(described).finish());
    answers.push(workflowservice.v1.GetWorkflowExecutionHistoryResponse.encode(history).finish());
  }
  return Buffer.concat(answers);
}

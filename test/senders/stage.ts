import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createPigeonflowClient, incidentId, type IncidentHandle, type PigeonflowClient } from '../../src/client.js';
import { newKeyLine } from '../../src/codec/keys.js';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { hashText, newKey } from '../../src/gateway/keys/keys.js';
import type { Child } from '../../tools/engine/child-process.js';
import { freePort } from '../../tools/engine/free-port.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { startReadyChild } from '../../tools/engine/ready-child.js';
import { startStack } from '../../tools/stack.js';

/** What a sender meets: Temporal, a space, a worker, and a gateway by HTTP and by HTTPS. */
export interface Stage {
  readonly folder: string;
  readonly url: string;
  readonly httpsUrl: string;
  /** The authority that HTTPS is to be trusted by. */
  readonly caFile: string;
  /** Of the integration `shop`. */
  readonly key: string;
  readonly operatorKey: string;
  /** Of the gateway. */
  readonly healthUrl: string;
  readonly codecUrl: string;
  readonly codecToken: string;
  readonly pigeonflow: PigeonflowClient;
  /** The incident of what a sender calls so. */
  readonly incident: (source: string, dedupKey: string) => IncidentHandle;
  /** Waits until it is so, and rejects with `what` after a minute. */
  readonly until: (is: () => Promise<boolean>, what: string) => Promise<void>;
  /** One more gateway, with this in its environment. Its address. */
  readonly startGateway: (more: Readonly<Record<string, string>>) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Of Amazon SNS: the one from which the integration takes messages. */
export const TOPIC = 'arn:aws:sns:ap-northeast-1:123456789012:alarms';

/** The number of the policy `one-person`. Nobody picks up, so incidents stay open. */
const NUMBER = '0300000001';
const ROUTES = `
parameters: { server: '{{integration}}', incident: '{{summary}}' }
rules: [{ name: everything, policy: one-person }]
`;
const WAIT_MS = 60_000;

export async function setStage(folder: string): Promise<Stage> {
  mkdirSync(folder, { recursive: true });
  const [key, operatorKey] = [newKey(), newKey()];
  const files = {
    keys: join(folder, 'keys.yaml'),
    routes: join(folder, 'routes.yaml'),
    codecKeys: join(folder, 'codec-keys'),
  };
  writeFileSync(
    files.keys,
    `integrations: { shop: { keys: "${hashText(key)}", sns: { topics: ["${TOPIC}"] } } }
operators: { console: { keys: "${hashText(operatorKey)}", may: [read, open, respond], perMinute: 600000 } }
`,
  );
  writeFileSync(files.routes, ROUTES);
  writeFileSync(files.codecKeys, `${newKeyLine(new Date())}\n`, { mode: 0o600 });
  const fixture = (name: string) => join(projectRoot, 'test/pigeon/fixtures', `${name}.pem`);
  const stack = await startStack({
    webUi: 'headless',
    emulator: { people: { [NUMBER]: neverPicksUp() }, lines: 300, switches: { queueSize: 100_000 } },
  });
  await stack.startWorker();
  const gateways: Child[] = [];
  const start = async (more: Readonly<Record<string, string>>, command = 'gateway'): Promise<number> => {
    const port = await freePort();
    const environment = {
      PATH: process.env['PATH'],
      TEMPORAL_ADDRESS: stack.temporal.address,
      TEMPORAL_NAMESPACE: stack.temporal.namespace,
      PIGEONFLOW_ROUTES: files.routes,
      PIGEONFLOW_GATEWAY_KEYS_FILE: files.keys,
      PIGEONFLOW_GATEWAY_ADDRESS: `127.0.0.1:${port}`,
      PIGEONFLOW_CODEC_ADDRESS: `127.0.0.1:${port}`,
      PIGEONFLOW_HEALTH_ADDRESS: 'off',
      ...more,
    };
    const argv = [join(projectRoot, 'dist/src/cli.js'), command];
    gateways.push(
      await startReadyChild(argv, command === 'gateway' ? '"msg":"listening"' : '"msg":"ready"', { environment }),
    );
    return port;
  };
  const healthPort = await freePort();
  const port = await start({ PIGEONFLOW_HEALTH_ADDRESS: `127.0.0.1:${healthPort}` });
  const codecToken = newKey();
  const codecPort = await start(
    { PIGEONFLOW_CODEC_TOKEN: codecToken, PIGEONFLOW_CODEC_KEYS_FILE: files.codecKeys },
    'codec-server',
  );
  const httpsPort = await start({
    PIGEONFLOW_GATEWAY_TLS_CERT_FILE: fixture('localhost.cert'),
    PIGEONFLOW_GATEWAY_TLS_KEY_FILE: fixture('localhost.key'),
  });
  const connection = await Connection.connect({ address: stack.temporal.address });
  const pigeonflow = createPigeonflowClient(new Client({ connection, namespace: stack.temporal.namespace }));
  return {
    folder,
    url: `http://127.0.0.1:${port}`,
    httpsUrl: `https://localhost:${httpsPort}`,
    caFile: fixture('localhost.cert'),
    key,
    operatorKey,
    healthUrl: `http://127.0.0.1:${healthPort}`,
    codecUrl: `http://127.0.0.1:${codecPort}`,
    codecToken,
    pigeonflow,
    incident: (source, dedupKey) => pigeonflow.incident(incidentId({ source, route: 'shop', dedupKey })),
    async until(is, what) {
      for (const end = Date.now() + WAIT_MS; Date.now() < end;) {
        if (await is().catch(() => false)) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      throw new Error(`waited a minute in vain until ${what}`);
    },
    startGateway: async (more) => `http://127.0.0.1:${await start(more)}`,
    async stop() {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
      await connection.close();
      await stack.stop();
    },
  };
}

/** The templates that are shipped, with the address and the key of this stage. */
export function shipped(name: string, replacements: readonly (readonly [string, string])[]): string {
  let text = readFileSync(join(projectRoot, 'senders', name), 'utf8');
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`senders/${name} has no "${from}" any more`);
    text = text.replaceAll(from, to);
  }
  return text;
}

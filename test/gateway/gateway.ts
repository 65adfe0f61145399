import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { inject } from 'vitest';
import { readGatewayConfig, type Environment } from '../../src/config/config.js';
import { runGateway, type GatewayRig } from '../../src/gateway/gateway.js';
import { hashText } from '../../src/gateway/keys/keys.js';
import { neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { eventually, type Lifetime, type World } from '../rig/rig.js';

/** Keys that tests plant, and that must be in no log. */
export const KEY = 'planted-key-of-the-shop-00000001';
export const OTHER_KEY = 'planted-key-of-the-shop-00000002';
export const READER = 'planted-key-of-a-reader-0000003';
export const OPERATOR = 'planted-key-of-an-operator-00004';
export const PIGEON = 'planted-key-of-pigeon-0000000005';
export const PLANTED = [KEY, OTHER_KEY, READER, OPERATOR, PIGEON];

/** Everything goes to the policy `one-person` of this repository, which calls this number. */
export const NUMBER = '0300000001';
export const ROUTES = `
parameters: { server: ['{{labels.instance}}', '不明なサーバー'], incident: '{{summary}}' }
rules:
  - { name: quiet, when: { labels: { quiet: 'yes' } }, ignore: true }
  - { name: everything, policy: one-person }
`;
export const KEYS = `
integrations:
  shop: { keys: ["${hashText(KEY)}", "${hashText(OTHER_KEY)}"] }
operators:
  screen: { keys: "${hashText(READER)}", may: read }
  console: { keys: "${hashText(OPERATOR)}", may: [read, open, respond] }
pigeon: { keys: "${hashText(PIGEON)}" }
`;

/** Many lines; telephones ring until they are hung up. */
export const SPACE = {
  lines: 30,
  clock: realClock({ speed: 10 }),
  people: { [NUMBER]: neverPicksUp() },
  switches: { ringSeconds: 3_600 },
};

export interface RunningGateway {
  readonly url: string;
  readonly healthUrl: string;
  readonly metricsPort: number;
  readonly keysFile: string;
  readonly routesFile: string;
  readonly log: () => readonly Readonly<Record<string, unknown>>[];
  /** The log as it was written. */
  readonly written: () => string;
  readonly stop: () => Promise<void>;
}

export interface GatewayOptions extends GatewayRig {
  readonly environment?: Environment;
  readonly keys?: string;
  readonly routes?: string;
}

/** A gateway in this process, on ports of its own. */
export async function startGateway(
  world: Pick<World, 'taskQueue' | 'invokeTaskQueue'>,
  lifetime: Lifetime,
  { environment = {}, keys = KEYS, routes = ROUTES, ...rig }: GatewayOptions = {},
): Promise<RunningGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-gateway-'));
  lifetime.onTestFinished(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
  const [keysFile, routesFile] = [join(folder, 'keys.yaml'), join(folder, 'routes.yaml')];
  writeFileSync(keysFile, keys);
  writeFileSync(routesFile, routes);
  const lines: string[] = [];
  const kept = new Writable({
    write(line: Buffer, _, done) {
      lines.push(line.toString());
      done();
    },
  });
  const log = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const stop = new AbortController();
  const ended = runGateway(
    readGatewayConfig({
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      PIGEONFLOW_TASK_QUEUE: world.taskQueue,
      PIGEONFLOW_INVOKE_TASK_QUEUE: world.invokeTaskQueue,
      PIGEONFLOW_ROUTES: routesFile,
      PIGEONFLOW_GATEWAY_KEYS_FILE: keysFile,
      PIGEONFLOW_GATEWAY_ADDRESS: '127.0.0.1:0',
      PIGEONFLOW_HEALTH_ADDRESS: '127.0.0.1:0',
      PIGEONFLOW_METRICS_ADDRESS: '127.0.0.1:0',
      ...environment,
    }),
    pino({ level: 'trace' }, kept),
    stop.signal,
    { lingerMs: 0, ...rig },
  );
  const stopped = () => {
    stop.abort();
    return ended;
  };
  lifetime.onTestFinished(() => stopped().catch(() => undefined));
  const listens = eventually(() => Promise.resolve(log().find(({ msg }) => msg === 'listening')), 'it listens');
  const ready = await Promise.race([listens, ended.then(() => Promise.reject(new Error('it has ended')))]);
  const scheme = ready['tls'] === true ? 'https' : 'http';
  return {
    url: `${scheme}://127.0.0.1:${String(ready['port'])}`,
    metricsPort: Number(ready['metricsPort']),
    healthUrl: `http://127.0.0.1:${String(ready['healthPort'])}`,
    keysFile,
    routesFile,
    log,
    written: () => lines.join(''),
    stop: stopped,
  };
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends JSON, or text as it is. */
export async function send(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  method = 'POST',
): Promise<Answered> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
  };
}

/** The results that a gateway answers of its alerts. */
export function resultsOf({ body }: Answered): readonly { readonly result: string; readonly incident?: string }[] {
  return body['results'] as never;
}

/** The incident that an accepted alert came to. */
export function incidentOf(answered: Answered): string {
  const incident = answered.status === 202 ? resultsOf(answered)[0]?.incident : undefined;
  if (incident === undefined) throw new Error(`no incident: ${answered.status} ${answered.text}`);
  return incident;
}

import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Logger as Pino } from 'pino';
import { aborted } from '../process/aborted.js';
import { certificateOf } from '../process/server-certificate.js';
import { createPigeonflowClient } from '../client.js';
import { lazyTemporal } from '../client/connect-temporal.js';
import { publishedSilences } from '../client/silences-handle.js';
import { readOverrides } from '../client/duty-overrides.js';
import { logKeys, openDataConverter } from '../codec/index.js';
import {
  type Address,
  type CertificateFiles,
  ConfigurationError,
  type GatewayConfig,
  type PigeonConfig,
} from '../config/config.js';
import { openPeople, type PeopleFile } from '../people/people-file.js';
import { SchedulesFolder } from '../people/schedules-folder.js';
import { knownPolicies } from '../routing/known-policies.js';
import { readRoutes } from '../routing/read-routes.js';
import type { Routes } from '../routing/routes.js';
import type { Source } from '../alerts/alert.js';
import { loadSource, sourceNames } from '../alerts/sources.js';
import { takeAlerts } from './alert-routes.js';
import { type App, type AppOptions, createApp, onlyMethods, RateLimit } from './app.js';
import { AtHand, type AtHandLimits } from './in-progress.js';
import { offerCalendars } from './calendar-routes.js';
import { Delivery, type KeptFor } from './deliver.js';
import { offerIncidents } from './incident-routes.js';
import { type GatewayKeys, SendersOfKeys } from './keys/keys.js';
import { readKeys } from './keys/read-keys.js';
import { countRequests, serveMetrics } from './metrics.js';
import { openApi } from './openapi.js';
import { takeWebhooks } from './pigeon-routes.js';
import { Policies } from './policies.js';
import { RecentAlerts } from './recent-alerts.js';
import { SilencesReader } from './silences-reader.js';
import { type ReadinessOptions, watchReadiness } from './readiness.js';
import { connectSns, type Sns } from './sns.js';
import { type Health, serveHealth } from '../process/health.js';
import { LiveFile } from '../process/live-file.js';
import { createPigeonClient, type PigeonClient } from '../pigeon/client.js';
import { tokenFrom } from '../pigeon/token.js';
import type { PlainServer } from '../process/plain-server.js';
import { beginTracing } from '../process/tracing.js';
import { speak } from '../words/words.js';
import { describeProblem, reportProblem } from '../yaml-file/describe-problems.js';

/** For tests: the outside world, and shorter times. */
export interface GatewayRig extends Pick<AppOptions, 'requestWithinMs'>, Pick<ReadinessOptions, 'lookEveryMs'> {
  readonly sns?: Sns;
  readonly lingerMs?: number;
  readonly atHand?: Partial<AtHandLimits>;
  readonly keptEveryMs?: Readonly<Record<KeptFor, number>>;
}

/** For this long it continues after SIGTERM: balancers and senders learn only now that it stops. */
const LINGER_MS = 2_000;

/** Above the time in which every request is answered. */
const CLOSE_WITHIN_MS = 15_000;
const LOOK_AT_CERTIFICATE_MS = 60_000;

/**
 * The process `pigeonflow gateway`: takes alerts of monitoring tools and hands them to Temporal, until `stop`; then it
 * answers the requests in progress.
 *
 * @throws ConfigurationError or KeysFileUnusable; Error when an address cannot be used.
 */
export async function runGateway(
  config: GatewayConfig,
  log: Pino,
  stop: AbortSignal,
  rig: GatewayRig = {},
): Promise<void> {
  speak(config);
  const { temporal, taskQueue, invokeTaskQueue } = config;
  const keys = await openKeys(config.keysFile, log);
  const people = openPeople(config.people, log);
  await people?.current();
  const routes = await openRoutes(config, people, log);
  const dataConverter = await openDataConverter(config.codecKeysFile, logKeys(log));
  const tracing = await beginTracing(config.tracing, 'pigeonflow-gateway', log);
  const client = lazyTemporal(temporal.connection, temporal.namespace, dataConverter, tracing?.client);
  const tls = config.tls === null ? null : certificateOf(config.tls);
  const pigeon = config.pigeon === null ? null : pigeonOf(config.pigeon);
  const app = createApp({ ...rig, tls, log, stop });
  if (tracing !== null) (await import('./trace-requests.js')).traceRequests(app);
  const health: Health = { reason: 'starting' };
  const healthServer = config.healthAddress === null ? null : await serveHealth(config.healthAddress, health);
  const metrics = countRequests(app, sourceNames(), health, temporal.namespace);
  let metricsServer: PlainServer | null = null;
  let delivery: Delivery | null = null;
  const stopped = new AbortController();
  try {
    if (config.metricsAddress !== null) metricsServer = await serveMetrics(config.metricsAddress, metrics);
    const pigeonflow = createPigeonflowClient(client, { taskQueue });
    const overrides = readOverrides(() => client, log);
    const silences = new SilencesReader(() => publishedSilences(client, taskQueue), client, log);
    const schedules = new SchedulesFolder(config.schedules, log, {
      overridesOf: (name) => overrides.of(name),
      calendarHosts: config.calendarHosts,
      ...(people !== null && { people: () => people.current() }),
    });
    const policies = new Policies(config.policies, log, people, schedules);
    // Read while they are right: what becomes of a file later then keeps nobody from being called.
    for (const { outcome } of (await routes.current()).rules) {
      if (outcome.kind === 'open') await policies.current(outcome.policy);
    }
    delivery = new Delivery(client, pigeonflow, policies, log, rig.keptEveryMs);
    const doors = { keys: () => keys.current(), rates: new RateLimit(), atHand: new AtHand(rig.atHand), log };
    const recent = new RecentAlerts();
    takeAlerts(app, {
      ...doors,
      routes: () => routes.current(),
      silences: () => silences.current(),
      sources: await loadSources(),
      delivery,
      senders: new SendersOfKeys(),
      recent,
      sns: rig.sns ?? connectSns(config.proxy),
    });
    offerIncidents(app, { ...doors, pigeonflow, policies, recent });
    offerCalendars(app, { ...doors, schedules, people: async () => (await people?.current()) ?? null });
    if (pigeon !== null) takeWebhooks(app, { ...doors, pigeon, temporal: client });
    const document = openApi();
    app.get('/openapi.json', { config: { isPublic: true } }, () => document);
    onlyMethods(app, '/openapi.json', ['GET']);
    const port = await listen(app, config.address);
    const renewing = config.tls === null ? null : renewCertificate(app, config.tls, log);
    log.info(
      {
        port,
        healthPort: healthServer?.port,
        metricsPort: metricsServer?.port,
        tls: tls !== null,
        ...describeKeys(await keys.current()),
      },
      'listening',
    );
    const watching = watchReadiness({
      ...rig,
      temporal: client,
      taskQueue,
      invokeTaskQueue,
      health,
      log,
      stop: AbortSignal.any([stop, stopped.signal]),
    });
    await aborted(stop);
    health.reason = 'stopping';
    clearInterval(renewing ?? undefined);
    log.info('stopping');
    await setTimeout(rig.lingerMs ?? LINGER_MS);
    await close(app);
    await watching;
  } finally {
    stopped.abort();
    delivery?.close();
    await healthServer?.close();
    await metricsServer?.close();
    await client.connection.close();
    await pigeon?.close();
    await tracing?.stop();
    log.info('stopped');
  }
}

function pigeonOf({ baseUrl, token, basicAuth, proxy }: PigeonConfig): PigeonClient {
  return createPigeonClient({
    baseUrl,
    token: tokenFrom(token),
    ...(basicAuth !== null && { basicAuth: tokenFrom(basicAuth) }),
    ...(proxy !== null && { proxy }),
  });
}

async function openKeys(file: string, log: Pino): Promise<LiveFile<GatewayKeys>> {
  const parse = (text: string): GatewayKeys => {
    const reading = readKeys(text);
    // Without the line itself: somebody may have written a key where its hash belongs.
    const described = reading.problems.map((problem) => {
      const { line, column, severity, message } = reportProblem(problem, text);
      return `${file}:${line}:${column}: ${severity}: ${message}`;
    });
    if (!reading.ok) throw new ConfigurationError(described);
    for (const why of described) log.warn({ why }, 'the file of keys has a warning');
    return reading.keys;
  };
  return await opened(file, parse, {
    changed: (keys) => log.info(describeKeys(keys), 'the keys have changed'),
    unusable: (why) => log.error({ why }, 'the file of keys cannot be used: what was read before stays in use'),
  });
}

async function openRoutes(
  { routesFile: file, policies }: GatewayConfig,
  people: PeopleFile | null,
  log: Pino,
): Promise<LiveFile<Routes>> {
  if (policies === null) {
    log.warn('the policies that the rules name are taken on trust: set PIGEONFLOW_POLICIES to their folder');
  }
  const parse = (text: string): Routes => {
    const known =
      policies === null ? {} : { policies: knownPolicies(policies, people === null ? {} : { people: people.handles }) };
    const reading = readRoutes(text, { sources: sourceNames(), now: Date.now(), ...known });
    const described = reading.problems.map((problem) => describeProblem(problem, file, text));
    if (!reading.ok) throw new ConfigurationError(described);
    for (const why of described) log.warn({ why }, 'the routing file has a warning');
    return reading.routes;
  };
  return await opened(file, parse, {
    changed: ({ rules }) => log.info({ rules: rules.length }, 'the routing file has changed'),
    unusable: (why) => log.error({ why }, 'the routing file cannot be used: what was read before stays in use'),
  });
}

async function opened<T>(...given: Parameters<typeof LiveFile.open<T>>): Promise<LiveFile<T>> {
  try {
    return await LiveFile.open(...given);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigurationError([`${given[0]} cannot be read (${code}): let this process read it`]);
  }
}

async function loadSources(): Promise<ReadonlyMap<string, Source>> {
  const sources = new Map<string, Source>();
  for (const name of sourceNames()) {
    const source = await loadSource(name);
    if (source !== undefined) sources.set(name, source);
  }
  return sources;
}

const describeKeys = ({ integrations, operators, pigeon }: GatewayKeys) => ({
  integrations: integrations.map(({ name }) => name),
  operators: operators.map(({ name }) => name),
  pigeonWebhook: pigeon !== null,
});

async function listen(app: App, { host, port }: Address): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(
      `The gateway cannot listen on ${host}:${port} (${why}): set PIGEONFLOW_GATEWAY_ADDRESS to a free address`,
      { cause: error },
    );
  }
  return (app.server.address() as AddressInfo).port;
}

/** A certificate is replaced every few weeks, and nobody restarts a gateway for it. */
function renewCertificate(app: App, files: CertificateFiles, log: Pino): NodeJS.Timeout {
  let current = certificateOf(files).cert.toString();
  const timer = setInterval(() => {
    try {
      const { cert, key } = certificateOf(files);
      if (cert.toString() === current) return;
      current = cert.toString();
      (
        app.server as unknown as { setSecureContext: (context: { cert: Buffer; key: Buffer }) => void }
      ).setSecureContext({
        cert,
        key,
      });
      log.info('the certificate has changed');
    } catch (error) {
      log.error({ why: error instanceof Error ? error.message : String(error) }, 'the certificate cannot be used');
    }
  }, LOOK_AT_CERTIFICATE_MS);
  return timer.unref();
}

/** Requests in progress are answered first. */
async function close(app: App): Promise<void> {
  const cut = globalThis.setTimeout(() => app.server.closeAllConnections(), CLOSE_WITHIN_MS);
  await app.close();
  clearTimeout(cut);
}

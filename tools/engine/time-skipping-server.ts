import { awaitFrontend } from './await-frontend.js';
import { startChild } from './child-process.js';
import { type Environment } from './find-on-path.js';
import { freePort } from './free-port.js';
import { givenServer, type ServerSource } from './given-server.js';
import { buildWithMaven, lookForMavenBuild } from './maven-build.js';
import { NoServerFound } from './no-server-found.js';
import { progressOn, type Progress } from './progress.js';
import { download, downloadedBefore } from './sdk-download.js';

const START_LIMIT_MS = 30_000;

export interface TimeSkippingServer {
  /** host:port; time is one for the whole server, so that only one test at a time can use it. */
  readonly address: string;
  /** Ends a server that was started here; leaves one that ran already alone. */
  readonly stop: () => Promise<void>;
}

/**
 * Temporal's test server that skips time. First what `PIGEONFLOW_TIME_SKIPPING_SERVER` names, then
 * what is on this machine already, then what has to be fetched (the SDK's download, jars with Maven).
 *
 * @throws NoServerFound naming every way and why it failed; ToolFailed with Maven's own errors
 */
export async function findTimeSkippingServer(
  progress: Progress = progressOn(),
  environment: Environment = process.env,
): Promise<ServerSource> {
  const given = givenServer('PIGEONFLOW_TIME_SKIPPING_SERVER', environment);
  if (given !== null) return given;

  const earlier = downloadedBefore('timeSkipping', environment);
  if (earlier !== null) return { kind: 'binary', path: earlier, origin: 'SDK download' };

  const mavenBuild = await lookForMavenBuild(environment);
  if (mavenBuild.status === 'built') return { kind: 'binary', path: mavenBuild.path, origin: 'Maven' };

  const downloaded = await download('timeSkipping', progress, environment);
  if (downloaded !== null) return { kind: 'binary', path: downloaded, origin: 'SDK download' };

  if (mavenBuild.status === 'notBuilt') {
    return { kind: 'binary', path: await buildWithMaven(mavenBuild, progress), origin: 'Maven' };
  }
  throw new NoServerFound(
    "Temporal's time-skipping server",
    new Map([
      ['PIGEONFLOW_TIME_SKIPPING_SERVER', 'not set'],
      ['download by the Temporal SDK', 'no answer: the network seems closed'],
      ['tools/time-skipping-server with Maven', mavenBuild.reason],
    ]),
    'Install Java and Maven, or set PIGEONFLOW_TIME_SKIPPING_SERVER to the address (host:port) of one or to a binary.',
  );
}

/**
 * Starts a time-skipping server that ends with this process.
 *
 * @param given where it comes from; looked for when not given
 * @throws NoServerFound, ToolFailed, ServerDidNotStart
 */
export async function startTimeSkippingServer(given?: ServerSource): Promise<TimeSkippingServer> {
  const source = given ?? (await findTimeSkippingServer());
  if (source.kind === 'running') return { address: source.address, stop: () => Promise.resolve() };
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const child = await startChild(source.path, [String(port)]);
  try {
    await (await awaitFrontend(address, child, START_LIMIT_MS)).close();
  } catch (error) {
    await child.kill();
    throw error;
  }
  // Asked to end, it first waits for what it was asked; there is nothing in it to lose.
  return { address, stop: async () => void (await child.kill()) };
}

import { findOnPath, type Environment } from './find-on-path.js';
import { givenServer, type ServerSource } from './given-server.js';
import { buildWithGo, lookForGoBuild } from './go-build.js';
import { NoServerFound } from './no-server-found.js';
import { progressOn, type Progress } from './progress.js';
import { download, downloadedBefore } from './sdk-download.js';

/**
 * A Temporal server for development, demo, tests and benchmarks; never the one that
 * `TEMPORAL_ADDRESS` names. First what the caller names in `PIGEONFLOW_DEV_SERVER`, then what is on
 * this machine already (the `temporal` command, an earlier download of the SDK, an earlier build),
 * then what has to be fetched (the SDK's download, a build with Go).
 *
 * @throws NoServerFound naming every way and why it failed; ToolFailed with the Go build's own errors
 */
export async function findTemporalServer(
  progress: Progress = progressOn(),
  environment: Environment = process.env,
): Promise<ServerSource> {
  const given = givenServer('PIGEONFLOW_DEV_SERVER', environment);
  if (given !== null) return given;

  const command = findOnPath('temporal', environment);
  if (command !== null) return { kind: 'binary', path: command, origin: '`temporal` command' };

  const earlier = downloadedBefore('temporal', environment);
  if (earlier !== null) return { kind: 'binary', path: earlier, origin: 'SDK download' };

  const goBuild = await lookForGoBuild(environment);
  if (goBuild.status === 'built') return { kind: 'binary', path: goBuild.path, origin: 'Go build' };

  const downloaded = await download('temporal', progress, environment);
  if (downloaded !== null) return { kind: 'binary', path: downloaded, origin: 'SDK download' };

  if (goBuild.status === 'notBuilt') {
    return { kind: 'binary', path: await buildWithGo(goBuild, progress), origin: 'Go build' };
  }
  throw new NoServerFound(
    'A Temporal development server',
    new Map([
      ['PIGEONFLOW_DEV_SERVER', 'not set'],
      ['`temporal` command', 'not on the PATH'],
      ['download by the Temporal SDK', 'no answer: the network seems closed'],
      ['build of tools/temporal-server', goBuild.reason],
    ]),
    'Install the Temporal CLI or Go, or set PIGEONFLOW_DEV_SERVER to the address (host:port) of a development server or to a binary.',
  );
}

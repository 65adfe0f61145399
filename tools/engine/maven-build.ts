import { existsSync } from 'node:fs';
import { copyFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { awaitFrontend } from './await-frontend.js';
import { builtOnce, cacheFolder, cacheKey } from './cache.js';
import { startChild } from './child-process.js';
import { findOnPath, type Environment } from './find-on-path.js';
import { freePort } from './free-port.js';
import type { Progress } from './progress.js';
import { projectRoot } from './project-root.js';
import { runTool } from './run-tool.js';

const SOURCES = join(projectRoot, 'tools/time-skipping-server');
const WARM_UP_MS = 60_000;

export type MavenBuild =
  | { readonly status: 'built'; readonly path: string }
  | { readonly status: 'notBuilt'; readonly maven: string; readonly folder: string; readonly environment: Environment }
  | { readonly status: 'impossible'; readonly reason: string };

/** Whether the jars of `tools/time-skipping-server` have been fetched on this machine, or can be. */
export async function lookForMavenBuild(environment: Environment): Promise<MavenBuild> {
  const java = findOnPath('java', environment);
  if (java === null) return { status: 'impossible', reason: 'no `java` command on the PATH' };
  let version = '';
  await runTool(java, ['-version'], { environment, onLine: (line) => (version += line) });
  // The class data archive fits only the JVM that wrote it, and only in this folder.
  const folder = join(cacheFolder(environment), 'time-skipping-server', await cacheKey(SOURCES, [version]));
  const path = join(folder, 'server.sh');
  if (existsSync(archiveIn(folder))) return { status: 'built', path };
  const maven = findOnPath('mvn', environment);
  if (maven === null) return { status: 'impossible', reason: 'no `mvn` command on the PATH' };
  return { status: 'notBuilt', maven, folder, environment };
}

export async function buildWithMaven(
  build: Extract<MavenBuild, { status: 'notBuilt' }>,
  progress: Progress,
): Promise<string> {
  const { maven, folder, environment } = build;
  return progress.during('Fetching the time-skipping server with Maven (once, 38 MB)', async () => {
    await builtOnce(folder, async (partial) => {
      await copyFile(join(SOURCES, 'server.sh'), join(partial, 'server.sh'));
      const pom = join(SOURCES, 'pom.xml');
      const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(partial, 'lib')}`];
      await runTool(maven, ['-q', '-B', '-f', pom, ...goal], { environment });
    });
    const script = join(folder, 'server.sh');
    await writeClassArchive(script, archiveIn(folder), environment);
    return script;
  });
}

/** The JVM writes the archive when it ends in good order, after a start that has loaded the classes. */
async function writeClassArchive(script: string, archive: string, environment: Environment): Promise<void> {
  if (existsSync(archive)) return;
  const partial = `${archive}.partial-${process.pid}`;
  const port = await freePort();
  const server = await startChild(script, [String(port)], {
    environment: { ...environment, WRITE_CLASS_ARCHIVE: partial },
    graceSeconds: 60,
  });
  try {
    const connection = await awaitFrontend(`127.0.0.1:${port}`, server, WARM_UP_MS);
    await connection.close();
  } finally {
    await server.stop();
  }
  // A JVM older than 13 writes none and starts slowly: the empty file says that it was tried.
  if (!existsSync(partial)) await writeFile(partial, '');
  await rename(partial, archive);
}

function archiveIn(folder: string): string {
  return join(folder, 'classes.jsa');
}

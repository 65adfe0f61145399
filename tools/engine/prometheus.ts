import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { builtOnce, cacheFolder } from './cache.js';
import { type Environment, findOnPath } from './find-on-path.js';
import { runTool } from './run-tool.js';

/** Paths of the commands. */
export interface Prometheus {
  readonly prometheus: string;
  readonly promtool: string;
}

/**
 * The Prometheus of this machine, else Debian's package, unpacked into the cache: nothing is installed or started by it.
 *
 * @throws Error that says what to install.
 */
export async function findPrometheus(environment: Environment = process.env): Promise<Prometheus> {
  const [prometheus, promtool] = ['prometheus', 'promtool'].map((name) => findOnPath(name, environment));
  if (prometheus && promtool) return { prometheus, promtool };
  try {
    const folder = await builtOnce(join(cacheFolder(environment), 'prometheus'), unpackPackage);
    return { prometheus: join(folder, 'usr/bin/prometheus'), promtool: join(folder, 'usr/bin/promtool') };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Install Prometheus (Debian: \`apt-get install prometheus\`); it could not be fetched: ${why}`, {
      cause: error,
    });
  }
}

async function unpackPackage(folder: string): Promise<void> {
  const download = () => runTool('apt-get', ['download', 'prometheus'], { cwd: folder });
  // Where the lists of packages are missing or old, root may fetch them.
  await download().catch(async () => {
    await runTool('apt-get', ['update']);
    await download();
  });
  const name = (await readdir(folder)).find((file) => file.endsWith('.deb')) ?? 'prometheus.deb';
  await runTool('dpkg-deb', ['--extract', name, '.'], { cwd: folder });
  await rm(join(folder, name));
}

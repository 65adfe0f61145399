import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { projectRoot } from '../../tools/engine/project-root.js';
import { runTool } from '../../tools/engine/run-tool.js';

/** What no clone has: builds, and what is installed or made on this machine. */
const NOT_CLONED = new Set(['.git', 'node_modules', 'dist', 'coverage', 'release', 'secrets']);

export interface Packed {
  /** What `npm install` takes. */
  readonly tarball: string;
  /** Paths in the package. */
  readonly files: readonly string[];
}

/** Packs the repository as a clone has it: never built. The dependencies are those that are installed here. */
export async function packFreshClone(folder: string): Promise<Packed> {
  const clone = join(folder, 'clone');
  await cp(projectRoot, clone, {
    recursive: true,
    filter: (path) => !NOT_CLONED.has(relative(projectRoot, path).split(sep)[0] ?? ''),
  });
  await symlink(join(projectRoot, 'node_modules'), join(clone, 'node_modules'));
  const output = await runTool('npm', ['pack', '--json', '--pack-destination', folder], { cwd: clone });
  const [packed] = JSON.parse(output) as [{ filename: string; files: readonly { readonly path: string }[] }];
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

/** Installs it in an otherwise empty folder, as a service of another team has it. */
export async function installIn(folder: string, { tarball }: Packed, more: readonly string[]): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  await runTool('npm', ['install', ...quietly, tarball, ...more], { cwd: folder });
}

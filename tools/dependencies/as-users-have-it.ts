import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../engine/project-root.js';
import { ofProduct, type Sbom } from './sbom.js';

export type Npm = (...args: readonly string[]) => Promise<string>;

/**
 * npm, asked about the lock file as if there were no development dependencies: it tells product and development apart by
 * the root alone, and takes a peer that is also developed with for the latter. Gives standard output, however npm ends:
 * `npm audit` ends with 1 when it has found something.
 */
export function npmAsUsersHaveIt(): Npm {
  const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-dependencies-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(projectRoot, 'package-lock.json'), join(folder, 'package-lock.json'));
  const { devDependencies: _, ...ofUsers } = JSON.parse(
    readFileSync(join(projectRoot, 'package.json'), 'utf8'),
  ) as Record<string, unknown>;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(ofUsers));
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  return (...args) =>
    new Promise((resolve) => {
      execFile('npm', [...args, '--package-lock-only'], options, (_error, stdout) => resolve(stdout));
    });
}

/** The bill of materials of what is installed with the product, as CycloneDX 1.5. */
export async function billOfMaterials(npm: Npm, name: string): Promise<string> {
  const sbom = JSON.parse(await npm('sbom', '--sbom-format=cyclonedx', '--sbom-type=application')) as Sbom;
  return `${JSON.stringify(ofProduct(sbom, name), null, 2)}\n`;
}

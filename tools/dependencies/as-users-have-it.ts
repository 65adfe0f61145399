import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../engine/project-root.js';
import type { LockFile } from './lock-file.js';

export interface Product {
  /** Of what is installed with the product and the Temporal SDK, its peer. */
  readonly lock: LockFile;
  /** npm, asked about that. */
  readonly npm: (...args: readonly string[]) => Promise<{ readonly output: string; readonly failed: boolean }>;
}

/**
 * The product without what it is developed with. npm's own `--omit=dev` leaves out a peer that is also developed with, and
 * all that it needs; so the development dependencies are taken from the root, and npm from the lock.
 */
export async function asUsersHaveIt(): Promise<Product> {
  const { devDependencies: _, ...manifest } = JSON.parse(
    readFileSync(join(projectRoot, 'package.json'), 'utf8'),
  ) as Record<string, unknown>;
  const temporary = mkdtempSync(join(tmpdir(), 'dependencies-'));
  process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
  // npm names a bill of materials after the folder.
  const folder = join(temporary, String(manifest['name']));
  const lockFile = join(folder, 'package-lock.json');
  mkdirSync(folder);
  cpSync(join(projectRoot, 'package-lock.json'), lockFile);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  const npm: Product['npm'] = (...args) =>
    new Promise((resolve) => {
      execFile('npm', [...args, '--package-lock-only'], options, (error, output) =>
        resolve({ output, failed: error !== null }),
      );
    });
  const { output, failed } = await npm('prune', '--offline', '--no-audit', '--no-fund');
  if (failed) throw new Error(`npm prune: ${output}`);
  return { lock: JSON.parse(readFileSync(lockFile, 'utf8')) as LockFile, npm };
}

/** The bill of materials of what is installed with the product, as CycloneDX 1.5. */
export async function billOfMaterials({ npm }: Product): Promise<string> {
  return (await npm('sbom', '--sbom-format=cyclonedx', '--sbom-type=application')).output;
}

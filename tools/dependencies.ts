/**
 * `npm run dependencies`: licences, known vulnerabilities and a bill of materials of what is installed with the product.
 * Fails on a licence that is not on the list and on a grave vulnerability; without a network it says so and goes on.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAudit } from './dependencies/audit.js';
import { countLicences, refusedLicences } from './dependencies/licences.js';
import { lockedPackages, type LockFile } from './dependencies/lock-file.js';
import { ofProduct, type Sbom } from './dependencies/sbom.js';
import { projectRoot } from './engine/project-root.js';

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const manifest = readJson(join(projectRoot, 'package.json')) as { readonly name: string; devDependencies?: unknown };
const packages = lockedPackages(readJson(join(projectRoot, 'package-lock.json')) as LockFile);
const product = packages.filter(({ inProduct }) => inProduct);

// npm tells product and development apart by the root alone, and takes a peer that is also developed with for the latter.
const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-dependencies-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
cpSync(join(projectRoot, 'package-lock.json'), join(folder, 'package-lock.json'));
const { devDependencies: _, ...ofUsers } = manifest;
writeFileSync(join(folder, 'package.json'), JSON.stringify(ofUsers));

/** Standard output, however it ends: `npm audit` ends with 1 when it has found something. */
const npm = (...args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile('npm', [...args, '--package-lock-only'], { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) =>
      resolve(stdout),
    );
  });

console.log(
  `${product.length} packages are installed with ${manifest.name}, ${packages.length} where it is developed.`,
);
console.log(
  `Licences: ${countLicences(product)
    .map(([licence, count]) => `${licence} ${count}`)
    .join(', ')}`,
);
const refused = refusedLicences(packages);
for (const one of refused) console.error(`Not on the list of tools/dependencies/licences.ts: ${one}`);

const dist = join(projectRoot, 'dist');
mkdirSync(dist, { recursive: true });
const list = product.map(({ name, version, licence }) => `${name} ${version}: ${licence ?? 'unknown'}`).toSorted();
writeFileSync(join(dist, 'licences.txt'), `${list.join('\n')}\n`);
const sbom = JSON.parse(await npm('sbom', '--sbom-format=cyclonedx', '--sbom-type=application')) as Sbom;
writeFileSync(join(dist, 'sbom.cdx.json'), `${JSON.stringify(ofProduct(sbom, manifest.name), null, 2)}\n`);
console.log('Written: dist/licences.txt, dist/sbom.cdx.json (CycloneDX 1.5)');

const audit = readAudit(await npm('audit', '--json'), new Set(product.map(({ name }) => name)));
if (audit.kind === 'unavailable') {
  console.warn(`Known vulnerabilities: NOT asked for, since the registry does not answer that here (${audit.why}).`);
} else {
  const { grave, others } = audit;
  console.log(`Known vulnerabilities: ${grave.length} grave, ${others.length} others.`);
  for (const one of [...grave, ...others]) console.error(`  ${one}`);
}
process.exitCode = refused.length > 0 || (audit.kind === 'asked' && audit.grave.length > 0) ? 1 : 0;

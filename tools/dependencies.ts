/**
 * `npm run dependencies`: licences, known vulnerabilities and a bill of materials of what is installed with the product.
 * Fails on a licence that is not on the list and on a grave vulnerability; without a network it says so and goes on.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { billOfMaterials, npmAsUsersHaveIt } from './dependencies/as-users-have-it.js';
import { readAudit } from './dependencies/audit.js';
import { countLicences, refusedLicences } from './dependencies/licences.js';
import { lockedPackages, type LockFile } from './dependencies/lock-file.js';
import { projectRoot } from './engine/project-root.js';

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const manifest = readJson(join(projectRoot, 'package.json')) as { readonly name: string };
const packages = lockedPackages(readJson(join(projectRoot, 'package-lock.json')) as LockFile);
const product = packages.filter(({ inProduct }) => inProduct);

const npm = npmAsUsersHaveIt();

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
writeFileSync(join(dist, 'sbom.cdx.json'), await billOfMaterials(npm, manifest.name));
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

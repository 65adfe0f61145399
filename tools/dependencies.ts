/**
 * `npm run dependencies`: licences, known vulnerabilities and a bill of materials of what is installed with the product.
 * Fails on a licence that is not on the list and on a grave vulnerability; without a network it says so and continues.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asUsersHaveIt, billOfMaterials } from './dependencies/as-users-have-it.js';
import { readAudit } from './dependencies/audit.js';
import { countLicences, refusedLicences } from './dependencies/licences.js';
import { lockedPackages, type LockFile } from './dependencies/lock-file.js';
import { projectRoot } from './engine/project-root.js';

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const manifest = readJson(join(projectRoot, 'package.json')) as { readonly name: string };
const users = await asUsersHaveIt();
const packages = lockedPackages(readJson(join(projectRoot, 'package-lock.json')) as LockFile, users.lock);
const product = packages.filter(({ inProduct }) => inProduct);

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
writeFileSync(join(dist, 'sbom.cdx.json'), await billOfMaterials(users));
console.log('Written: dist/licences.txt, dist/sbom.cdx.json (CycloneDX 1.5)');

const { output, failed } = await users.npm('audit', '--json', '--audit-level=high');
const audit = readAudit(output);
if ('why' in audit) {
  console.warn(`Known vulnerabilities: NOT asked for, since the registry does not answer that here (${audit.why}).`);
} else {
  console.log(`Known vulnerabilities: ${audit.found.length}${failed ? ', grave ones among them' : ''}.`);
  for (const one of audit.found) console.error(`  ${one}`);
}
process.exitCode = refused.length > 0 || ('found' in audit && failed) ? 1 : 0;

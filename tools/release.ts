/** `npm run release`: the package, its bill of materials, checksums and notes, in `release/`. Publishes nothing. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asUsersHaveIt, billOfMaterials } from './dependencies/as-users-have-it.js';
import { projectRoot } from './engine/project-root.js';
import { checksumsOf, notesOf, whyNot } from './release/release.js';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const versionIn = (path: string) => JSON.parse(read(path)) as { readonly name: string; readonly version: string };

const { name, version } = versionIn('package.json');
const changelog = read('CHANGELOG.md');
const uncommitted = execFileSync('git', ['status', '--porcelain'], { cwd: projectRoot, encoding: 'utf8' });
const problems = whyNot({ version, lockedVersion: versionIn('package-lock.json').version, changelog, uncommitted });
if (problems.length > 0) {
  console.error(`${name} ${version} cannot be released:\n${problems.map((one) => `  - ${one}`).join('\n')}`);
  process.exit(1);
}

const folder = join(projectRoot, 'release');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
// What an earlier build left behind would be packed, too.
rmSync(join(projectRoot, 'dist/src'), { recursive: true, force: true });
execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: projectRoot, stdio: 'inherit' });

const tarball = `${name}-${version}.tgz`;
const sbom = `${name}-${version}.cdx.json`;
writeFileSync(join(folder, sbom), await billOfMaterials(await asUsersHaveIt()));
writeFileSync(join(folder, 'NOTES.md'), notesOf(name, version, changelog));
const attached = [tarball, sbom].map((file) => [file, readFileSync(join(folder, file))] as const);
writeFileSync(join(folder, 'SHA256SUMS'), checksumsOf(Object.fromEntries(attached)));
console.log(`Written to release/: ${tarball}, ${sbom}, SHA256SUMS, NOTES.md. Nothing is published.`);

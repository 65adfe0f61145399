import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asUsersHaveIt, billOfMaterials } from '../../tools/dependencies/as-users-have-it.js';
import { readAudit } from '../../tools/dependencies/audit.js';
import { refusedLicences } from '../../tools/dependencies/licences.js';
import { lockedPackages, type LockedPackage, type LockFile } from '../../tools/dependencies/lock-file.js';
import { projectRoot } from '../../tools/engine/project-root.js';

const read = (path: string): unknown => JSON.parse(readFileSync(join(projectRoot, path), 'utf8'));
const lock = read('package-lock.json') as LockFile;
const users = await asUsersHaveIt();
const packages = lockedPackages(lock, users.lock);
const named = (name: string) => packages.find((one) => one.name === name);

describe('the packages that are locked', () => {
  test('are all under a licence of the list', () => {
    expect(refusedLicences(packages)).toEqual([]);
  });

  test('have a checksum each, but for some of other platforms than that of the container', () => {
    const without = packages.filter(({ integrity }) => !integrity?.startsWith('sha512-'));
    expect(without.filter(({ forOnePlatform }) => !forOnePlatform)).toEqual([]);
    expect(without.filter(({ name, inProduct }) => inProduct && /linux-(x64|arm64)-gnu/.test(name))).toEqual([]);
  });

  test('are told apart: what is installed with the product, and what it is developed with', () => {
    for (const name of ['undici', '@temporalio/worker', 'webpack', '@grpc/grpc-js']) {
      expect(named(name)).toMatchObject({ inProduct: true });
    }
    for (const name of ['vitest', 'typescript', 'playwright-core'])
      expect(named(name)).toMatchObject({ inProduct: false });
  });

  test('are named on the page on dependencies, with what each is for', () => {
    const page = readFileSync(join(projectRoot, 'docs/dependencies.md'), 'utf8');
    const { dependencies, devDependencies } = read('package.json') as Record<string, Record<string, string>>;
    const missing = Object.keys({ ...dependencies, ...devDependencies })
      .filter((name) => !name.startsWith('@types/'))
      .filter((name) => !page.includes(`\`${name}\``) && !page.includes(`\`${name.replace('@temporalio/', '')}\``));
    expect(missing).toEqual([]);
  });
});

describe('a licence', () => {
  const under = (licence: string | null, inProduct: boolean): LockedPackage => ({
    name: 'a',
    version: '1.0.0',
    licence,
    integrity: null,
    inProduct,
    forOnePlatform: false,
  });

  test.for([
    ['MIT', true, true],
    ['(MIT OR GPL-3.0)', true, true],
    ['Apache-2.0 AND MIT', true, true],
    ['Apache-2.0 AND GPL-3.0', true, false],
    ['GPL-3.0', false, false],
    ['MPL-2.0', false, true],
    ['MPL-2.0', true, false],
    ['SEE LICENSE IN LICENSE', true, false],
    [null, false, false],
  ] as const)('%s (in the product: %s) is allowed: %s', ([licence, inProduct, allowed]) => {
    expect(refusedLicences([under(licence, inProduct)])).toEqual(
      allowed ? [] : [`a@1.0.0: ${licence ?? 'no licence'}`],
    );
  });
});

describe('what npm audit says', () => {
  test('is what it found', () => {
    const undici = { name: 'undici', severity: 'high', range: '<7' };
    expect(readAudit(JSON.stringify({ vulnerabilities: { undici } }))).toEqual({ found: ['undici <7: high'] });
  });

  test.for<[string, string]>([
    ['{"message":"405 Method Not Allowed"}', '405 Method Not Allowed'],
    ['{"error":{"summary":"no network"}}', 'no network'],
    ['{}', 'npm audit gave no report'],
    ['', 'npm audit gave no JSON'],
  ])('may be nothing: %s', ([output, why]) => {
    expect(readAudit(output)).toEqual({ why });
  });
});

test('the bill of materials holds what is installed with the product, under its name', async () => {
  const { metadata, components } = JSON.parse(await billOfMaterials(users)) as {
    readonly metadata: { readonly component: { readonly name: string } };
    readonly components: readonly { readonly name: string; readonly version: string }[];
  };
  expect(metadata.component.name).toBe('pigeonflow');
  const versions = (all: readonly { readonly name: string; readonly version: string }[]) =>
    new Set(all.map(({ name, version }) => `${name}@${version}`));
  expect(versions(components)).toEqual(versions(packages.filter(({ inProduct }) => inProduct)));
});

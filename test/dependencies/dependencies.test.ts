import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAudit } from '../../tools/dependencies/audit.js';
import { refusedLicences } from '../../tools/dependencies/licences.js';
import { lockedPackages, type LockedPackage, type LockFile } from '../../tools/dependencies/lock-file.js';
import { ofProduct, type Sbom } from '../../tools/dependencies/sbom.js';
import { projectRoot } from '../../tools/engine/project-root.js';

const read = (path: string): unknown => JSON.parse(readFileSync(join(projectRoot, path), 'utf8'));
const lock = read('package-lock.json') as LockFile;
const packages = lockedPackages(lock);
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
  const found = {
    undici: { name: 'undici', severity: 'high', range: '<7' },
    vitest: { name: 'vitest', severity: 'high', range: '*' },
    yaml: { name: 'yaml', severity: 'low', range: '<2' },
  };

  test('is about the product alone, grave or not', () => {
    expect(readAudit(JSON.stringify({ vulnerabilities: found }), new Set(['undici', 'yaml']))).toEqual({
      kind: 'asked',
      grave: ['undici <7: high'],
      others: ['yaml <2: low'],
    });
  });

  test.for<[string, string]>([
    ['{"message":"405 Method Not Allowed"}', '405 Method Not Allowed'],
    ['{"error":{"summary":"no network"}}', 'no network'],
    ['{}', 'npm audit gave no report'],
    ['', 'npm audit gave no JSON'],
  ])('may be nothing: %s', ([output, why]) => {
    expect(readAudit(output, new Set())).toEqual({ kind: 'unavailable', why });
  });
});

test('the bill of materials holds what is installed with the product, under its name', () => {
  const component = (name: string, ...properties: readonly string[]) => ({
    'bom-ref': `${name}@1.0.0`,
    name,
    version: '1.0.0',
    properties: properties.map((property) => ({ name: property, value: 'true' })),
  });
  const sbom: Sbom = {
    metadata: { component: { name: 'some-folder' } },
    components: [component('undici'), component('vitest', 'cdx:npm:package:extraneous')],
    dependencies: [
      { ref: 'pigeonflow@0.1.0', dependsOn: ['undici@1.0.0', 'vitest@1.0.0'] },
      { ref: 'vitest@1.0.0', dependsOn: [] },
    ],
  };
  expect(ofProduct(sbom, 'pigeonflow')).toMatchObject({
    metadata: { component: { name: 'pigeonflow' } },
    components: [{ name: 'undici' }],
    dependencies: [{ ref: 'pigeonflow@0.1.0', dependsOn: ['undici@1.0.0'] }],
  });
});

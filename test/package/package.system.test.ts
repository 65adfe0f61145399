import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, type TestContext, test } from 'vitest';
import { answers, EMULATOR_TOKEN } from '../../src/emulator/emulator.js';
import { freePort } from '../../tools/engine/free-port.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { startReadyChild } from '../../tools/engine/ready-child.js';
import { runTool } from '../../tools/engine/run-tool.js';
import { flagsToCall } from '../cli/call-files.js';
import { keysText } from '../codec/keys-of.js';
import { variablesOf } from '../rig/command.js';
import { callTo, useRig } from '../rig/rig.js';
import { installIn, packFreshClone, type Packed } from './packed.js';

const world = useRig();
const NUMBER = '0300000001';
/** Building, packing, installing some 200 packages from npm's cache, and bundling, while other tests run. */
const LIMIT_MS = 300_000;

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<'types' | 'default', string>>>>;
}
const manifest = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as Manifest;

let base = '';
let folder = '';
let packed: Packed = { tarball: '', files: [] };
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'pigeonflow-package-'));
  folder = join(base, 'consumer');
  packed = await packFreshClone(base);
  const peers = [...Object.keys(manifest.peerDependencies), '@types/node'];
  await installIn(
    folder,
    packed,
    peers.map((name) => `${name}@${manifest.devDependencies[name]}`),
  );
}, LIMIT_MS);
afterAll(() => rm(base, { recursive: true, force: true }));

test('the package of a fresh clone has all that it exports, and nothing of its tests, tools and builds', () => {
  const exported = Object.values(manifest.exports)
    .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
    .filter((path) => !path.includes('*'))
    .map((path) => path.replace(/^\.\//, ''));
  expect(packed.files).toEqual(expect.arrayContaining([...exported, 'dist/src/cli.js', 'schemas/policy.json']));
  const folders = /^(?:dist\/src|docs|ops|policies|schedules|schemas|senders)\/|^[^/]+$/;
  expect(packed.files.filter((path) => !folders.test(path))).toEqual([]);
  expect(packed.files.filter((path) => !path.includes('/')).toSorted()).toEqual([
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.ja.md',
    'README.md',
    'SECURITY.md',
    'package.json',
  ]);
  expect(packed.files.filter((path) => /\.test\.|\.env$|\.pem$/.test(path))).toEqual([]);
});

test('its command runs an emulator, a worker, a call and first calls', { timeout: LIMIT_MS }, async (context) => {
  const here = await world({ workers: 'none' });
  const url = `http://127.0.0.1:${await freePort()}`;
  const emulator = ['emulator', '--port', new URL(url).port, '--person', `${NUMBER}=answers:1s:1`];
  await started(context, emulator, url, {});
  const page = await (await fetch(url)).text();
  const assets = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css|svg))"/g)].map(([, path = '']) => path);
  expect(assets.length).toBeGreaterThan(1);
  for (const asset of assets) expect((await fetch(new URL(asset, url))).status).toBe(200);

  const space = { ...variablesOf(here), PIGEON_BASE_URL: url, PIGEON_API_TOKEN: EMULATOR_TOKEN };
  await started(context, ['worker'], '"msg":"ready"', { ...space, PIGEONFLOW_HEALTH_ADDRESS: '127.0.0.1:0' });
  const npx = (...args: readonly string[]) =>
    runTool('npx', ['pigeonflow', ...args], { cwd: folder, environment: { ...process.env, ...space } });
  expect(await npx('--version')).toBe(manifest.version);
  expect(await npx('call', ...(await flagsToCall(NUMBER, context)))).toBe(
    '架電で入力されたボタン: 1\nステータス: succeeded',
  );
  expect(await npx('first-call', '--phone', NUMBER, '--only', 'refusals', '--yes')).toContain('first-call-report.md');
  expect(await readFile(join(folder, 'first-call-report.md'), 'utf8')).toContain('| answer to a wrong token | 401, ');
});

/** One of its commands that lasts, until its test has finished. */
async function started(
  context: TestContext,
  args: readonly string[],
  ready: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', ...variables };
  const bin = join(folder, 'node_modules/.bin/pigeonflow');
  const child = await startReadyChild([bin, ...args], ready, { cwd: folder, environment, graceSeconds: 1 });
  context.onTestFinished(async () => void (await child.kill()));
}

test(
  'another team composes pigeonCall into its own worker, on its own task queues, encrypted',
  { timeout: LIMIT_MS },
  async () => {
    const { emulator } = await world({ workers: 'none', people: { [NUMBER]: answers(300, '1') } });
    await cp(join(projectRoot, 'test/package/consumer'), folder, { recursive: true });
    const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc');
    await runTool(process.execPath, [compiler, '-p', folder], { cwd: folder });
    const input = JSON.stringify(callTo(NUMBER));
    const keys = join(folder, 'keys');
    await writeFile(keys, keysText('of-another-team'));
    const main = [join(folder, 'dist/main.js'), inject('temporalAddress'), emulator.url, EMULATOR_TOKEN, keys, input];
    const output = await runTool(process.execPath, main, { cwd: folder });
    const result = /^RESULT (.*)$/m.exec(output)?.[1] ?? output;
    expect(JSON.parse(result)).toEqual({ decision: 'restart', outcome: 'answered', unknown: true, noIncident: true });
    expect(emulator.journal.invokes()).toHaveLength(1);
  },
);

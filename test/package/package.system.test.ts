import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { answers, EMULATOR_TOKEN } from '../../src/emulator/emulator.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { runTool } from '../../tools/engine/run-tool.js';
import { keysText } from '../codec/keys-of.js';
import { callTo, useRig } from '../rig/rig.js';

const world = useRig();
const NUMBER = '0300000001';
/** Packing, installing some 200 packages from npm's cache, and bundling, while other tests run. */
const LIMIT_MS = 240_000;

type Manifest = Readonly<Record<'devDependencies' | 'peerDependencies', Readonly<Record<string, string>>>>;

/** The package as others get it: packed, and installed beside what its peers need. */
async function installed(): Promise<string> {
  const failure = inject('buildFailure');
  if (failure !== null) throw new Error(`There is no build to pack: ${failure}`);
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-consumer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(projectRoot, 'test/package/consumer'), folder, { recursive: true });
  const packed = await runTool('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: projectRoot });
  const manifest = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as Manifest;
  const needed = [...Object.keys(manifest.peerDependencies), '@types/node'];
  const dependencies = {
    pigeonflow: `file:${packed.trim().split('\n').at(-1) ?? ''}`,
    ...Object.fromEntries(needed.map((name) => [name, manifest.devDependencies[name]])),
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  await runTool('npm', ['install', ...quietly], { cwd: folder });
  return folder;
}

test(
  'another team composes pigeonCall into its own worker, on its own task queues, encrypted',
  { timeout: LIMIT_MS },
  async () => {
    const { emulator } = await world({ workers: 'none', people: { [NUMBER]: answers(300, '1') } });
    const folder = await installed();
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

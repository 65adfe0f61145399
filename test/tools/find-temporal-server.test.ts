import { createServer, type Socket } from 'node:net';
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { findTemporalServer } from '../../tools/engine/find-temporal-server.js';
import type { Environment } from '../../tools/engine/find-on-path.js';
import { NoServerFound } from '../../tools/engine/no-server-found.js';
import { silentProgress } from '../../tools/engine/progress.js';
import { ToolFailed } from '../../tools/engine/run-tool.js';
import { recordedProgress } from './recorded-progress.js';
import { fakeProgram, temporaryFolder } from './temporary-folder.js';

const BUILDS = 'while [ "$1" != -o ]; do shift; done; echo "#!/bin/sh" > "$2"; chmod +x "$2"';
const fakeGo = (build: string, version = 'go1.99.0') => `[ "$1" = env ] && { echo ${version}; exit; }\n${build}`;

/** A machine with nothing of its own, and a proxy that refuses every download. */
function emptyMachine(): { readonly bin: string; readonly cache: string; readonly environment: Environment } {
  const folder = temporaryFolder();
  const [bin, cache] = [join(folder, 'bin'), join(folder, 'cache')];
  mkdirSync(bin);
  mkdirSync(join(folder, 'tmp'));
  const environment = {
    PATH: `${bin}:/usr/bin:/bin`,
    XDG_CACHE_HOME: cache,
    HTTPS_PROXY: 'http://127.0.0.1:1',
    TMPDIR: join(folder, 'tmp'),
  };
  return { bin, cache, environment };
}

describe('PIGEONFLOW_DEV_SERVER comes first', () => {
  test('an address is a server that runs already', async () => {
    const { bin, environment } = emptyMachine();
    fakeProgram(bin, 'temporal');
    const given = { ...environment, PIGEONFLOW_DEV_SERVER: 'example.test:7233' };
    expect(await findTemporalServer(silentProgress, given)).toEqual({ kind: 'running', address: 'example.test:7233' });
  });

  test('a path is a program to start', async () => {
    const { bin, environment } = emptyMachine();
    fakeProgram(bin, 'temporal');
    const path = fakeProgram(bin, 'my-server');
    const given = { ...environment, PIGEONFLOW_DEV_SERVER: path };
    expect(await findTemporalServer(silentProgress, given)).toMatchObject({ kind: 'binary', path });
  });

  test('anything else is an error that names the variable', async () => {
    const given = { PIGEONFLOW_DEV_SERVER: '/nowhere/server', PATH: '' };
    await expect(findTemporalServer(silentProgress, given)).rejects.toThrow(/PIGEONFLOW_DEV_SERVER=\/nowhere\/server/);
  });
});

test('TEMPORAL_ADDRESS is never used', async () => {
  const { bin, environment } = emptyMachine();
  const path = fakeProgram(bin, 'temporal');
  const found = await findTemporalServer(silentProgress, { ...environment, TEMPORAL_ADDRESS: 'prod.test:7233' });
  expect(found).toMatchObject({ kind: 'binary', path });
});

test('the temporal command comes before an earlier download, and that before a build', async () => {
  const { bin, cache, environment } = emptyMachine();
  fakeProgram(bin, 'go', fakeGo(BUILDS));
  const { version }: { version: string } = createRequire(import.meta.url)('@temporalio/testing/package.json');
  mkdirSync(join(cache, 'pigeonflow/sdk-download'), { recursive: true });
  const downloaded = fakeProgram(join(cache, 'pigeonflow/sdk-download'), `temporal-sdk-typescript-${version}`);
  expect(await findTemporalServer(silentProgress, environment)).toMatchObject({ path: downloaded });
  const command = fakeProgram(bin, 'temporal');
  expect(await findTemporalServer(silentProgress, environment)).toMatchObject({ path: command });
});

test('where the network is closed, Go builds once and the second look-up finds the build', async () => {
  const { bin, environment } = emptyMachine();
  fakeProgram(bin, 'go', fakeGo(BUILDS));
  const [first, second] = [recordedProgress(), recordedProgress()];
  const found = await findTemporalServer(first, environment);
  expect(found).toMatchObject({ kind: 'binary', origin: 'Go build' });
  expect(first.lines.join('\n')).toMatch(/SDK[^]*network seems closed[^]*Building .* with Go/);
  expect(await findTemporalServer(second, environment)).toEqual(found);
  expect(second.lines).toEqual([]);
});

test("a failed build shows the Go compiler's own words", async () => {
  const { bin, environment } = emptyMachine();
  fakeProgram(bin, 'go', fakeGo('echo "main.go:7: no such module" >&2; exit 1'));
  const error: unknown = await findTemporalServer(silentProgress, environment).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ToolFailed);
  expect(String(error)).toContain('main.go:7: no such module');
});

test('with nothing at all the error names every way', async () => {
  const { environment } = emptyMachine();
  const error: unknown = await findTemporalServer(silentProgress, environment).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(NoServerFound);
  for (const way of ['PIGEONFLOW_DEV_SERVER', '`temporal` command', 'Temporal SDK', 'no `go` command']) {
    expect(String(error)).toContain(way);
  }
});

test('a Go that is too old is named with the version that is needed', async () => {
  const { bin, environment } = emptyMachine();
  fakeProgram(bin, 'go', fakeGo(BUILDS, 'go1.21.3'));
  await expect(findTemporalServer(silentProgress, environment)).rejects.toThrow(/Go 1\.\d+\S* or newer.*go1\.21\.3/);
});

test('a network that swallows packets costs a few seconds, not minutes', { timeout: 30_000 }, async () => {
  const sockets: Socket[] = [];
  const silence = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => silence.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silence.close();
  });
  const address = silence.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { environment } = emptyMachine();
  const swallowed = { ...environment, HTTPS_PROXY: `http://127.0.0.1:${address.port}` };
  await expect(findTemporalServer(silentProgress, swallowed)).rejects.toThrow(NoServerFound);
  expect(sockets.length).toBeGreaterThan(0);
});

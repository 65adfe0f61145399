import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { builtOnce, cacheFolder, cacheKey } from './cache.js';
import { findOnPath, type Environment } from './find-on-path.js';
import type { Progress } from './progress.js';
import { projectRoot } from './project-root.js';
import { runTool, ToolFailed } from './run-tool.js';

const SOURCES = join(projectRoot, 'tools/temporal-server');
const BUILD_FLAGS = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w'] as const;

export type GoBuild =
  | { readonly status: 'built'; readonly path: string }
  | { readonly status: 'notBuilt'; readonly go: string; readonly folder: string; readonly environment: Environment }
  | { readonly status: 'impossible'; readonly reason: string };

/** Whether `tools/temporal-server` has been built on this machine, or can be. */
export async function lookForGoBuild(environment: Environment): Promise<GoBuild> {
  const go = findOnPath('go', environment);
  if (go === null) return { status: 'impossible', reason: 'no `go` command on the PATH' };
  const buildEnvironment = { ...environment, CGO_ENABLED: '0', GOWORK: 'off', GOTOOLCHAIN: 'local' };
  const version = await runTool(go, ['env', 'GOVERSION'], { environment: buildEnvironment }).catch(failure);
  if (version instanceof ToolFailed) return { status: 'impossible', reason: version.message };
  const wanted = /^go (\S+)$/m.exec(await readFile(join(SOURCES, 'go.mod'), 'utf8'))?.[1] ?? '0';
  if (!isAtLeast(version.replace(/^go/, ''), wanted)) {
    return { status: 'impossible', reason: `Go ${wanted} or newer is needed, ${go} is ${version}` };
  }
  const key = await cacheKey(SOURCES, [version, process.platform, process.arch, ...BUILD_FLAGS]);
  const folder = join(cacheFolder(environment), 'temporal-server', key);
  const path = binaryIn(folder);
  return existsSync(path)
    ? { status: 'built', path }
    : { status: 'notBuilt', go, folder, environment: buildEnvironment };
}

export async function buildWithGo(
  build: Extract<GoBuild, { status: 'notBuilt' }>,
  progress: Progress,
): Promise<string> {
  const folder = await progress.during(
    'Building the Temporal development server with Go (once, about 6 minutes on 2 cores)',
    () =>
      builtOnce(build.folder, async (partial) => {
        await runTool(build.go, ['build', ...BUILD_FLAGS, '-o', binaryIn(partial), '.'], {
          cwd: SOURCES,
          environment: build.environment,
        });
      }),
  );
  return binaryIn(folder);
}

function failure(error: unknown): ToolFailed {
  if (error instanceof ToolFailed) return error;
  throw error;
}

/** Compares dotted numbers; what follows them (`rc1`, ` X:…`) does not count. */
export function isAtLeast(version: string, wanted: string): boolean {
  const numbers = (text: string) => (/^\d+(\.\d+)*/.exec(text)?.[0] ?? '0').split('.').map(Number);
  const found = numbers(version);
  for (const [index, least] of numbers(wanted).entries()) {
    const part = found[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

function binaryIn(folder: string): string {
  return join(folder, 'temporal-server');
}

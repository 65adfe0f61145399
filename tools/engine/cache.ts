import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Environment } from './find-on-path.js';

const HEARTBEAT_MS = 2_000;
const ABANDONED_MS = 20_000;

/** Outside the checkout: it survives `git clean` and serves every checkout. May be deleted at any time. */
export function cacheFolder(environment: Environment): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pigeonflow');
}

/** Changes with any file of `sources` and with any of `circumstances` (tool versions, platform). */
export async function cacheKey(sources: string, circumstances: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(circumstances));
  const entries = await readdir(sources, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) {
    hash.update(`\0${file.slice(sources.length)}\0`);
    hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 24);
}

/**
 * The folder `target`, filled by `build` if nobody has yet. It is built under another name and then
 * renamed, so that it is whole or absent; the lock only spares a second process the same work.
 */
export async function builtOnce(target: string, build: (folder: string) => Promise<void>): Promise<string> {
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const unlock = await lock(`${target}.lock`);
  try {
    if (existsSync(target)) return target;
    const partial = await mkdtemp(`${target}.partial-`);
    try {
      await build(partial);
      await rename(partial, target).catch((error: unknown) => {
        if (!existsSync(target)) throw error;
      });
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return target;
  } finally {
    await unlock();
  }
}

/** A lock whose holder has died is taken over once its heartbeat has stopped. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await (await open(path, 'wx')).close();
      break;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_MS) await rm(path, { force: true });
    else await delay(250);
  }
  const heartbeat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), HEARTBEAT_MS);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

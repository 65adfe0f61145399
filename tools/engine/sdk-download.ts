import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { cacheFolder } from './cache.js';
import { startChild, type Child } from './child-process.js';
import type { Environment } from './find-on-path.js';
import type { Progress } from './progress.js';

/** A closed network may swallow packets, and the SDK's own request has no time limit. */
const FIRST_BYTE_MS = 5_000;
/** The SDK takes a download of another process over after 60 s without progress; then it is our turn to give up. */
const STALLED_MS = 90_000;
const START_MS = 30_000;

const DOWNLOADS = {
  temporal: { label: 'the Temporal CLI', file: 'temporal', create: 'createLocal' },
  timeSkipping: {
    label: "Temporal's time-skipping server",
    file: 'temporal-test-server',
    create: 'createTimeSkipping',
  },
} as const;
export type Download = keyof typeof DOWNLOADS;

/** In a process of its own: a native request that hangs can only be ended together with its process. */
const DOWNLOAD_SCRIPT = `
const [testing, create, downloadDir] = process.argv.slice(1);
const { TestWorkflowEnvironment } = (await import(testing)).default;
console.log('ready');
const environment = await TestWorkflowEnvironment[create]({
  server: { executable: { type: 'cached-download', downloadDir } },
});
await environment.teardown();
`;

/** The binary that this version of the SDK has downloaded before, by us or by its own tests, or null. */
export function downloadedBefore(what: Download, environment: Environment): string | null {
  const name = fileName(what);
  return [join(downloadFolder(environment), name), join(tmpdir(), name)].find((path) => existsSync(path)) ?? null;
}

/** Lets the SDK download its server: the path, or null where its answer does not come in a few seconds. */
export async function download(what: Download, progress: Progress, environment: Environment): Promise<string | null> {
  const folder = downloadFolder(environment);
  const path = join(folder, fileName(what));
  await mkdir(folder, { recursive: true });
  const child = await startChild(
    process.execPath,
    ['--input-type=module', '-e', DOWNLOAD_SCRIPT, testingModule(), DOWNLOADS[what].create, folder],
    { environment, graceSeconds: 1 },
  );
  try {
    await progress.during(`Asking the Temporal SDK to download ${DOWNLOADS[what].label}`, () =>
      finishedOrStuck(child, path),
    );
  } finally {
    await child.stop();
  }
  if (existsSync(path)) return path;
  progress.say('No download: the network seems closed');
  return null;
}

/** Watches the file that the SDK writes, because the SDK itself tells nothing before the end. */
async function finishedOrStuck(child: Child, path: string): Promise<void> {
  const ended = child.ended.then(() => true);
  let size = -1;
  let changed = Date.now();
  let began = false;
  while (!existsSync(path)) {
    const limit = size >= 0 ? STALLED_MS : began ? FIRST_BYTE_MS : START_MS;
    if (Date.now() - changed > limit) return;
    if (await Promise.race([ended, delay(100, false)])) return;
    const grown = statSync(`${path}.downloading`, { throwIfNoEntry: false })?.size ?? -1;
    const started = child.tail().includes('ready');
    if (grown !== size || started !== began) changed = Date.now();
    size = grown;
    began = started;
  }
}

function downloadFolder(environment: Environment): string {
  return join(cacheFolder(environment), 'sdk-download');
}

const require = createRequire(import.meta.url);

/** The SDK's name for it: `<prefix>-sdk-typescript-<version>`. */
function fileName(what: Download): string {
  const { version }: { readonly version: string } = require('@temporalio/testing/package.json');
  return `${DOWNLOADS[what].file}-sdk-typescript-${version}`;
}

function testingModule(): string {
  return pathToFileURL(require.resolve('@temporalio/testing')).href;
}

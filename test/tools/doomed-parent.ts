import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

const ENGINE = join(import.meta.dirname, '../../tools/engine');

/** A Node process of its own that imports a file of tools/engine, runs `body` and prints one pid. */
export async function doomedParent(file: string, body: string) {
  const code = `
    const { runnerImport } = await import('vite');
    const { module } = await runnerImport(${JSON.stringify(join(ENGINE, file))});
    setInterval(() => {}, 1000);
    console.log(await (async () => { ${body} })());`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const pid = await new Promise<number>((resolve) => {
    parent.stdout.once('data', (data: Buffer) => resolve(Number(data)));
  });
  return { childPid: pid, killParent: () => parent.kill('SIGKILL') };
}

/** A zombie answers signals too, where nobody reaps orphans, as in a container without an init. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

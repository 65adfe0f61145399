import { setTimeout } from 'node:timers/promises';
import { type Child, type ChildOptions, startChild } from './child-process.js';

const READY_WITHIN_MS = 60_000;

/**
 * Starts a program of Node.js, and returns when it has printed a line with this word.
 *
 * @throws Error with its last lines, when it ends before, or has not printed it after a minute: then it is killed.
 */
export async function startReadyChild(argv: readonly string[], word: string, options: ChildOptions): Promise<Child> {
  let ready: () => void = () => undefined;
  const isReady = new Promise<'ready'>((resolve) => (ready = () => resolve('ready')));
  const child = await startChild(process.execPath, argv, {
    ...options,
    onLine: (line, stream) => {
      options.onLine?.(line, stream);
      if (line.includes(word)) ready();
    },
  });
  const waiting = new AbortController();
  const tooLate = setTimeout(READY_WITHIN_MS, 'was not ready after a minute', waiting).catch(() => '');
  const outcome = await Promise.race([isReady, child.ended.then(() => 'ended before it was ready'), tooLate]);
  waiting.abort();
  if (outcome === 'ready') return child;
  await child.kill();
  throw new Error(`${argv.join(' ')} ${outcome}:\n${child.tail()}`);
}

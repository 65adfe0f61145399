import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Environment } from './find-on-path.js';
import { projectRoot } from './project-root.js';

const WITH_PARENT = join(projectRoot, 'tools/engine/with-parent.sh');
/** Enough for the stack of a Go or Java server that gives up. */
const TAIL_LINES = 200;

export interface ChildOptions {
  readonly cwd?: string;
  /** Default: this process's own. */
  readonly environment?: Environment;
  /** Between SIGTERM and SIGKILL, whole seconds. Default 5. */
  readonly graceSeconds?: number;
  /** Each line of standard output and standard error. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  /** The command's own process, also the leader of its group. */
  readonly pid: number;
  /** Resolves when the process and all that it started have ended; never rejects. */
  readonly ended: Promise<Ending>;
  /** The last lines of both streams, for error messages. */
  readonly tail: () => string;
  /** SIGTERM, then SIGKILL after the grace. */
  readonly stop: () => Promise<Ending>;
  /** SIGKILL at once, as a crash would. */
  readonly kill: () => Promise<Ending>;
}

/**
 * Starts a command that ends when this process does, even by SIGKILL (see with-parent.sh). It leads
 * a process group of its own, so Ctrl-C at the terminal reaches only this process, which stops its
 * children in the order that it wants.
 */
export async function startChild(command: string, argv: readonly string[], options: ChildOptions = {}): Promise<Child> {
  const child = spawn('/bin/sh', [WITH_PARENT, String(options.graceSeconds ?? 5), command, ...argv], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...(options.environment ?? process.env) },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  const lines: string[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[stream] }).on('line', (line) => {
      lines.push(line);
      if (lines.length > TAIL_LINES) lines.shift();
      options.onLine?.(line, stream);
    });
  }
  child.stdin.on('error', () => undefined);
  // The guard outlives the command until the pipe closes; then it also ends what the command left running.
  child.once('exit', () => child.stdin.destroy());
  const ended = new Promise<Ending>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  await once(child, 'spawn');
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} has started without a process id`);

  return {
    pid,
    ended,
    tail: () => lines.join('\n'),
    stop: () => {
      child.stdin.end();
      return ended;
    },
    kill: () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL');
      return ended;
    },
  };
}

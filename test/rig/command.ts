import { spawn, spawnSync } from 'node:child_process';
import { inject } from 'vitest';
import { COMMAND } from './build.js';
import { eventually, type Lifetime, type World } from './rig.js';

/** A `pigeonflow …` as a process of its own, under way. */
export interface RunningCommand {
  /** All of it so far; on a terminal both are one. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits until the text is on standard error, or on the terminal. Rejects when the command ends without it. */
  readonly says: (text: string | RegExp) => Promise<void>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Types keys, on a terminal. */
  readonly types: (keys: string) => void;
  readonly ended: Promise<EndedCommand>;
}

export interface EndedCommand {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Variables = Readonly<Record<string, string>>;

/** The variables with which the command finds the server, the task queues and the space of a world. */
export const variablesOf = (world: World, address = world.address): Variables => ({
  TEMPORAL_ADDRESS: address,
  PIGEONFLOW_TASK_QUEUE: world.taskQueue,
  PIGEONFLOW_INVOKE_TASK_QUEUE: world.invokeTaskQueue,
});

/** Whether there is a `script` that gives a command a terminal; that of macOS takes other arguments. */
export const HAS_TERMINAL = (spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '').includes(
  'util-linux',
);

export interface CommandOptions {
  readonly variables: Variables;
  readonly lifetime: Lifetime;
  /** `terminal` gives it a terminal of its own, by `script` of util-linux. Default `pipes`. */
  readonly on?: 'pipes' | 'terminal';
  /** What is on standard input, on pipes. Default nothing. */
  readonly input?: string;
}

/** Starts the command of the build. It is killed at the end of its test, if it has not ended by then. */
export function startCommand(
  args: readonly string[],
  { variables, lifetime, on = 'pipes', input = '' }: CommandOptions,
): RunningCommand {
  const failure = inject('buildFailure');
  if (failure !== null) throw new Error(`There is no build to start: ${failure}`);
  const argv = [process.execPath, COMMAND, ...args];
  const [file = '', ...rest] =
    on === 'pipes' ? argv : ['script', '-qefc', `exec ${argv.map(quoted).join(' ')}`, '/dev/null'];
  // Of this process nothing is passed on: a proxy or a Temporal profile of the developer is none of the test's.
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', TERM: 'xterm', SHELL: '/bin/sh', ...variables };
  const child = spawn(file, rest, { stdio: 'pipe', env });
  child.stdin.on('error', () => undefined);
  if (on === 'pipes') child.stdin.end(input);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => void (output[name] += text));
  }
  let over = false;
  const ended = new Promise<EndedCommand>((resolve) => {
    child.once('close', (code) => {
      over = true;
      resolve({ code, ...output });
    });
  });
  lifetime.onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const spoken = () => (on === 'pipes' ? output.stderr : output.stdout);
  return {
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended,
    signal: (name) => void child.kill(name),
    types: (keys) => void child.stdin.write(keys),
    async says(text) {
      const found = () => (typeof text === 'string' ? spoken().includes(text) : text.test(spoken()));
      await eventually(() => Promise.resolve(found() || over), `the command says ${String(text)}`);
      if (!found()) throw new Error(`The command ended without saying ${String(text)}:\n${spoken()}`);
    },
  };
}

export async function runCommand(args: readonly string[], options: CommandOptions): Promise<EndedCommand> {
  return await startCommand(args, options).ended;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

import { freePort } from '../../tools/engine/free-port.js';
import { inject } from 'vitest';
import { EMULATOR_TOKEN } from '../../src/emulator/emulator.js';
import { startChild, type Ending } from '../../tools/engine/child-process.js';
import { COMMAND } from './build.js';
import { eventually, type Lifetime, type World } from './rig.js';

// A test runner that is killed leaves its forks behind, to the end of their tests; our processes end with their fork.
process.once('disconnect', () => process.exit(1));

/** One JSON line of the log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

/** A real `pigeonflow worker`, which gets real signals. It ends with the test, and with the test run, however that ends. */
export interface WorkerProcess {
  readonly pid: number;
  /** Everything that it has logged so far. */
  readonly log: () => readonly LogLine[];
  /** All that it has written, lines of the log or not. */
  readonly output: () => readonly string[];
  /** The first line that matches, now or when it appears. Rejects when the process ends without it. */
  readonly logged: (matches: (line: LogLine) => boolean, what: string) => Promise<LogLine>;
  /** Answers of the health endpoint. */
  readonly health: (path: '/healthz' | '/readyz') => Promise<{ readonly status: number; readonly text: string }>;
  readonly ended: Promise<Ending>;
  /** SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<Ending>;
  /** SIGTERM; resolves with its end. */
  readonly terminate: () => Promise<Ending>;
  /** SIGSTOP and SIGCONT. */
  readonly suspend: () => void;
  readonly resume: () => void;
}

/** Starts a process with this environment and no other; does not wait until it is ready. */
export async function spawnWorker(
  environment: Readonly<Record<string, string>>,
  { onTestFinished }: Lifetime,
): Promise<WorkerProcess> {
  const failure = inject('buildFailure');
  if (failure !== null) throw new Error(`There is no build to start: ${failure}`);
  const output: string[] = [];
  const lines: LogLine[] = [];
  const child = await startChild(process.execPath, [COMMAND, 'worker'], {
    // Of this process nothing is passed on: a proxy or a Temporal profile of the developer is none of the test's.
    environment: { PATH: process.env['PATH'], HOME: '/nonexistent', ...environment },
    graceSeconds: 1,
    onLine: (line) => {
      output.push(line);
      if (line.startsWith('{')) lines.push(JSON.parse(line) as LogLine);
    },
  });
  onTestFinished(async () => void (await child.kill()));
  let over: Ending | null = null;
  void child.ended.then((ending) => (over = ending));

  const logged: WorkerProcess['logged'] = async (matches, what) => {
    const found = await eventually(
      () => Promise.resolve(lines.find(matches) ?? (over === null ? undefined : over)),
      `the worker logs ${what}`,
    );
    if (!('msg' in found)) throw new Error(`The worker ended before it logged ${what}:\n${child.tail()}`);
    return found;
  };
  return {
    pid: child.pid,
    log: () => [...lines],
    output: () => [...output],
    logged,
    ended: child.ended,
    async health(path) {
      const { healthPort } = await logged((line) => line.msg === 'starting', 'that it starts');
      const response = await fetch(`http://127.0.0.1:${String(healthPort)}${path}`);
      return { status: response.status, text: await response.text() };
    },
    kill: child.kill,
    terminate() {
      process.kill(child.pid, 'SIGTERM');
      return child.ended;
    },
    suspend: () => void process.kill(child.pid, 'SIGSTOP'),
    resume: () => void process.kill(child.pid, 'SIGCONT'),
  };
}

/** Starts a worker of this world's task queues and space, and waits until it is ready. */
export async function startWorkerProcess(
  world: World,
  environment: Readonly<Record<string, string>> = {},
): Promise<WorkerProcess> {
  const worker = await spawnWorker(
    {
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      PIGEON_BASE_URL: world.emulator.url,
      ...(environment['PIGEON_API_TOKEN_FILE'] === undefined && { PIGEON_API_TOKEN: EMULATOR_TOKEN }),
      PIGEONFLOW_TASK_QUEUE: world.taskQueue,
      PIGEONFLOW_INVOKE_TASK_QUEUE: world.invokeTaskQueue,
      PIGEONFLOW_INVOKE_RATE: '1000',
      PIGEONFLOW_HEALTH_ADDRESS: '127.0.0.1:0',
      ...environment,
    },
    world,
  );
  await isReady(worker);
  return worker;
}

export async function isReady(worker: WorkerProcess): Promise<void> {
  await worker.logged((line) => line.msg === 'ready', 'that it is ready');
}

/** Another process may take a free port before the worker does: then it starts again on another one. */
export async function onFreePort<T>(begin: (port: number) => Promise<T>, tries = 3): Promise<T> {
  try {
    return await begin(await freePort());
  } catch (error) {
    if (tries > 1 && String(error).includes('in use')) return onFreePort(begin, tries - 1);
    throw error;
  }
}

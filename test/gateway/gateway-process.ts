import { inject } from 'vitest';
import { startChild, type Ending } from '../../tools/engine/child-process.js';
import { COMMAND } from '../rig/build.js';
import { eventually, type Lifetime, type World } from '../rig/rig.js';
import type { LogLine } from '../rig/worker-process.js';

// A test runner that is killed leaves its forks behind; our processes end with their fork.
process.once('disconnect', () => process.exit(1));

/** A real `pigeonflow gateway`, which gets real signals. */
export interface GatewayProcess {
  readonly url: string;
  readonly log: () => readonly LogLine[];
  readonly logged: (matches: (line: LogLine) => boolean, what: string) => Promise<LogLine>;
  /** SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<Ending>;
  /** SIGTERM; resolves with its end. */
  readonly terminate: () => Promise<Ending>;
}

/** Starts a gateway on this port, and waits until it listens. */
export async function startGatewayProcess(
  world: Pick<World, 'taskQueue' | 'invokeTaskQueue'>,
  { keysFile, routesFile, port }: { readonly keysFile: string; readonly routesFile: string; readonly port: number },
  { onTestFinished }: Lifetime,
  environment: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const failure = inject('buildFailure');
  if (failure !== null) throw new Error(`There is no build to start: ${failure}`);
  const lines: LogLine[] = [];
  const child = await startChild(process.execPath, [COMMAND, 'gateway'], {
    environment: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      PIGEONFLOW_TASK_QUEUE: world.taskQueue,
      PIGEONFLOW_INVOKE_TASK_QUEUE: world.invokeTaskQueue,
      PIGEONFLOW_ROUTES: routesFile,
      PIGEONFLOW_GATEWAY_KEYS_FILE: keysFile,
      PIGEONFLOW_GATEWAY_ADDRESS: `127.0.0.1:${port}`,
      PIGEONFLOW_HEALTH_ADDRESS: 'off',
      ...environment,
    },
    graceSeconds: 1,
    onLine: (line) => {
      if (line.startsWith('{')) lines.push(JSON.parse(line) as LogLine);
    },
  });
  onTestFinished(async () => void (await child.kill()));
  let over = false;
  void child.ended.then(() => (over = true));
  const logged: GatewayProcess['logged'] = async (matches, what) => {
    const found = await eventually(() => Promise.resolve(lines.find(matches) ?? over), `the gateway logs ${what}`);
    if (found === true) throw new Error(`The gateway ended before it logged ${what}:\n${child.tail()}`);
    return found;
  };
  await logged(({ msg }) => msg === 'listening', 'that it listens');
  return {
    url: `http://127.0.0.1:${port}`,
    log: () => [...lines],
    logged,
    kill: child.kill,
    terminate() {
      process.kill(child.pid, 'SIGTERM');
      return child.ended;
    },
  };
}

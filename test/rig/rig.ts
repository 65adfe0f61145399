import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { tellSilence } from '../../src/client/tell-silence.js';
import { createActivities, watchSleep } from '../../src/activities/create-activities.js';
import { countOpenings } from '../../src/client/listed-incident.js';
import { grpcErrorIn } from '../../src/client/temporal-errors.js';
import { createPigeonflowClient, type PigeonCallInput, type PigeonflowClient } from '../../src/client.js';
import { OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../src/contract/names.js';
import {
  type Clock,
  clockFrom,
  type Emulator,
  EMULATOR_TOKEN,
  type EmulatorOptions,
  startEmulator,
} from '../../src/emulator/emulator.js';
import { createPigeonClient } from '../../src/pigeon/client.js';
import { KEYWORD } from '../../src/client/search-attributes.js';
import { createWorkers, type WorkerOptions } from '../../src/worker/create-workers.js';
import { connectTimeSkipping } from '../../tools/engine/time-skipping-environment.js';
import { startTimeSkippingServer } from '../../tools/engine/time-skipping-server.js';
import { CoverageOfWorkflows } from './coverage.js';
import { recordHistories } from './histories.js';
import type { Lifetime } from './lifetime.js';
import { quietRuntime } from './quiet-runtime.js';
import { SkippedTime } from './skipped-time.js';

export type { Lifetime } from './lifetime.js';

const ALREADY_EXISTS = 6;
/**
 * Longer than any timer of ours. A server lets that pass at once, unless a workflow that a test has left there is in its
 * way: its timer fires, and time stands still until a worker has answered.
 */
const LONGEST_TIMER_MS = 100 * 86_400_000;
const STANDS_STILL_MS = 500;

/** One test's world: a space of its own, and task queues of its own. */
export interface World extends Lifetime {
  /** Of the Temporal server, host:port. */
  readonly address: string;
  readonly emulator: Emulator;
  readonly pigeonflow: PigeonflowClient;
  readonly temporal: Client;
  readonly taskQueue: string;
  readonly invokeTaskQueue: string;
  /** An id for a call, which names the test. */
  readonly newId: () => string;
  /** Lets so much of the server's time pass; in an instant where it skips time. */
  readonly sleep: (ms: number) => Promise<void>;
  /** The time of the server, as that of its workers. */
  readonly now: () => number | Promise<number>;
  /** Starts workers in this process; they are stopped at the end of the test. */
  readonly startWorkers: (options?: Partial<WorkerOptions>) => Promise<RunningWorkers>;
}

export interface RunningWorkers {
  readonly stop: () => Promise<void>;
}

export interface WorldOptions extends EmulatorOptions {
  /** `none` where the test starts its own, or processes. Default `here`. */
  readonly workers?: 'here' | 'none';
  readonly token?: () => Promise<string>;
  /** Needed by concurrent tests: nothing else tells them apart. */
  readonly context?: Lifetime;
}

/**
 * Returns the way to a world for each test: `real` is on the real server, which all tests share; `timeSkipping` on a server
 * whose time jumps to the next timer while somebody waits for a result, and the emulator's with it. Each file has its own
 * of those, and another one after a test that left its time standing still, as an activity does that a workflow gave up.
 * Its time is one for all, so the tests of a file run one after another.
 * At the end of each test it fails on any telephone call that nobody expected.
 */
export function useRig(kind: 'real' | 'timeSkipping' = 'real') {
  let shared: Server | undefined;
  const codePath = kind === 'real' ? 'workflowCodePath' : 'timeSkippingWorkflowCodePath';
  let workflowCode: string | undefined;
  const coverage = new CoverageOfWorkflows();
  const cleanUps: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    // Faults are the subject of many tests: what the SDK says of them would fill the screen.
    quietRuntime();
    if (kind === 'real') shared = await realServer();
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });
  afterAll(async () => {
    coverage.merge();
    await shared?.close();
  });

  return async function world(options: WorldOptions = {}): Promise<World> {
    const { workers = 'here', token = () => Promise.resolve(EMULATOR_TOKEN), context, ...space } = options;
    const { onTestFinished }: Lifetime = context ?? { onTestFinished: (cleanUp) => void cleanUps.push(cleanUp) };
    const server = (shared ??= await timeSkippingServer());
    if (kind === 'timeSkipping') {
      onTestFinished(async () => {
        if (await server.isUsable()) return;
        shared = undefined;
        await server.close();
      });
    }
    const {
      temporal,
      clock: { clock },
    } = server;
    const now = () => clock?.now() ?? Date.now();
    const emulator = await startEmulator({ ...server.clock, ...space });
    const name = randomUUID();
    const taskQueue = `test-${name}`;
    const invokeTaskQueue = `test-${name}-invoke`;
    const ids: string[] = [];
    const sleepWatch = watchSleep();
    onTestFinished(async () => {
      sleepWatch.stop();
      await recordHistories({ temporal, workflowIds: ids, taskQueue: kind === 'real' ? taskQueue : null, context });
      await emulator.close();
      if (emulator.unexpectedCalls.length > 0) {
        throw new Error(`Nobody expected these telephone calls: ${JSON.stringify(emulator.unexpectedCalls)}`);
      }
    });
    const startWorkers = async (given: Partial<WorkerOptions> = {}): Promise<RunningWorkers> => {
      const pigeon = createPigeonClient({ baseUrl: emulator.url, token });
      workflowCode ??= readFileSync(inject(codePath), 'utf8');
      const sinks = coverage.sinks({ code: workflowCode });
      const started = await createWorkers({
        connection: server.native,
        namespace: 'default',
        taskQueue,
        invokeTaskQueue,
        serve: 'both',
        invokeRate: 1000,
        maxCachedWorkflows: 50,
        // A thread for each worker was half of the work of a test; where one works long it is worth it.
        inThisThread: inject('scale') === 'few',
        shutdownGraceMs: 500,
        activities: createActivities({
          pigeon,
          sleepWatch,
          now,
          ...(kind === 'real' && { countOpenings: (id, since) => countOpenings(temporal, id, since) }),
          tellSilence: (change) => tellSilence(temporal, taskQueue, change),
        }),
        workflowCode,
        ...(sinks !== undefined && { sinks }),
        ...given,
      });
      const running = run(started);
      let stopped: Promise<void> | undefined;
      const stop = () => (stopped ??= running.stop().then(() => pigeon.close()));
      onTestFinished(stop);
      return { stop };
    };
    if (workers === 'here') await startWorkers();
    return {
      address: server.address,
      emulator,
      pigeonflow: createPigeonflowClient(temporal, { taskQueue }),
      temporal,
      taskQueue,
      invokeTaskQueue,
      startWorkers,
      onTestFinished,
      sleep: server.sleep,
      now,
      newId: () => {
        const id = `call/${randomUUID()}`;
        ids.push(id);
        return id;
      },
    };
  };
}

interface Server {
  readonly address: string;
  readonly native: NativeConnection;
  readonly temporal: Client;
  readonly clock: { readonly clock?: Clock };
  readonly sleep: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
  /** Whether another test can use it. */
  readonly isUsable: () => Promise<boolean>;
}

async function realServer(): Promise<Server> {
  const address = inject('temporalAddress');
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const close = async () => {
    await connection.close();
    await native.close();
  };
  return {
    address,
    native,
    temporal: new Client({ connection }),
    clock: {},
    sleep: setTimeout,
    close,
    isUsable: () => Promise.resolve(true),
  };
}

async function timeSkippingServer(): Promise<Server> {
  const server = await startTimeSkippingServer(inject('timeSkippingServer'));
  const environment = await connectTimeSkipping(server.address);
  // This server keeps no list of them, but refuses one that was never added.
  await environment.connection.operatorService
    .addSearchAttributes({
      searchAttributes: Object.fromEntries([STATE_ATTRIBUTE, OWNER_ATTRIBUTE].map((name) => [name, KEYWORD])),
    })
    .catch(unlessTheyAreThere);
  const time = await SkippedTime.of(environment);
  const { workflow } = environment.client;
  const resultOf = workflow.result.bind(workflow);
  workflow.result = ((...asked: Parameters<typeof resultOf>) => time.during(resultOf(...asked))) as typeof resultOf;
  return {
    address: server.address,
    native: environment.nativeConnection,
    temporal: environment.client,
    clock: { clock: clockFrom(() => environment.currentTimeMs()) },
    sleep: (ms) => time.during(environment.sleep(ms)),
    isUsable: async () => {
      await time.unlock();
      const soon = AbortSignal.timeout(STANDS_STILL_MS);
      const passes = environment.connection.withAbortSignal(soon, () => environment.sleep(LONGEST_TIMER_MS));
      return passes.then(
        () => true,
        () => false,
      );
    },
    close: async () => {
      await environment.teardown();
      await server.stop();
    },
  };
}

/** On a server that ran before, they may be. */
function unlessTheyAreThere(error: unknown): void {
  if (grpcErrorIn(error)?.code !== ALREADY_EXISTS) throw error;
}

function run(workers: readonly Worker[]): RunningWorkers {
  const runs = workers.map((worker) => worker.run());
  return {
    stop: async () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(runs);
    },
  };
}

/** A call to one person, who must press 1; looked at every second. */
export function callTo(phoneNumber: string, more: Partial<PigeonCallInput> = {}): PigeonCallInput {
  return {
    callflow: { loopLimit: 1, contacts: [{ displayName: '田中', phones: [{ phoneNumber }] }] },
    guidance: {
      messageTemplate: '{{server}}に{{incident}}を検出しました。',
      reactions: {
        1: { behavior: 'terminate', messageTemplate: '対応をお願いします。' },
        2: { behavior: 'continue' },
        3: { behavior: 'leave' },
      },
    },
    parameters: { server: 'テスト用サーバー', incident: '軽度の障害' },
    waitTime: 1,
    ...more,
  };
}

/** Waits for a condition that only asking can tell; the limit is for a broken test, not a measurement. */
export async function eventually<T>(
  ask: () => Promise<T | undefined | false>,
  what: string,
  limitMs = 30_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await setTimeout(50);
  }
  throw new Error(
    `Waited ${limitMs} ms in vain until ${what}.${last === undefined ? '' : ` Last: ${last instanceof Error ? last.message : JSON.stringify(last)}`}`,
  );
}

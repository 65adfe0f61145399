import type { DataConverter } from '@temporalio/common';
import {
  type NativeConnection,
  Worker,
  type WorkerDeploymentOptions,
  type WorkerOptions as SdkWorkerOptions,
} from '@temporalio/worker';
import type { Activities } from '../contract/activities.js';
import type { WorkerConfig, WorkerVersion } from '../config/config.js';
import { isKnownBefore } from '../contract/patches.js';
import { type Reading, speakInBundle } from '../words/words.js';

export interface WorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly invokeTaskQueue: string;
  readonly serve: WorkerConfig['serve'];
  readonly invokeRate: number;
  readonly maxCachedWorkflows: number;
  readonly shutdownGraceMs: number;
  readonly activities: Activities;
  /** From `loadWorkflowCode`. */
  readonly workflowCode: string;
  /** From `openDataConverter`. Default: nothing is encrypted. */
  readonly dataConverter?: DataConverter;
  readonly identity?: string;
  /** Default: off. */
  readonly rollingUpgrade?: boolean;
  /** Workflows run in the thread of the process, and nothing bounds how long: for tests. Default: in a thread of their own. */
  readonly inThisThread?: boolean;
  /** Default `null`: no worker versioning. */
  readonly version?: WorkerVersion | null;
  /** Default: English, UTC. */
  readonly reading?: Reading;
  /** Further options of the SDK's worker for workflows. */
  readonly sinks?: SdkWorkerOptions['sinks'];
  /** And of both. */
  readonly interceptors?: SdkWorkerOptions['interceptors'];
}

/** The workers of one process: one for each task queue that it serves. Two, unless told otherwise. */
export async function createWorkers(options: WorkerOptions): Promise<readonly Worker[]> {
  const {
    connection,
    namespace,
    taskQueue,
    invokeTaskQueue,
    serve,
    activities,
    dataConverter = {},
    version = null,
    rollingUpgrade = false,
  } = options;
  const { invoke, ...others } = activities;
  const common = {
    connection,
    namespace,
    dataConverter,
    ...(options.identity !== undefined && { identity: options.identity }),
    ...(version !== null && { workerDeploymentOptions: deploymentOf(version) }),
    // Above the HTTP limit of 10 s: a POST that has left is read to its end before its worker goes.
    shutdownGraceTime: options.shutdownGraceMs,
    shutdownForceTime: options.shutdownGraceMs + 10_000,
    ...(options.interceptors !== undefined && { interceptors: options.interceptors }),
  };
  const workers: Worker[] = [];
  try {
    if (serve !== 'invoke') {
      workers.push(
        await Worker.create({
          ...common,
          taskQueue,
          activities: others,
          // Workflows cannot read configuration, so what they need of it is in front of their code.
          workflowBundle: {
            code: [
              // The SDK takes a stack trace of each promise: with ten frames they were a third of an incident's first task.
              'Error.stackTraceLimit = 3;',
              `globalThis.pigeonflowInvokeTaskQueue = ${JSON.stringify(invokeTaskQueue)};`,
              ...(options.reading === undefined ? [] : [speakInBundle(options.reading)]),
              `globalThis.pigeonflowIsVersioned = ${version !== null};`,
              `globalThis.pigeonflowEncodeFailures = ${dataConverter.failureConverterPath !== undefined};`,
              options.workflowCode,
              // On the line with which the code begins: its source map counts lines.
            ].join(' '),
          },
          maxCachedWorkflows: options.maxCachedWorkflows,
          ...(options.inThisThread === true && { debugMode: true }),
          ...(rollingUpgrade && { patchActivationCallback: ({ patchId }) => isKnownBefore(patchId) }),
          ...(options.sinks !== undefined && { sinks: options.sinks }),
          // With the default of 10 s, each run that a killed worker had cached waits so long for its next step.
          stickyQueueScheduleToStartTimeout: '1s',
        }),
      );
    }
    if (serve !== 'workflows') {
      workers.push(
        await Worker.create({
          ...common,
          taskQueue: invokeTaskQueue,
          activities: { invoke },
          // Pigeon limits rates. The server keeps this one for the whole queue, however many workers poll it.
          maxTaskQueueActivitiesPerSecond: options.invokeRate,
        }),
      );
    }
  } catch (error) {
    await Promise.all(workers.map(runNever));
    throw error;
  }
  return workers;
}

/** Both task queues are of one version: the POST of a run is its own version's too. */
const deploymentOf = (version: WorkerVersion): WorkerDeploymentOptions => ({
  useWorkerVersioning: true,
  version,
  defaultVersioningBehavior: 'PINNED',
});

/** A worker that was created holds its slot until it has run. */
async function runNever(worker: Worker): Promise<void> {
  await worker.runUntil(Promise.resolve());
}

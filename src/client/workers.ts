import type { Client } from '@temporalio/client';

/** `TaskQueueType` of Temporal's API, whose enums are in no package that the SDK lets others import. */
const TASK_QUEUE_TYPE = { workflows: 1, activities: 2 } as const;
/** `PENDING_ACTIVITY_STATE_SCHEDULED`: nobody has taken it. */
const SCHEDULED = 1;

/** A worker asks again after at most a minute; one that has not done so is gone, although Temporal lists it for five. */
const LISTED_MS = 75_000;

/** How many workers poll a task queue. A worker that was killed counts for up to 75 s more. */
export async function countWorkers(temporal: Client, taskQueue: string, kind: TaskKind): Promise<number> {
  return (await lookAtQueue(temporal, taskQueue, kind)).workers;
}

type TaskKind = keyof typeof TASK_QUEUE_TYPE;

/** Who serves a task queue, and since when its oldest task waits; 0 ms where none does. */
export interface QueueLook {
  readonly workers: number;
  readonly identities: readonly string[];
  readonly backlogAgeMs: number;
}

export async function lookAtQueue(temporal: Client, taskQueue: string, kind: TaskKind): Promise<QueueLook> {
  const { pollers, stats } = await temporal.workflowService.describeTaskQueue({
    namespace: temporal.options.namespace,
    taskQueue: { name: taskQueue },
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment
    taskQueueType: TASK_QUEUE_TYPE[kind],
    reportStats: true,
  });
  const since = Date.now() - LISTED_MS;
  const alive = pollers.filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > since);
  const { seconds, nanos } = stats?.approximateBacklogAge ?? {};
  const identities = [...new Set(alive.map((poller) => poller.identity ?? ''))];
  return {
    workers: identities.length,
    identities,
    backlogAgeMs: Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6,
  };
}

/** The task queue that has work of this call and that no worker polls; null when there is none. */
export async function unservedQueue(temporal: Client, callId: string): Promise<string | null> {
  const call = temporal.workflow.getHandle(callId);
  const { taskQueue, status, raw } = await call.describe();
  if ((await countWorkers(temporal, taskQueue, 'workflows')) === 0) return taskQueue;
  const untaken = raw.pendingActivities?.find((activity) => Number(activity.state) === SCHEDULED);
  if (status.name !== 'RUNNING' || untaken === undefined) return null;
  // Which queue it waits in is told by the history alone.
  const { events } = await call.fetchHistory();
  const scheduled = events?.findLast(
    ({ activityTaskScheduledEventAttributes: its }) => its?.activityId === untaken.activityId,
  );
  const queue = scheduled?.activityTaskScheduledEventAttributes?.taskQueue?.name;
  return queue && (await countWorkers(temporal, queue, 'activities')) === 0 ? queue : null;
}

/**
 * For how long a closed workflow is kept; null where the server does not say.
 *
 * @throws what Temporal's client throws.
 */
export async function retentionSeconds(temporal: Client): Promise<number | null> {
  const { config } = await temporal.workflowService.describeNamespace({ namespace: temporal.options.namespace });
  const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  return seconds > 0 ? seconds : null;
}

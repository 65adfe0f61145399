import { eventually, type World } from './rig.js';

/** Where a run stands, told by its server: tests wait for it before they kill something. */

/** Waits until an activity of the call waits in its task queue, or was handed to a worker. */
export async function activityIs(
  { temporal }: World,
  callId: string,
  activityType: string,
  state: 'scheduled' | 'started',
): Promise<void> {
  await eventually(async () => {
    const { raw } = await temporal.workflow.getHandle(callId).describe();
    const pending = raw.pendingActivities?.find((activity) => activity.activityType?.name === activityType);
    // PENDING_ACTIVITY_STATE_SCHEDULED and _STARTED of Temporal's API.
    return Number(pending?.state) === (state === 'scheduled' ? 1 : 2);
  }, `${activityType} is ${state}`);
}

type Events = NonNullable<
  Awaited<ReturnType<ReturnType<World['temporal']['workflow']['getHandle']>['fetchHistory']>>['events']
>;
type HistoryEvent = Events[number];

async function eventsOf({ temporal }: World, callId: string): Promise<readonly HistoryEvent[]> {
  return (await temporal.workflow.getHandle(callId).fetchHistory()).events ?? [];
}

/** Waits for an event of the call's history. */
export async function hasHappened(
  world: World,
  callId: string,
  matches: (event: HistoryEvent) => boolean,
  what: string,
): Promise<HistoryEvent> {
  return await eventually(async () => (await eventsOf(world, callId)).find(matches), what);
}

/** Waits until the call sleeps before a poll, and gives back the pid of the worker that has it in memory. */
export async function sleeps(world: World, callId: string): Promise<number> {
  return await eventually(async () => {
    const events = await eventsOf(world, callId);
    const taken = events.find((event) => event.activityTaskCompletedEventAttributes);
    const last = events.at(-1);
    // The second timer: the first is the deadline.
    if (taken === undefined || !last?.timerStartedEventAttributes) return undefined;
    const identity = events.findLast((event) => event.workflowTaskStartedEventAttributes)
      ?.workflowTaskStartedEventAttributes?.identity;
    return Number.parseInt(identity ?? '', 10);
  }, 'the call sleeps before a poll');
}

/** Waits until a worker process asks for POSTs: from then on the server may hand it one, whatever becomes of it. */
export async function polls({ temporal, invokeTaskQueue }: World, pid: number): Promise<void> {
  await eventually(async () => {
    const { pollers } = await temporal.workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name: invokeTaskQueue },
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- ACTIVITY; the enum's package is the SDK's own
      taskQueueType: 2,
    });
    return pollers.some((poller) => poller.identity?.startsWith(`${pid}@`));
  }, `process ${pid} polls ${invokeTaskQueue}`);
}

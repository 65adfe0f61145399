import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { CanaryInput } from '../contract/canary.js';
import { durationMs } from '../contract/duration.js';
import { CANARY } from '../contract/names.js';

/** One for each task queue. */
const scheduleId = (taskQueue: string): string => `canary/${taskQueue}`;

/** Sets the schedule up, or changes it: it can be repeated safely. */
export async function scheduleCanary(
  temporal: Client,
  taskQueue: string,
  { every, ...input }: CanaryInput & { readonly every: string },
): Promise<'made' | 'changed'> {
  const wanted = {
    spec: { intervals: [{ every: durationMs(every) }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: CANARY,
      workflowId: scheduleId(taskQueue),
      taskQueue,
      args: [input],
      staticSummary: `policy ${input.policy}`,
    },
    // What was missed while the server was down says nothing about now.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' as const },
  };
  try {
    await temporal.schedule.create({ scheduleId: scheduleId(taskQueue), ...wanted });
    return 'made';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await temporal.schedule.getHandle(scheduleId(taskQueue)).update(({ state }) => ({ ...wanted, state }));
    return 'changed';
  }
}

/** Starts one now. False: none is set up. */
export const runCanary = (temporal: Client, taskQueue: string): Promise<boolean> =>
  unlessMissing(async () => {
    await temporal.schedule.getHandle(scheduleId(taskQueue)).trigger();
    return true;
  }, false);

/** False: none was set up. */
export const removeCanary = (temporal: Client, taskQueue: string): Promise<boolean> =>
  unlessMissing(async () => {
    await temporal.schedule.getHandle(scheduleId(taskQueue)).delete();
    return true;
  }, false);

/** How the newest canary ended. */
export interface LastCanary {
  readonly workflowId: string;
  readonly status: string;
}

/** `none`: no schedule. Null: it has not run yet, or its run is forgotten. */
export const lastCanary = (temporal: Client, taskQueue: string): Promise<LastCanary | null | 'none'> =>
  unlessMissing<LastCanary | null | 'none'>(async () => {
    const { info } = await temporal.schedule.getHandle(scheduleId(taskQueue)).describe();
    const last = info.recentActions.at(-1)?.action;
    if (last === undefined) return null;
    const { workflowId, firstExecutionRunId } = last.workflow;
    try {
      const { status } = await temporal.workflow.getHandle(workflowId, firstExecutionRunId).describe();
      return { workflowId, status: status.name };
    } catch {
      return null;
    }
  }, 'none');

async function unlessMissing<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return otherwise;
    throw error;
  }
}

import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { CallingPause } from './contract/calling-pause.js';
import { callingPauseId } from './contract/names.js';

/** The pause that is on for the workers of this task queue; null: calls are placed. Needs no worker. */
export async function currentPause(temporal: Client, invokeTaskQueue: string): Promise<CallingPause | null> {
  try {
    const { status, memo, startTime } = await temporal.workflow.getHandle(callingPauseId(invokeTaskQueue)).describe();
    if (status.name !== 'RUNNING') return null;
    const text = (key: string): string => (typeof memo?.[key] === 'string' ? memo[key] : '?');
    return { by: text('by'), reason: text('reason'), since: startTime.toISOString(), until: text('until') };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

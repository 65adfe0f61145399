import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { INCIDENT, SILENCE_SIGNAL, STATE_ATTRIBUTE } from '../contract/names.js';
import type { SilenceChange } from '../contract/silence-schema.js';
import { withoutKeys } from './without-keys.js';

/** All that is snoozed on this task queue hears of it: what another silence or a person holds does nothing. */
export async function tellSilence(temporal: Client, taskQueue: string, change: SilenceChange): Promise<void> {
  const open = `WorkflowType = '${INCIDENT}' AND ExecutionStatus = 'Running' AND ${STATE_ATTRIBUTE} = 'snoozed'`;
  const query = `${open} AND TaskQueue = '${taskQueue.replaceAll("'", "\\'")}'`;
  const found = new Set<string>();
  await withoutKeys(temporal, async (workflow) => {
    for await (const { workflowId } of workflow.list({ query })) found.add(workflowId);
  });
  const workflowIds = [...found];
  for (let begin = 0; begin < workflowIds.length; begin += AT_ONCE) {
    await Promise.all(
      workflowIds.slice(begin, begin + AT_ONCE).map(async (workflowId) => {
        try {
          await temporal.workflow.getHandle(workflowId).signal(SILENCE_SIGNAL, change);
        } catch (error) {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }
      }),
    );
  }
}

const AT_ONCE = 20;

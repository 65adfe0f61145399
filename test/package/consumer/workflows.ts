import { executeChild, workflowInfo } from '@temporalio/workflow';
import type { PigeonCallInput } from 'pigeonflow/contract';
import { pigeonCall } from 'pigeonflow/workflows';
import { INVOKE_TASK_QUEUE } from './queues.js';

export { pigeonCall };

// Where this team's workers serve the POST; without it, that of pigeonflow's own workers.
Object.assign(globalThis, { pigeonflowInvokeTaskQueue: INVOKE_TASK_QUEUE });

/** A workflow of another team that branches on the pressed key. */
export async function askBeforeRestart(input: PigeonCallInput): Promise<'restart' | 'leave it'> {
  const call = await executeChild(pigeonCall, { workflowId: `${workflowInfo().workflowId}/call`, args: [input] });
  return call.outcome === 'answered' && call.keyInput === '1' ? 'restart' : 'leave it';
}

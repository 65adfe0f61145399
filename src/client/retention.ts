import type { Client } from '@temporalio/client';
import { translated } from './temporal-errors.js';

/** For how long a closed workflow is kept; null where the server does not say. */
export async function retentionSeconds(temporal: Client): Promise<number | null> {
  try {
    const { config } = await temporal.workflowService.describeNamespace({ namespace: temporal.options.namespace });
    const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    return seconds > 0 ? seconds : null;
  } catch (error) {
    throw translated(error, temporal, null);
  }
}

import type { Client } from '@temporalio/client';

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

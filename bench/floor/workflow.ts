/** The floor: the least that Temporal can do for one POST. */
import { proxyActivities } from '@temporalio/workflow';
import type { FloorActivities } from './activities.js';

const { post } = proxyActivities<FloorActivities>({ startToCloseTimeout: '15s', retry: { maximumAttempts: 1 } });

export async function floor(body: unknown): Promise<unknown> {
  return post(body);
}

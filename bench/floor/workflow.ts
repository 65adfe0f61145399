/** The floor: the least that Temporal can do for one POST. */
import { proxyActivities, sleep } from '@temporalio/workflow';
import type { FloorActivities } from './activities.js';
import { FLOOR_POSTS } from './queue.js';

const { post } = proxyActivities<FloorActivities>({ startToCloseTimeout: '15s', retry: { maximumAttempts: 1 } });

export async function floor(body: unknown): Promise<unknown> {
  return post(body);
}

const { post: postElsewhere } = proxyActivities<FloorActivities>({
  startToCloseTimeout: '15s',
  retry: { maximumAttempts: 1 },
  taskQueue: FLOOR_POSTS,
});

/** The same with the activity on a queue of its own, as the product has it: Temporal hands out a second task. */
export async function floorOnTwoQueues(body: unknown): Promise<unknown> {
  return postElsewhere(body);
}

/** What a key starts, in the benchmark of changed alerts: it runs until it is cancelled. */
export async function repair(): Promise<void> {
  await sleep('2h');
}

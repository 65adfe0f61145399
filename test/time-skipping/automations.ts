import { ApplicationFailure, condition, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { RunBehaviour } from '../../src/simulate/behaviour.js';

const { whatHappens } = proxyActivities<{ whatHappens: (workflow: string) => Promise<RunBehaviour> }>({
  startToCloseTimeout: '10s',
});

/** A workflow of another team, which does what the script says of it. */
export async function restartWeb(): Promise<void> {
  const behaviour = await whatHappens(workflowInfo().workflowType);
  if (behaviour.kind === 'hangs') await condition(() => false);
  else await sleep(behaviour.afterMs);
  if (behaviour.kind === 'fails') throw ApplicationFailure.nonRetryable('as the script says');
}

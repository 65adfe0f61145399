/** Workflows of other teams, which know of pigeonflow its contract alone. */
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  executeChild,
  getExternalWorkflowHandle,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';

/** Ends well, and returns what it was given. */
export async function repair(given: unknown): Promise<unknown> {
  await sleep(100);
  return given;
}

/** Ends well, by the signal `done`. */
export async function repairsUntilTold(): Promise<void> {
  let isDone = false;
  setHandler(defineSignal('done'), () => void (isDone = true));
  await condition(() => isDone);
}

export async function failsToRepair(): Promise<never> {
  await sleep(100);
  throw ApplicationFailure.nonRetryable('the disk is beyond repair');
}

export async function repairsForHours(): Promise<void> {
  await sleep('5h');
}

/** Finishes what it has begun, no matter who cancels it. */
export async function tidiesUp(): Promise<string> {
  await CancellationScope.current().cancelRequested.catch(() => undefined);
  await CancellationScope.nonCancellable(() => sleep(2_000));
  return 'tidied up';
}

/** Asks people, and branches on the key that was pressed. */
export async function deployWhenAllowed(incident: unknown, taskQueue: string): Promise<string> {
  const { state, keyInput, owner } = (await executeChild('incident', {
    workflowId: `incident/${workflowInfo().workflowId}`,
    taskQueue,
    args: [incident],
  })) as { state: string; keyInput: string | null; owner: { by: string } | null };
  if (state !== 'acknowledged') return `nobody was reached: ${state}`;
  return keyInput === '1' ? `deployed, as ${owner?.by} said` : `not deployed, as ${owner?.by} said`;
}

/** Opens an incident, and says something to it a second later. */
export async function opensAndSignals(incident: unknown, taskQueue: string, signal: string): Promise<unknown> {
  const child = await startChild('incident', {
    workflowId: `incident/${workflowInfo().workflowId}`,
    taskQueue,
    args: [incident],
  });
  await sleep(1_000);
  await getExternalWorkflowHandle(child.workflowId).signal(signal, { by: 'deploy-bot' });
  return child.result();
}

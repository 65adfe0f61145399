import { setTimeout } from 'node:timers/promises';
import { isGrpcServiceError, ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
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
    if (isServiceError(error)) throw error;
    return await unreadablePause(temporal, invokeTaskQueue);
  }
}

const isServiceError = (error: unknown): boolean => error instanceof ServiceError || isGrpcServiceError(error);

/** Its words are encrypted with a key that is missing here. It is a pause all the same. */
async function unreadablePause(temporal: Client, invokeTaskQueue: string): Promise<CallingPause | null> {
  const { workflowExecutionInfo } = await temporal.workflowService.describeWorkflowExecution({
    namespace: temporal.options.namespace,
    execution: { workflowId: callingPauseId(invokeTaskQueue) },
  });
  if (Number(workflowExecutionInfo?.status) !== RUNNING) return null;
  const since = new Date(Number(workflowExecutionInfo?.startTime?.seconds ?? 0) * 1000).toISOString();
  return { by: '?', reason: 'encrypted with a key that is missing here', since, until: '?' };
}

/** `WORKFLOW_EXECUTION_STATUS_RUNNING` */
const RUNNING = 1;

/** Within this time a worker knows of a pause that begins or ends. */
export const PAUSE_KNOWN_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 1_000;
/** A pause that cannot be looked for any more silences nobody: rather a call too many than none. */
const BELIEVED_FOR_MS = 60_000;

export interface PauseWatch {
  /** As it was known last. */
  readonly current: () => CallingPause | null;
  readonly stop: () => void;
}

/** Looks every second, so that no request to call has to wait for the answer. Begins with a first look. */
export async function watchPause(
  look: () => Promise<CallingPause | null>,
  failed: (error: unknown) => void,
): Promise<PauseWatch> {
  const stopped = new AbortController();
  let known: { readonly pause: CallingPause | null; readonly at: number } = { pause: null, at: 0 };
  const lookOnce = async () => {
    try {
      known = { pause: await look(), at: Date.now() };
    } catch (error) {
      if (stopped.signal.aborted || Date.now() - known.at < BELIEVED_FOR_MS) return;
      if (known.at > 0) failed(error);
      known = { pause: null, at: 0 };
    }
  };
  const goOn = async () => {
    while (!stopped.signal.aborted) {
      await setTimeout(LOOK_EVERY_MS, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
      if (!stopped.signal.aborted) await lookOnce();
    }
  };
  await lookOnce();
  void goOn();
  return { current: () => known.pause, stop: () => stopped.abort() };
}

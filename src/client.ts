import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import { handleOf, type PigeonCallHandle } from './client/call-handle.js';
import { CallInputInvalid, InvalidCallId } from './client/errors.js';
import { translated } from './client/temporal-errors.js';
import { checkPigeonCallInput } from './contract/check-input.js';
import { DEFAULT_TASK_QUEUE, PIGEON_CALL } from './contract/names.js';
import type { PigeonCallInput } from './contract/pigeon-call-schema.js';

export type { PigeonCallHandle, WaitOptions } from './client/call-handle.js';
export * from './client/errors.js';
export type { PigeonCallInput, PigeonCallResult, PigeonCallStatus } from './contract/pigeon-call-schema.js';

export interface StartedCall extends PigeonCallHandle {
  /** `before`: this id was used already, so nothing was started and this is the handle of that call. */
  readonly started: 'now' | 'before';
}

export interface PigeonflowClient {
  /**
   * Starts `pigeonCall`, once for each id: a second start with the same id, also long after, places no second call and
   * gives the handle of the first. So a start whose answer was lost may be repeated.
   *
   * @param callId 1 to 200 bytes, the caller's own.
   * @throws InvalidCallId, CallInputInvalid, TemporalUnreachable or TemporalRefused; nothing was started by the first two.
   *   CallNotFound when a workflow of another kind has this id.
   */
  startCall(callId: string, input: PigeonCallInput): Promise<StartedCall>;
  /** The handle of a call that was started before. */
  call(callId: string): PigeonCallHandle;
}

/** 200 bytes leave room for the ids and references that are made from it, whatever database Temporal runs on. */
const LONGEST_ID_BYTES = 200;
/** The SDK repeats a start by itself where that is safe; a server that is away must not hold the caller for ever. */
const START_WITHIN_MS = 20_000;

/** @param options.taskQueue where the workers poll; `pigeonflow` unless they were told otherwise. */
export function createPigeonflowClient(
  temporal: Client,
  options: { readonly taskQueue?: string } = {},
): PigeonflowClient {
  return {
    call: (callId) => handleOf(temporal, callId),

    async startCall(callId, input) {
      const bytes = Buffer.byteLength(callId);
      if (bytes === 0 || bytes > LONGEST_ID_BYTES) throw new InvalidCallId(bytes, LONGEST_ID_BYTES);
      const checked = checkPigeonCallInput(input);
      if (!checked.ok) throw new CallInputInvalid(checked.errors);
      const call = handleOf(temporal, callId);
      try {
        await temporal.withDeadline(Date.now() + START_WITHIN_MS, () =>
          temporal.workflow.start(PIGEON_CALL, {
            workflowId: callId,
            taskQueue: options.taskQueue ?? DEFAULT_TASK_QUEUE,
            args: [input],
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          }),
        );
        return { ...call, started: 'now' };
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw translated(error, temporal, callId);
        await call.isOver(); // throws when it is a workflow of another kind
        return { ...call, started: 'before' };
      }
    },
  };
}

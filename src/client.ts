import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { CHECK_SIGNAL, DEFAULT_TASK_QUEUE, STATUS_QUERY } from './contract/names.js';
import type { PigeonCallInput, PigeonCallResult, PigeonCallStatus } from './contract/pigeon-call-schema.js';

export type { PigeonCallInput, PigeonCallResult, PigeonCallStatus } from './contract/pigeon-call-schema.js';

/** 200 bytes leave room for the ids and references that are made from it, whatever database Temporal runs on. */
const LONGEST_ID_BYTES = 200;

/** The id of a call is empty or longer than 200 bytes; nothing was started. */
export class InvalidCallId extends Error {
  override readonly name = 'InvalidCallId';
  constructor(id: string) {
    super(
      `The id of a call must have 1 to ${LONGEST_ID_BYTES} bytes, and this one has ${Buffer.byteLength(id)}: shorten or hash it`,
    );
  }
}

/** One call, running or over. */
export interface PigeonCallHandle {
  readonly callId: string;
  /** Resolves when the call is over. @throws WorkflowFailedError when it was cancelled, refused or its input was wrong. */
  wait(): Promise<PigeonCallResult>;
  /** What is happening now; needs a worker. */
  status(): Promise<PigeonCallStatus>;
  /** Has the result looked at now instead of at the next poll. */
  check(): Promise<void>;
  /** Asks to hang up: the call then closes as cancelled, which `wait` throws. */
  hangUp(): Promise<void>;
}

export interface PigeonflowClient {
  /**
   * Starts `pigeonCall`, once for each id: a second start with the same id, also long after, places no second call and
   * gives the handle of the first.
   *
   * @param callId 1 to 200 bytes, the caller's own.
   * @throws InvalidCallId
   */
  startCall(callId: string, input: PigeonCallInput): Promise<PigeonCallHandle>;
  /** The handle of a call that was started before. */
  call(callId: string): PigeonCallHandle;
}

/** @param options.taskQueue where the workers poll; `pigeonflow` unless they were told otherwise. */
export function createPigeonflowClient(
  temporal: Client,
  options: { readonly taskQueue?: string } = {},
): PigeonflowClient {
  const call = (callId: string) => handleOf(temporal.workflow.getHandle(callId));
  return {
    call,
    async startCall(callId, input) {
      const bytes = Buffer.byteLength(callId);
      if (bytes === 0 || bytes > LONGEST_ID_BYTES) throw new InvalidCallId(callId);
      try {
        await temporal.workflow.start('pigeonCall', {
          workflowId: callId,
          taskQueue: options.taskQueue ?? DEFAULT_TASK_QUEUE,
          args: [input],
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      return call(callId);
    },
  };
}

function handleOf(workflow: WorkflowHandle): PigeonCallHandle {
  return {
    callId: workflow.workflowId,
    wait: async () => (await workflow.result()) as PigeonCallResult,
    status: () => workflow.query<PigeonCallStatus>(STATUS_QUERY),
    check: () => workflow.signal(CHECK_SIGNAL),
    hangUp: async () => {
      await workflow.cancel();
    },
  };
}

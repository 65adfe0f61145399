import type { Client, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { FailureType } from '../contract/names.js';
import {
  CallCancelled,
  CallFailed,
  CallInputInvalid,
  CallNotFound,
  CallRefused,
  CallTerminated,
  type PigeonflowError,
} from './errors.js';
import { problemsIn, type Subject } from './temporal-errors.js';

export const callSubject = ({ options }: Pick<Client, 'options'>, callId: string): Subject => ({
  noSuch: (why = '') =>
    new CallNotFound(
      `There is no call ${callId} in the namespace ${options.namespace}${why}. Check the id and TEMPORAL_NAMESPACE.`,
    ),
  endedBy: (failure) => endedBy(failure, callId),
});

/** How a call ended that gave no result. The failure itself is the `cause`. */
function endedBy(error: WorkflowFailedError, callId: string): PigeonflowError {
  const { cause } = error;
  if (cause instanceof CancelledFailure) return new CallCancelled(callId, { cause });
  if (cause instanceof TerminatedFailure) return new CallTerminated(callId, { cause });
  if (cause instanceof ApplicationFailure && cause.type === FailureType.PigeonRefused) {
    return new CallRefused(`Pigeon refused the call ${callId}: ${cause.message}`, { cause });
  }
  if (cause instanceof ApplicationFailure && cause.type === FailureType.InvalidInput) {
    return new CallInputInvalid(problemsIn(cause), { cause });
  }
  return new CallFailed(callId, cause?.message ?? error.message, { cause });
}

import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { checkPigeonCallInput } from '../../contract/check-input.js';
import { FailureType } from '../../contract/names.js';
import { Call, type CallHost, type CallProgress } from './call.js';

/**
 * Checks the input and takes up the call, new or continued.
 *
 * @throws ApplicationFailure `InvalidInput`, naming each field; also for a second attempt by a workflow retry policy,
 *   which would call twice.
 */
export function openCall(input: unknown, carried: CallProgress | undefined, host: CallHost): Call {
  const { attempt, workflowId, firstExecutionRunId, continuedFromExecutionRunId } = workflowInfo();
  if (attempt > 1) {
    throw ApplicationFailure.nonRetryable(
      'This run was started again by a workflow retry policy, which would place the call a second time. Start pigeonCall without a retry policy.',
      FailureType.InvalidInput,
    );
  }
  const checked = checkPigeonCallInput(input);
  if (!checked.ok) {
    throw ApplicationFailure.nonRetryable(
      `The input of pigeonCall is not valid: ${checked.errors.join('; ')}`,
      FailureType.InvalidInput,
      checked.errors,
    );
  }
  // Only a run that was continued carries progress of ours; what a caller puts there is not looked at.
  const progress = continuedFromExecutionRunId === undefined ? undefined : carried;
  return new Call(
    checked.input,
    workflowId,
    firstExecutionRunId,
    progress ?? Call.begin(checked.input, Date.now()),
    host,
  );
}

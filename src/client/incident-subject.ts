import type { Client, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, TerminatedFailure } from '@temporalio/common';
import { FailureType } from '../contract/names.js';
import {
  type PigeonflowError,
  IncidentFailed,
  IncidentInputInvalid,
  IncidentNotFound,
  IncidentTerminated,
} from './errors.js';
import { problemsIn, type Subject } from './temporal-errors.js';

export const incidentSubject = ({ options }: Pick<Client, 'options'>, incidentId: string): Subject => ({
  noSuch: (why = '') =>
    new IncidentNotFound(
      `There is no incident ${incidentId} in the namespace ${options.namespace}${why}. Check the id and TEMPORAL_NAMESPACE; pigeonflow incident list shows all.`,
    ),
  endedBy: (failure) => endedBy(failure, incidentId),
});

/** How an incident ended that gave no result. The failure itself is the `cause`. */
function endedBy(error: WorkflowFailedError, incidentId: string): PigeonflowError {
  const { cause } = error;
  if (cause instanceof TerminatedFailure) return new IncidentTerminated(incidentId, { cause });
  if (cause instanceof ApplicationFailure && cause.type === FailureType.InvalidInput) {
    return new IncidentInputInvalid(problemsIn(cause), { cause });
  }
  return new IncidentFailed(incidentId, cause?.message ?? error.message, { cause });
}

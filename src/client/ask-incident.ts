import { setTimeout } from 'node:timers/promises';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { IncidentAnswer } from '../contract/incident-schema.js';
import { FailureType } from '../contract/names.js';
import { IncidentInputInvalid } from './incident-errors.js';
import { incidentSubject } from './incident-subject.js';
import { whyNoAnswer } from './no-answer.js';
import { grpcErrorIn, problemsIn } from './temporal-errors.js';

export type PersonsUpdate = 'acknowledge' | 'resolve' | 'escalate' | 'snooze' | 'hangUp';

/**
 * Asks an incident that runs, and waits for its answer until `deadline` (epoch milliseconds). An update that no worker
 * has taken by then is lost, and may be asked again.
 *
 * @returns `gone` when it closed meanwhile, or there is none; `unchanged` from `alert` alone.
 * @throws IncidentInputInvalid, NoWorker, NoAnswer, TemporalUnreachable, TemporalRefused
 */
export async function askIncident(
  temporal: Client,
  incidentId: string,
  update: PersonsUpdate | 'alert',
  argument: object,
  deadline: number,
): Promise<IncidentAnswer | 'gone' | 'unchanged'> {
  const workflow = temporal.workflow.getHandle(incidentId);
  try {
    return await temporal.withDeadline(deadline, () =>
      workflow.executeUpdate<IncidentAnswer, [object]>(update, { args: [argument] }),
    );
  } catch (error) {
    if (wasThrownAway(error) && Date.now() < deadline) {
      await setTimeout(ASK_AGAIN_AFTER_MS);
      return askIncident(temporal, incidentId, update, argument, deadline);
    }
    if (error instanceof WorkflowNotFoundError) return 'gone';
    const refusal = error instanceof WorkflowUpdateFailedError ? error.cause : null;
    if (refusal instanceof ApplicationFailure) {
      if (refusal.type === FailureType.AlertUnchanged) return 'unchanged';
      if (refusal.type === FailureType.InvalidInput) {
        throw new IncidentInputInvalid(problemsIn(refusal), { cause: error });
      }
    }
    throw await whyNoAnswer(error, temporal, incidentId, incidentSubject(temporal, incidentId));
  }
}

/**
 * An update that ends the incident in the instant in which something else happens to it: the server throws away what the
 * worker had answered, update and all, and lets the worker answer the rest.
 */
function wasThrownAway(error: unknown): boolean {
  return grpcErrorIn(error)?.code === FAILED_PRECONDITION;
}

const FAILED_PRECONDITION = 9;
const ASK_AGAIN_AFTER_MS = 100;

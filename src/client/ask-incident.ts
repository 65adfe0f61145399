import { setTimeout } from 'node:timers/promises';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { IncidentAnswer, IncidentStatus } from '../contract/incident-schema.js';
import { FailureType, STATUS_QUERY } from '../contract/names.js';
import { EXTERNAL } from '../incident/events.js';
import { IncidentInputInvalid } from './errors.js';
import { grpcErrorIn, incidentSubject, problemsIn } from './temporal-errors.js';
import { whyNoAnswer } from './no-answer.js';

export type PersonsUpdate = 'acknowledge' | 'resolve' | 'escalate' | 'snooze' | 'hangUp';

/**
 * Asks an incident that runs, and waits for its answer until `deadline` (epoch milliseconds). An update that no worker
 * has taken by then is lost, and may be asked again. What the state does not allow fails, or is answered by a worker of an
 * earlier version: an answer either way.
 *
 * @returns `gone` when it closed meanwhile, or there is none; `unchanged` and `tooManyChanges` from `alert` alone.
 * @throws IncidentInputInvalid, NoWorker, NoAnswer, TemporalUnreachable, TemporalRefused
 */
export async function askIncident(
  temporal: Client,
  incidentId: string,
  update: PersonsUpdate | 'alert',
  argument: object,
  deadline: number,
): Promise<IncidentAnswer | 'gone' | 'unchanged' | 'tooManyChanges'> {
  const workflow = temporal.workflow.getHandle(incidentId);
  let error: unknown;
  for (let refusals = 1; ; refusals += 1) {
    try {
      return await temporal.withDeadline(deadline, () =>
        workflow.executeUpdate<IncidentAnswer, [object]>(update, { args: [argument] }),
      );
    } catch (caught) {
      error = caught;
    }
    const grpc = grpcErrorIn(error);
    if (grpc?.code !== FAILED_PRECONDITION) break;
    const isFull = UPDATES_ARE_USED_UP.test(grpc.details);
    if (isFull || refusals >= MAX_REFUSALS || Date.now() + RETRY_INTERVAL_MS >= deadline) {
      if (update === 'alert') {
        if (isFull) return 'tooManyChanges';
        break;
      }
      return await askBySignal(temporal, incidentId, update, argument, deadline);
    }
    await setTimeout(RETRY_INTERVAL_MS);
  }
  if (error instanceof WorkflowNotFoundError) return 'gone';
  const refusal = error instanceof WorkflowUpdateFailedError ? error.cause : null;
  if (refusal instanceof ApplicationFailure) {
    if (refusal.type === FailureType.NotAccepted && isAnswer(refusal.details?.[0])) return refusal.details[0];
    if (refusal.type === FailureType.AlertUnchanged) return 'unchanged';
    if (refusal.type === FailureType.TooManyChanges) return 'tooManyChanges';
    if (refusal.type === FailureType.InvalidInput) {
      throw new IncidentInputInvalid(problemsIn(refusal), { cause: error });
    }
  }
  throw await whyNoAnswer(error, temporal, incidentId, incidentSubject(temporal, incidentId));
}

const isAnswer = (detail: unknown): detail is IncidentAnswer =>
  typeof detail === 'object' && detail !== null && 'accepted' in detail && 'message' in detail;

/**
 * The way that is left where the server takes no more updates in this run: the signal of the same name, which nobody
 * answers. What became of it is read from the state that follows.
 */
async function askBySignal(
  temporal: Client,
  incidentId: string,
  update: PersonsUpdate,
  argument: object,
  deadline: number,
): Promise<IncidentAnswer | 'gone'> {
  const workflow = temporal.workflow.getHandle(incidentId);
  try {
    return await temporal.withDeadline(deadline, async () => {
      await workflow.signal<[object]>(update, argument);
      // A query sees all that came before it.
      return answerBySignal(update, argument, await workflow.query<IncidentStatus>(STATUS_QUERY));
    });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    throw await whyNoAnswer(error, temporal, incidentId, incidentSubject(temporal, incidentId));
  }
}

/** What an update is answered of which only the state that follows is known. Pure. */
export function answerBySignal(
  update: PersonsUpdate,
  { by }: { readonly by?: string | null },
  { state, owner, since, message }: Pick<IncidentStatus, 'state' | 'owner' | 'since' | 'message'>,
): IncidentAnswer {
  const became: Readonly<Record<PersonsUpdate, boolean>> = {
    acknowledge: owner?.by === (by ?? EXTERNAL),
    resolve: state === 'resolved',
    escalate: owner === null && (state === 'triggered' || state === 'blocked'),
    snooze: state === 'snoozed',
    // Nothing in the state tells it from before.
    hangUp: true,
  };
  const accepted = became[update];
  return {
    accepted,
    state,
    owner,
    since,
    message: `${message} (Asked by signal: the incident takes no more updates.)`,
  };
}

/** What the server says when a run has taken all of the updates that it takes. */
const UPDATES_ARE_USED_UP = /limit on the total number of distinct updates/i;

/**
 * Code 9 is also an update that ends the incident in the instant in which something else happens to it: the server throws
 * away what the worker had answered, update and all, and lets the worker answer the rest. Asked again it is answered.
 */
const FAILED_PRECONDITION = 9;
const MAX_REFUSALS = 20;
const RETRY_INTERVAL_MS = 100;

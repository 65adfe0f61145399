import { WorkflowFailedError, type Client } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { IncidentResult } from '../contract/incident-schema.js';
import { INCIDENT } from '../contract/names.js';
import { NEVER_BEGUN, type ClosedIncident } from './closed-incident.js';
import { incidentSubject } from './incident-subject.js';
import { listedOf, type ListedIncident } from './listed-incident.js';
import { translated } from './temporal-errors.js';
import { withoutKeys } from './without-keys.js';

/** What the server knows of an incident: it needs no worker. */
export interface Look {
  readonly run: string;
  readonly listed: ListedIncident;
  /** Null while it is open. */
  readonly closedAt: Date | null;
}

/** @throws IncidentNotFound, also for a workflow of another kind; TemporalUnreachable, TemporalRefused */
export async function lookAtIncident(temporal: Client, incidentId: string): Promise<Look> {
  const subject = incidentSubject(temporal, incidentId);
  try {
    const seen = await withoutKeys(temporal, (workflow) => workflow.getHandle(incidentId).describe());
    if (seen.type !== INCIDENT) throw subject.noSuch(`: the workflow of this id is of the type ${seen.type}`);
    // Should a description lack the time of its close, the incident is closed all the same.
    const closedAt = seen.status.name === 'RUNNING' ? null : (seen.closeTime ?? seen.startTime);
    return { run: seen.runId, listed: listedOf(seen), closedAt };
  } catch (error) {
    throw translated(error, temporal, subject);
  }
}

/**
 * The result of this run and its continuations, as soon as there is one.
 *
 * @throws IncidentTerminated, IncidentInputInvalid or IncidentFailed when it ended without one.
 */
export async function resultOfRun(temporal: Client, incidentId: string, run: string): Promise<IncidentResult> {
  try {
    return await (temporal.workflow.getHandle(incidentId, run).result() as Promise<IncidentResult>);
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure) return NEVER_BEGUN;
    throw translated(error, temporal, incidentSubject(temporal, incidentId));
  }
}

/** Null while it is open. */
export async function closedIncident(
  temporal: Client,
  { run, listed, closedAt }: Look,
): Promise<ClosedIncident | null> {
  if (closedAt === null) return null;
  return { result: await resultOfRun(temporal, listed.incidentId, run), closedAt };
}

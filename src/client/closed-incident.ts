import { WorkflowFailedError, type Client } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type {
  IncidentAnswer,
  IncidentResult,
  IncidentStatus,
  IncidentTimeline,
  TimelineItem,
} from '../contract/incident-schema.js';
import { INCIDENT } from '../contract/names.js';
import { EXTERNAL } from '../incident/events.js';
import { words } from '../words/words.js';
import type { PersonsUpdate } from './ask-incident.js';
import { incidentSubject, translated } from './temporal-errors.js';
import { listedOf, type ListedIncident } from './listed-incident.js';
import { withoutKeys } from './without-keys.js';

/** What a closed incident still says: from its result, so that it can be read when no worker lives. */

export interface ClosedIncident {
  readonly result: IncidentResult;
  readonly closedAt: Date;
}

/** What an update is answered that came too late: as the incident itself answers while it still hangs up. */
export function answerOfClosed(
  { result, closedAt }: ClosedIncident,
  update: PersonsUpdate,
  by: string | null | undefined,
): IncidentAnswer {
  const { state, owner } = result;
  const isSoAlready =
    (update === 'resolve' && state === 'resolved') ||
    (update === 'acknowledge' && state === 'acknowledged' && owner?.by === (by ?? EXTERNAL));
  const since = closedAt.toISOString();
  const message = words().answers.tooLate(state, Math.max(0, Date.now() - closedAt.getTime()));
  return { accepted: isSoAlready, state, owner, since, message };
}

export function statusOfClosed({ result, closedAt }: ClosedIncident, listed: ListedIncident): IncidentStatus {
  const { state, owner, placedCalls, timeline } = result;
  const placed = lastOf(timeline, 'callsPlaced');
  const began = lastOf(timeline, 'levelBegan');
  const attempts = placed?.['attempts'];
  return {
    state,
    since: closedAt.toISOString(),
    message: words().incident.over(state, placedCalls),
    next: words().general.nothing,
    owner,
    summary: listed.summary,
    severity: listed.severity as IncidentStatus['severity'],
    policy: listed.policy,
    level: numberIn(began?.['level']) ?? result.levels.length,
    step: typeof began?.['step'] === 'string' ? began['step'] : (result.levels.at(-1)?.step ?? ''),
    attempt: numberIn(placed?.['attempt']) ?? 1,
    attempts: attempts === 'unlimited' ? attempts : (numberIn(attempts) ?? 1),
    ringing: [],
    nextAt: null,
    placedCalls,
    result,
  };
}

export function timelineOfClosed({ result: { timeline } }: ClosedIncident): IncidentTimeline {
  const counts: Record<string, number> = {};
  for (const { kind } of timeline) counts[kind] = (counts[kind] ?? 0) + 1;
  return { entries: [...timeline], counts };
}

/** Cancelled before a worker had taken it up: nobody was called. */
const NEVER_BEGUN: IncidentResult = {
  state: 'cancelled',
  owner: null,
  keyInput: null,
  alsoAcknowledged: [],
  levels: [],
  placedCalls: 0,
  timeline: [],
};

const lastOf = (timeline: readonly TimelineItem[], kind: string): TimelineItem | undefined =>
  timeline.findLast((entry) => entry.kind === kind);
const numberIn = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

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
    // Should a description lack the time of its close, the incident is closed anyway.
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

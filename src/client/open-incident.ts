import { setTimeout } from 'node:timers/promises';
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
} from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { AlertInput, AlertUpdateInput, IncidentInput } from '../contract/incident-schema.js';
import { INCIDENT, NOBODY, OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../contract/names.js';
import { severityOf } from '../contract/severity.js';
import { checkIncidentInput } from '../incident/check-incident.js';
import { currentHold, holdsOf } from '../incident/hold.js';
import { askIncident } from './ask-incident.js';
import { NoAnswer, IncidentInputInvalid, IncidentStillClosing } from './errors.js';
import { firstBytes, incidentId } from './incident-id.js';
import { incidentHandle, type IncidentHandle } from './incident-handle.js';
import { incidentSubject, translated } from './temporal-errors.js';

export interface OpenOptions {
  /** By what name the id is readable, and alerts of the same key are told apart; default: the name of the policy. */
  readonly route?: string;
  /** For how long Temporal, an earlier incident that still hangs up, or a worker is waited for. Milliseconds; default 30,000. */
  readonly timeLimitMs?: number;
  /** Ids of incidents: the first that is open is told of the alert, and none is opened. Default none. */
  readonly instead?: readonly string[];
}

export interface ReportedIncident extends IncidentHandle {
  /**
   * What the alert came to: a new incident is open; it was open already and nothing is new (`known`), or the alert has
   * changed, and counts from the next call on.
   */
  readonly reported: 'opened' | 'known' | 'changed';
  /**
   * With `known`: what has changed was not taken, since the incident has changed too often for now. It continues as it was;
   * report the newest again in a minute.
   */
  readonly notTaken?: true;
}

const OPEN_TIMEOUT_MS = 30_000;
/** The SDK repeats a start automatically where that is safe; a server that is away must not hold the caller for ever. */
const START_TIMEOUT_MS = 20_000;
/** A start may be asked for right before the time is over, and is still given a chance. */
const LAST_TRY_MS = 1_000;
const ANSWER_TIMEOUT_MS = 10_000;
/** A telephone is hung up within a second; where that takes long, each try is one more update of a run that takes 2,000. */
const TRY_AGAIN_MS = 250;
const MAX_RETRY_INTERVAL_MS = 2_000;
const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');
const OWNER = defineSearchAttributeKey(OWNER_ATTRIBUTE, 'KEYWORD');

/** @throws as `PigeonflowClient.openIncident` says. */
export async function openIncident(
  temporal: Client,
  taskQueue: string,
  given: IncidentInput,
  { route, timeLimitMs = OPEN_TIMEOUT_MS, instead = [] }: OpenOptions = {},
): Promise<ReportedIncident> {
  const checked = checkIncidentInput(given);
  if (!checked.ok) throw new IncidentInputInvalid(checked.errors);
  const { policy } = checked.input;
  // As one of the four: a worker of an earlier version knows no other word.
  const input = given.severity === undefined ? given : { ...given, severity: checked.input.alert.severity };
  const name = typeof policy === 'string' ? policy : policy.name;
  const id = incidentId({ ...input, route: route ?? name });
  const giveUpAt = Date.now() + timeLimitMs;
  for (const other of instead) {
    const limit = Math.min(giveUpAt, Date.now() + ANSWER_TIMEOUT_MS);
    const answer = await askIncident(temporal, other, 'alert', reportOf(input), limit);
    const known = reportedTo(temporal, other, answer);
    if (known !== null) return known;
  }
  let closing = false;
  let tryAgainMs = TRY_AGAIN_MS;
  for (;;) {
    const startBy = Date.now() + Math.min(START_TIMEOUT_MS, Math.max(giveUpAt - Date.now(), LAST_TRY_MS));
    const run = await start(temporal, { id, taskQueue, policy: name, input }, startBy);
    if (run !== null) return { ...incidentHandle(temporal, id, run), reported: 'opened' };
    // There is one. It may close in this very moment, or be over and still hang up: then a new one is started after all.
    const limit = Math.min(giveUpAt, Date.now() + ANSWER_TIMEOUT_MS);
    const answer = await askIncident(temporal, id, 'alert', reportOf(input), limit).catch((error: unknown) => {
      // The last question may have had too little time left; what was answered before is the better reason.
      throw closing && error instanceof NoAnswer ? new IncidentStillClosing(id, { cause: error }) : error;
    });
    const known = reportedTo(temporal, id, answer);
    if (known !== null) return known;
    closing = answer !== 'gone';
    if (Date.now() + tryAgainMs >= giveUpAt) throw new IncidentStillClosing(id);
    await setTimeout(tryAgainMs);
    tryAgainMs = Math.min(2 * tryAgainMs, MAX_RETRY_INTERVAL_MS);
  }
}

/** What an open incident made of the alert; null where it is gone, or closing. */
function reportedTo(
  temporal: Client,
  id: string,
  answer: Awaited<ReturnType<typeof askIncident>>,
): ReportedIncident | null {
  if (answer === 'gone') return null;
  if (answer === 'tooManyChanges') return { ...incidentHandle(temporal, id), reported: 'known', notTaken: true };
  if (answer === 'unchanged') return { ...incidentHandle(temporal, id), reported: 'known' };
  // `opened`: by somebody else, a moment ago, with this same alert.
  if (answer.reported === 'opened' || answer.reported === 'unchanged') {
    return { ...incidentHandle(temporal, id), reported: 'known' };
  }
  return answer.accepted ? { ...incidentHandle(temporal, id), reported: 'changed' } : null;
}

interface Start {
  readonly id: string;
  readonly taskQueue: string;
  readonly policy: string;
  readonly input: IncidentInput;
}

/** The run; null when there is one of this id that has not closed. */
async function start(
  temporal: Client,
  { id, taskQueue, policy, input }: Start,
  deadline: number,
): Promise<string | null> {
  const { summary, severity = 'error' } = input;
  try {
    const { firstExecutionRunId } = await temporal.withDeadline(deadline, () =>
      temporal.workflow.start(INCIDENT, {
        workflowId: id,
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        // An incident that has closed may open again.
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        // Given here, they need no step of the workflow before its first call.
        typedSearchAttributes: [
          { key: STATE, value: isHeld(input) ? 'snoozed' : 'triggered' },
          { key: OWNER, value: NOBODY },
        ],
        memo: { summary: Array.from(summary).slice(0, 200).join(''), severity, policy },
        staticSummary: firstBytes(summary, 200),
      }),
    );
    return firstExecutionRunId;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw translated(error, temporal, incidentSubject(temporal, id));
  }
}

/** By a silence, as it decides itself: then it is listed so before its first step. */
export const isHeld = ({ heldBy, severity }: IncidentInput): boolean =>
  currentHold(holdsOf(heldBy), severityOf(severity), Date.now()) !== null;

/** What is told to an incident that is open: all but what belongs to its opening. */
export const reportOf = (input: IncidentInput): AlertUpdateInput => ({
  alert: alertIn(input),
  ...(input.heldBy !== undefined && { heldBy: input.heldBy }),
});

function alertIn({ summary, severity, parameters, labels, links, source, startedAt }: IncidentInput): AlertInput {
  return {
    summary,
    ...(severity !== undefined && { severity }),
    ...(parameters !== undefined && { parameters }),
    ...(labels !== undefined && { labels }),
    ...(links !== undefined && { links }),
    ...(source !== undefined && { source }),
    ...(startedAt !== undefined && { startedAt }),
  };
}

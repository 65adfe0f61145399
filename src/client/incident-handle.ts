import { setTimeout } from 'node:timers/promises';
import { QueryNotRegisteredError, type Client } from '@temporalio/client';
import type {
  AcknowledgeInput,
  EscalateInput,
  HangUpInput,
  IncidentAnswer,
  IncidentResult,
  IncidentStatus,
  IncidentTimeline,
  ResolveInput,
  SnoozeInput,
} from '../contract/incident-schema.js';
import { BEING_OPENED, STATUS_QUERY, TIMELINE_QUERY } from '../contract/names.js';
import { askIncident, type PersonsUpdate } from './ask-incident.js';
import {
  answerOfClosed,
  type ClosedIncident,
  statusOfClosed,
  timelineOfClosed,
  closedIncident,
  lookAtIncident,
  resultOfRun,
} from './closed-incident.js';
import { incidentSubject, translated } from './temporal-errors.js';
import type { ListedIncident } from './listed-incident.js';
import { whyNoAnswer } from './no-answer.js';
import { patiently, type WaitOptions } from './patient-wait.js';
import { IncidentNotFound } from './errors.js';
import { waitUntilOwned, type Owned } from './wait-until-owned.js';
import { unservedQueue } from './workers.js';

export interface TimeLimit {
  /** How long to wait for a worker's answer. Milliseconds; default 10,000. */
  readonly timeLimitMs?: number;
}

/**
 * The incident of this id that is open, or else the last one. Every method rejects also with `IncidentNotFound`,
 * `TemporalUnreachable` and `TemporalRefused`; those that a worker answers with `NoWorker` when it is known that none can,
 * and `NoAnswer` when none did. Of a closed incident all can be read without a worker.
 *
 * The updates (`acknowledge` to `hangUp`) are answered with what is true from then on. What the state does not allow is an
 * answer too, `accepted: false`, also when the incident has closed. They can be repeated safely. `IncidentInputInvalid`: the
 * argument is wrong.
 */
export interface IncidentHandle {
  readonly incidentId: string;
  /** Owns it, and hangs up every telephone; with `takeOver` also when somebody else owns it. */
  acknowledge(input?: AcknowledgeInput, limit?: TimeLimit): Promise<IncidentAnswer>;
  /** Ends it. */
  resolve(input?: ResolveInput, limit?: TimeLimit): Promise<IncidentAnswer>;
  /** Calls another step now; default: the one that comes next. */
  escalate(input?: EscalateInput, limit?: TimeLimit): Promise<IncidentAnswer>;
  /** Calls nobody for a while, 30m by default, and then again. */
  snooze(input?: SnoozeInput, limit?: TimeLimit): Promise<IncidentAnswer>;
  /** Hangs up without owning it: the next attempt follows. */
  hangUp(input?: HangUpInput, limit?: TimeLimit): Promise<IncidentAnswer>;
  /** What is happening, who owns it, what comes next. */
  status(limit?: TimeLimit): Promise<IncidentStatus>;
  /** What has happened, the newest 500 entries. Once it has closed, `counts` counts those alone. */
  timeline(limit?: TimeLimit): Promise<IncidentTimeline>;
  /** What is known without a worker: what it wrote down when its state last changed. */
  listed(): Promise<ListedIncident>;
  /**
   * Resolves when it has closed; it can be repeated safely, also much later.
   *
   * @throws IncidentTerminated, IncidentInputInvalid or IncidentFailed when it ended without a result.
   */
  result(options?: WaitOptions): Promise<IncidentResult>;
  /**
   * Resolves as soon as somebody owns it (it looks every 0.5 to 5 s), or when it is exhausted: `owner` and `result` are null
   * where it stays open. Or else when it has closed. Throws as `result`.
   */
  waitUntilOwned(options?: WaitOptions): Promise<Owned>;
  /** Asks to end it without an owner: it hangs up, and closes as `cancelled`. `over` when it had closed before. */
  cancel(): Promise<'asked' | 'over'>;
  /** The task queue that has work of this incident and no worker to do it; null when there is none. Needs no worker. */
  unservedQueue(): Promise<string | null>;
}

const ANSWER_LIMIT_MS = 10_000;
/** A policy is read within milliseconds. */
const RETRY_INTERVAL_MS = 50;
/** What the SDK says instead of the message of a failure that is encrypted. An incident has both queries from its start. */
const ENCRYPTED = 'Encoded failure';
const isBeingOpened = (error: unknown): boolean =>
  error instanceof QueryNotRegisteredError && [BEING_OPENED, ENCRYPTED].includes(error.message);

/** @param opened the run, of an incident that was opened just now: `result` is then never that of a later one. */
export function incidentHandle(temporal: Client, incidentId: string, opened?: string): IncidentHandle {
  const workflow = temporal.workflow.getHandle(incidentId);
  const subject = incidentSubject(temporal, incidentId);
  const look = () => lookAtIncident(temporal, incidentId);

  async function update(name: PersonsUpdate, argument: { by?: string | null }, limit: TimeLimit = {}) {
    const deadline = Date.now() + (limit.timeLimitMs ?? ANSWER_LIMIT_MS);
    for (;;) {
      const closed = await closedIncident(temporal, await look());
      if (closed !== null) return answerOfClosed(closed, name, argument.by);
      const answer = await askIncident(temporal, incidentId, name, argument, deadline);
      if (typeof answer === 'object') return answer;
    }
  }

  /** Of a closed incident no worker is asked. While it is being opened, it is asked again: it may close instead. */
  async function query<T>(
    name: string,
    ofClosed: (closed: ClosedIncident, listed: ListedIncident) => T,
    { timeLimitMs = ANSWER_LIMIT_MS }: TimeLimit = {},
  ): Promise<T> {
    const deadline = Date.now() + timeLimitMs;
    for (;;) {
      const seen = await look();
      const closed = await closedIncident(temporal, seen);
      if (closed !== null) return ofClosed(closed, seen.listed);
      try {
        return await temporal.withDeadline(deadline, () => workflow.query<T>(name));
      } catch (error) {
        if (!isBeingOpened(error) || Date.now() > deadline) {
          throw await whyNoAnswer(error, temporal, incidentId, subject);
        }
        await setTimeout(RETRY_INTERVAL_MS);
      }
    }
  }

  async function asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw translated(error, temporal, subject);
    }
  }

  const handle: IncidentHandle = {
    incidentId,
    acknowledge: (input = {}, limit) => update('acknowledge', input, limit),
    resolve: (input = {}, limit) => update('resolve', input, limit),
    escalate: (input = {}, limit) => update('escalate', input, limit),
    snooze: (input = {}, limit) => update('snooze', input, limit),
    hangUp: (input = {}, limit) => update('hangUp', input, limit),

    status: (limit) => query(STATUS_QUERY, statusOfClosed, limit),
    timeline: (limit) => query(TIMELINE_QUERY, timelineOfClosed, limit),

    listed: async () => (await look()).listed,

    result(options) {
      let run = opened;
      return patiently(
        temporal,
        async () => await resultOfRun(temporal, incidentId, (run ??= (await look()).run)),
        options,
      );
    },

    waitUntilOwned: (options) => waitUntilOwned(handle, options),

    async cancel() {
      if ((await look()).closedAt !== null) return 'over';
      try {
        await asked(() => workflow.cancel());
        return 'asked';
      } catch (error) {
        if (error instanceof IncidentNotFound) return 'over'; // it closed between the look and the request
        throw error;
      }
    },

    unservedQueue: () => asked(() => unservedQueue(temporal, incidentId)),
  };
  return handle;
}

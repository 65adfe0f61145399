import {
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure, type Workflow } from '@temporalio/common';
import { FailureType, SILENCES, SILENCES_MEMO, SILENCES_QUERY, silencesId } from '../contract/names.js';
import type { AddSilenceInput, EndSilenceInput, SilenceAnswer, Silences } from '../contract/silence-schema.js';
import { NoWorker, SilenceInputInvalid, TemporalRefused } from './errors.js';
import type { TimeLimit } from './incident-handle.js';
import { whyNoAnswer } from './no-answer.js';
import { problemsIn, type Subject, translated } from './temporal-errors.js';

/**
 * Which alerts call nobody for a while. A silence is answered when every gateway acts by it, about two seconds later; what cannot
 * be is an answer too, `accepted: false`. Every method rejects also with `SilenceInputInvalid`, `NoWorker`, `NoAnswer`,
 * `TemporalUnreachable` and `TemporalRefused`.
 */
export interface SilencesHandle {
  /** Nobody is called for alerts that have all these labels; what still fires at the end is called then. */
  add(input: AddSilenceInput, limit?: TimeLimit): Promise<SilenceAnswer>;
  /** What it holds is called now. */
  end(input: EndSilenceInput, limit?: TimeLimit): Promise<SilenceAnswer>;
  /** All of them, also the newest that are over. */
  all(limit?: TimeLimit): Promise<Silences>;
  /** Those that are on, without a worker. */
  published(limit?: TimeLimit): Promise<Silences>;
}

const ANSWER_TIMEOUT_MS = 15_000;

export function silencesHandle(temporal: Client, taskQueue: string): SilencesHandle {
  const workflowId = silencesId(taskQueue);
  const subject: Subject = {
    noSuch: () => new TemporalRefused(`There is no workflow ${workflowId}.`),
    endedBy: (failure) => new TemporalRefused(`${workflowId} has ended: ${failure.message}`, { cause: failure }),
  };

  async function ask(update: 'add' | 'end', argument: object, { timeLimitMs = ANSWER_TIMEOUT_MS }: TimeLimit = {}) {
    const start = new WithStartWorkflowOperation<Workflow>(SILENCES, {
      workflowId,
      taskQueue,
      args: [{}],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    });
    try {
      return await temporal.withDeadline(Date.now() + timeLimitMs, () =>
        temporal.workflow.executeUpdateWithStart<Workflow, SilenceAnswer, [object]>(update, {
          startWorkflowOperation: start,
          args: [argument],
        }),
      );
    } catch (error) {
      const refusal = error instanceof WorkflowUpdateFailedError ? error.cause : null;
      if (refusal instanceof ApplicationFailure) {
        const [answer] = refusal.details ?? [];
        if (refusal.type === FailureType.NotAccepted && isAnswer(answer)) return answer;
        if (refusal.type === FailureType.InvalidInput) {
          throw new SilenceInputInvalid(problemsIn(refusal), { cause: error });
        }
      }
      throw await whyNoAnswer(error, temporal, workflowId, subject);
    }
  }

  const published = async ({ timeLimitMs = ANSWER_TIMEOUT_MS }: TimeLimit = {}) => {
    try {
      return await temporal.withDeadline(Date.now() + timeLimitMs, () => publishedSilences(temporal, taskQueue));
    } catch (error) {
      throw translated(error, temporal, null);
    }
  };

  return {
    add: (input, limit) => ask('add', input, limit),
    end: (input, limit) => ask('end', input, limit),
    published,
    async all(limit = {}) {
      const deadline = Date.now() + (limit.timeLimitMs ?? ANSWER_TIMEOUT_MS);
      const workflow = temporal.workflow.getHandle(workflowId);
      try {
        return await temporal.withDeadline(deadline, () => workflow.query<Silences>(SILENCES_QUERY));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return NONE;
        const why = await whyNoAnswer(error, temporal, workflowId, subject);
        if (why instanceof NoWorker) return await published(limit);
        throw why;
      }
    },
  };
}

const isAnswer = (detail: unknown): detail is SilenceAnswer =>
  typeof detail === 'object' && detail !== null && 'accepted' in detail && 'message' in detail;

const NONE: Silences = { version: 0, silences: [] };

/** Those that are on, as their workflow publishes them; none where there is none. Needs no worker. */
export async function publishedSilences(temporal: Client, taskQueue: string): Promise<Silences> {
  try {
    const { status, memo } = await temporal.workflow.getHandle(silencesId(taskQueue)).describe();
    const read = memo?.[SILENCES_MEMO];
    if (status.name !== 'RUNNING' || !isPublished(read)) return NONE;
    return { ...read, silences: read.silences.filter(({ until }) => Date.parse(until) > Date.now()) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return NONE;
    throw error;
  }
}

const isPublished = (memo: unknown): memo is Silences =>
  typeof memo === 'object' && memo !== null && 'silences' in memo && Array.isArray(memo.silences);

import {
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure, type Workflow } from '@temporalio/common';
import type {
  ConfirmInput,
  DutyAnswer,
  DutyOverrides,
  OverrideInput,
  RemoveInput,
  SwapInput,
  TakeInput,
} from '../contract/duty-schema.js';
import { DUTY, dutyId, FailureType, OVERRIDES_QUERY } from '../contract/names.js';
import { publishedOverrides } from './duty-overrides.js';
import { DutyInputInvalid, NoWorker, TemporalRefused } from './errors.js';
import type { TimeLimit } from './incident-handle.js';
import { whyNoAnswer } from './no-answer.js';
import { problemsIn, type Subject, translated } from './temporal-errors.js';

/**
 * Who is on duty by a schedule besides what its file says. Each request is answered when every worker acts by it, about two
 * seconds later; what cannot be is an answer too, `accepted: false`. With `preview` an answer only says what it would come to.
 * Every method rejects also with `DutyInputInvalid`, `NoWorker`, `NoAnswer`, `TemporalUnreachable` and `TemporalRefused`.
 */
export interface DutyHandle {
  /** Puts somebody else on duty: for the rest of the shift, for another shift, or for a time. */
  override(input: OverrideInput, limit?: TimeLimit): Promise<DutyAnswer>;
  /** Takes over from now until the end of the shift. */
  take(input: TakeInput, limit?: TimeLimit): Promise<DutyAnswer>;
  /** Two shifts change hands, as soon as all have confirmed it; asked again they change back. */
  swap(input: SwapInput, limit?: TimeLimit): Promise<DutyAnswer>;
  confirm(input: ConfirmInput, limit?: TimeLimit): Promise<DutyAnswer>;
  /** As if it had never been made. */
  remove(input: RemoveInput, limit?: TimeLimit): Promise<DutyAnswer>;
  /** All of them, also those that are removed or over. */
  overrides(limit?: TimeLimit): Promise<DutyOverrides>;
  /** Those that are not removed, without a worker. */
  published(limit?: TimeLimit): Promise<DutyOverrides>;
}

const ANSWER_TIMEOUT_MS = 15_000;

export function dutyHandle(temporal: Client, taskQueue: string, schedule: string): DutyHandle {
  const workflowId = dutyId(schedule);
  const subject: Subject = {
    noSuch: () => new TemporalRefused(`There is no workflow ${workflowId}.`),
    endedBy: (failure) => new TemporalRefused(`${workflowId} has ended: ${failure.message}`, { cause: failure }),
  };

  async function ask(update: string, argument: object, { timeLimitMs = ANSWER_TIMEOUT_MS }: TimeLimit = {}) {
    const start = new WithStartWorkflowOperation<Workflow>(DUTY, {
      workflowId,
      taskQueue,
      args: [{ schedule }],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: schedule,
    });
    try {
      return await temporal.withDeadline(Date.now() + timeLimitMs, () =>
        temporal.workflow.executeUpdateWithStart<Workflow, DutyAnswer, [object]>(update, {
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
          throw new DutyInputInvalid(problemsIn(refusal), { cause: error });
        }
      }
      throw await whyNoAnswer(error, temporal, workflowId, subject);
    }
  }

  const published = async ({ timeLimitMs = ANSWER_TIMEOUT_MS }: TimeLimit = {}) => {
    try {
      return await temporal.withDeadline(Date.now() + timeLimitMs, () => publishedOverrides(temporal, schedule));
    } catch (error) {
      throw translated(error, temporal, null);
    }
  };

  return {
    override: (input, limit) => ask('override', input, limit),
    take: (input, limit) => ask('take', input, limit),
    swap: (input, limit) => ask('swap', input, limit),
    confirm: (input, limit) => ask('confirm', input, limit),
    remove: (input, limit) => ask('remove', input, limit),
    published,
    async overrides(limit = {}) {
      const deadline = Date.now() + (limit.timeLimitMs ?? ANSWER_TIMEOUT_MS);
      const workflow = temporal.workflow.getHandle(workflowId);
      try {
        return await temporal.withDeadline(deadline, () => workflow.query<DutyOverrides>(OVERRIDES_QUERY));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { schedule, version: 0, overrides: [] };
        const why = await whyNoAnswer(error, temporal, workflowId, subject);
        // What it has published is better than nothing, at night and without a worker.
        if (why instanceof NoWorker) return await published();
        throw why;
      }
    },
  };
}

const isAnswer = (detail: unknown): detail is DutyAnswer =>
  typeof detail === 'object' && detail !== null && 'accepted' in detail && 'message' in detail;

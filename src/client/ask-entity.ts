import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure, type Workflow } from '@temporalio/common';
import { FailureType } from '../contract/names.js';
import { NoWorker, type PigeonflowError, TemporalRefused } from './errors.js';
import type { TimeLimit } from './incident-handle.js';
import { whyNoAnswer } from './no-answer.js';
import { problemsIn, type Subject, translated } from './temporal-errors.js';

/** A workflow that keeps something for ever, and is started by the first who asks. */
export interface Entity<State> {
  readonly type: string;
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: object;
  readonly staticSummary?: string;
  /** The query of all that it keeps. */
  readonly query: string;
  /** What it has published, without a worker; also where it does not run. Throws what Temporal's client throws. */
  readonly published: () => Promise<State>;
  /** What is wrong in the argument of an update. */
  readonly inputInvalid: new (problems: readonly string[], options?: ErrorOptions) => PigeonflowError;
}

interface Answer {
  readonly accepted: boolean;
  readonly message: string;
}

export interface AskedEntity<A extends Answer, State> {
  /** An update; what cannot be is an answer too, `accepted: false`. */
  readonly ask: (update: string, argument: object, limit?: TimeLimit) => Promise<A>;
  /** All that it keeps; without a worker what it has published, within `publishedLimit`. */
  readonly all: (none: State, limit?: TimeLimit, publishedLimit?: TimeLimit) => Promise<State>;
  readonly published: (limit?: TimeLimit) => Promise<State>;
}

const ANSWER_TIMEOUT_MS = 15_000;

export function askedEntity<A extends Answer, State>(temporal: Client, entity: Entity<State>): AskedEntity<A, State> {
  const { type, workflowId, taskQueue, input, staticSummary, query, inputInvalid: InputInvalid } = entity;
  const subject: Subject = {
    noSuch: () => new TemporalRefused(`There is no workflow ${workflowId}.`),
    endedBy: (failure) => new TemporalRefused(`${workflowId} has ended: ${failure.message}`, { cause: failure }),
  };
  const within = <T>({ timeLimitMs = ANSWER_TIMEOUT_MS }: TimeLimit, ask: () => Promise<T>): Promise<T> =>
    temporal.withDeadline(Date.now() + timeLimitMs, ask);

  async function published(limit: TimeLimit = {}): Promise<State> {
    try {
      return await within(limit, entity.published);
    } catch (error) {
      throw translated(error, temporal, null);
    }
  }

  return {
    published,
    async ask(update, argument, limit = {}) {
      const start = new WithStartWorkflowOperation<Workflow>(type, {
        workflowId,
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        ...(staticSummary !== undefined && { staticSummary }),
      });
      try {
        return await within(limit, () =>
          temporal.workflow.executeUpdateWithStart<Workflow, A, [object]>(update, {
            startWorkflowOperation: start,
            args: [argument],
          }),
        );
      } catch (error) {
        const refusal = error instanceof WorkflowUpdateFailedError ? error.cause : null;
        if (refusal instanceof ApplicationFailure) {
          const [answer] = refusal.details ?? [];
          if (refusal.type === FailureType.NotAccepted && isAnswer(answer)) return answer as A;
          if (refusal.type === FailureType.InvalidInput) throw new InputInvalid(problemsIn(refusal), { cause: error });
        }
        throw await whyNoAnswer(error, temporal, workflowId, subject);
      }
    },
    async all(none, limit = {}, publishedLimit = {}) {
      try {
        return await within(limit, () => temporal.workflow.getHandle(workflowId).query<State>(query));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return none;
        const why = await whyNoAnswer(error, temporal, workflowId, subject);
        // What it has published is better than nothing, at night and without a worker.
        if (why instanceof NoWorker) return await published(publishedLimit);
        throw why;
      }
    },
  };
}

const isAnswer = (detail: unknown): detail is Answer =>
  typeof detail === 'object' && detail !== null && 'accepted' in detail && 'message' in detail;

import { QueryNotRegisteredError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { NoAnswer, NoWorker, TemporalRefused } from './errors.js';
import { grpcErrorIn, reasonOf, translated, type Subject } from './temporal-errors.js';
import { unservedQueue } from './workers.js';

/** For finding out why nobody answered. */
const REASON_LIMIT_MS = 5_000;

/** What gRPC says where the server sees before us that the time of a question is over. */
const BROKEN_OFF = 'Call cancelled';

/**
 * Why a query or an update was not answered, as one of our errors: what no worker answers looks like a server that is
 * away, and only the server can tell them apart.
 */
export async function whyNoAnswer(
  error: unknown,
  temporal: Client,
  workflowId: string,
  subject: Subject,
): Promise<unknown> {
  if (error instanceof WorkflowNotFoundError) return translated(error, temporal, subject);
  if (error instanceof QueryNotRegisteredError) {
    return subject.noSuch(': the workflow of this id answers no such question');
  }
  const grpc = grpcErrorIn(error);
  const known = translated(error, temporal, subject);
  if (grpc === null || known instanceof TemporalRefused) return known;
  try {
    return await temporal.withDeadline(Date.now() + REASON_LIMIT_MS, async () => {
      const unserved = await unservedQueue(temporal, workflowId);
      if (unserved !== null) return new NoWorker(unserved, { cause: error });
      const { taskQueue } = await temporal.workflow.getHandle(workflowId).describe();
      const why = reasonOf(grpc);
      return new NoAnswer(taskQueue, why === BROKEN_OFF ? 'it did not answer in time' : why, { cause: error });
    });
  } catch (second) {
    return translated(second, temporal, subject);
  }
}

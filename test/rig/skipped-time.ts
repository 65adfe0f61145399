import { setTimeout } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { grpcErrorIn } from '../../src/client/temporal-errors.js';

const UNKNOWN = 2;
const LOOK_INTERVAL_MS = 500;

/** What a child tells its parent. */
const ENDS: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT']);
/** A parent that has closed so has its history whole: what is not in it, it was not told. */
const CLOSED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'CONTINUED_AS_NEW']);

interface Run {
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * The time of a server that skips it. Until the parent of a child that ended has been told it does not, and where the parent
 * closed before it never does again: such children are looked for, and for each of them the server is told to.
 */
export class SkippedTime {
  /** Run ids of what has closed and no longer stands in the way. */
  readonly #settled = new Set<string>();

  private constructor(private readonly environment: TestWorkflowEnvironment) {}

  static async of(environment: TestWorkflowEnvironment): Promise<SkippedTime> {
    const time = new SkippedTime(environment);
    // On a server that ran before.
    for (const { runId } of await time.#closed()) time.#settled.add(runId);
    return time;
  }

  /** Lets time pass for as long as is waited. */
  async during<T>(wait: Promise<T>): Promise<T> {
    const over = wait.then(
      () => true,
      () => true,
    );
    while (!(await Promise.race([over, setTimeout(LOOK_INTERVAL_MS, false)]))) await this.unlock();
    return await wait;
  }

  /** Once for each child whose parent was never told: once too often, and time would be skipped while somebody works. */
  async unlock(): Promise<void> {
    for (const run of await this.#closed()) {
      if (this.#settled.has(run.runId)) continue;
      const told = await this.#parentWasTold(run);
      if (told === 'not yet' || this.#settled.has(run.runId)) continue;
      this.#settled.add(run.runId);
      if (told === 'never') await this.environment.connection.testService?.unlockTimeSkipping({});
    }
  }

  async #closed(): Promise<readonly Run[]> {
    const { workflowService } = this.environment.connection;
    try {
      const { executions } = await workflowService.listClosedWorkflowExecutions({ namespace: 'default' });
      return executions.map(({ execution }) => execution as Run);
    } catch (error) {
      // It fails when a workflow starts while it makes the list; the next look has them.
      if (grpcErrorIn(error)?.code !== UNKNOWN) throw error;
      return [];
    }
  }

  async #parentWasTold(child: Run): Promise<'yes' | 'not yet' | 'never' | 'nobody to tell'> {
    const { status, parentExecution } = await this.#handle(child).describe();
    if (parentExecution === undefined || !ENDS.has(status.name)) return 'nobody to tell';
    const parent = this.#handle(parentExecution as Run);
    const isClosed = CLOSED.has((await parent.describe()).status.name);
    const { events } = await parent.fetchHistory();
    const heard = (events ?? []).some((event) =>
      [
        event.childWorkflowExecutionCompletedEventAttributes,
        event.childWorkflowExecutionFailedEventAttributes,
        event.childWorkflowExecutionCanceledEventAttributes,
        event.childWorkflowExecutionTimedOutEventAttributes,
      ].some((end) => end?.workflowExecution?.runId === child.runId),
    );
    return heard ? 'yes' : isClosed ? 'never' : 'not yet';
  }

  #handle({ workflowId, runId }: Run) {
    return this.environment.client.workflow.getHandle(workflowId, runId);
  }
}

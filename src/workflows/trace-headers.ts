import type { Headers } from '@temporalio/common';
import type { WorkflowInterceptors } from '@temporalio/workflow';

/** Where the interceptors of Temporal's package for OpenTelemetry put the trace. */
const TRACE = '_tracer-data';

/**
 * Hands the trace with which a workflow was started to all that it starts. That package's own interceptors for workflows
 * are not used: their promises move the commands of a run, so that switching traces on would break those under way.
 */
export function interceptors(): WorkflowInterceptors {
  let trace: Headers = {};
  const traced = <T extends { headers: Headers }>(input: T): T => ({
    ...input,
    headers: { ...trace, ...input.headers },
  });
  return {
    inbound: [
      {
        execute(input, next) {
          const given = input.headers[TRACE];
          if (given !== undefined) trace = { [TRACE]: given };
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(traced(input)),
        scheduleLocalActivity: (input, next) => next(traced(input)),
        startChildWorkflowExecution: (input, next) => next(traced(input)),
        continueAsNew: (input, next) => next(traced(input)),
      },
    ],
  };
}

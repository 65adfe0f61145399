import {
  ApplicationFailure,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import type { IncidentInput, IncidentResult } from '../contract/incident-schema.js';
import { FailureType } from '../contract/names.js';
import { type CheckedIncident, checkIncidentInput } from '../policy/check-incident.js';
import { checkPolicy } from '../policy/check-policy.js';
import type { Policy } from '../policy/policy.js';
import { readPolicy } from './call/call-activities.js';
import { answerPeople, hearSignals } from './incident/answer-people.js';
import { type IncidentProgress, IncidentRun } from './incident/incident-run.js';

/**
 * From an alert to its owner: calls people level by level as the policy says, until somebody owns the incident, and until
 * it is resolved. What happens next is decided in `src/policy` alone. The first level runs here, each further one in an
 * `escalation` child, so that the tree of children is the path that the incident took.
 *
 * @param input see the contract; anything else fails at once as `InvalidInput`.
 * @param carried what a continued run takes over; callers leave it out.
 */
export async function incident(input: IncidentInput, carried?: IncidentProgress): Promise<IncidentResult> {
  const checked = check(input);
  let opened: IncidentRun | null = null;
  answerPeople(() => opened, checked.alert);
  const run = await take(input, checked, carried);
  opened = run;
  hearSignals(run);
  // Cancelling decides too: whatever rings is hung up before the incident closes.
  CancellationScope.current().cancelRequested.catch(() => run.happened({ kind: 'cancelled', at: Date.now() }));
  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      await condition(() => run.isClosed || run.shouldContinueAsNew);
      if (run.result !== null) return run.result;
      // What else came in the same activation may have begun something since.
      if (run.shouldContinueAsNew) {
        // What stands in the lists is read where no worker lives: the server does not carry what was written since the start.
        const { memo } = workflowInfo();
        await makeContinueAsNewFunc<typeof incident>(memo === undefined ? {} : { memo })(input, run.progress);
      }
    }
  });
}

/** @throws ApplicationFailure `InvalidInput`, naming each field; also for a second attempt by a workflow retry policy. */
function check(input: unknown): CheckedIncident {
  if (workflowInfo().attempt > 1) {
    throw wrongInput([
      'this run was started again by a workflow retry policy, which would call everybody again: start incident without one',
    ]);
  }
  const checked = checkIncidentInput(input);
  if (!checked.ok) throw wrongInput(checked.errors);
  return checked.input;
}

async function take(
  input: IncidentInput,
  checked: CheckedIncident,
  carried: IncidentProgress | undefined,
): Promise<IncidentRun> {
  if (workflowInfo().continuedFromExecutionRunId !== undefined && carried !== undefined) {
    return IncidentRun.goOn(input, carried);
  }
  return IncidentRun.open(input, checked, await policyOf(checked));
}

/** Frozen from here on: a policy that changes is for the next incident. */
async function policyOf({ policy: given }: CheckedIncident): Promise<Policy> {
  if (typeof given !== 'string') return given;
  const read = checkPolicy(await readPolicy({ name: given }));
  if (!read.ok) throw wrongInput(read.errors);
  return read.policy;
}

function wrongInput(errors: readonly string[]): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `The input of incident is not valid: ${errors.join('; ')}`,
    FailureType.InvalidInput,
    errors,
  );
}

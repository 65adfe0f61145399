/** How an incident begins: from a checked input and a policy that can be read, or from what the run before carries. */
import { ActivityFailure, ApplicationFailure, isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type { IncidentInput } from '../../contract/incident-schema.js';
import { FailureType } from '../../contract/names.js';
import { Patch } from '../../contract/patches.js';
import type { Policy } from '../../contract/policy-schema.js';
import { type CheckedIncident, checkIncidentInput } from '../../incident/check-incident.js';
import { checkPolicy } from '../../incident/policy.js';
import { readPolicy } from '../call/call-activities.js';
import { AwaitedPolicy, type AwaitedProgress } from './awaited-policy.js';
import { type IncidentProgress, IncidentRun } from './incident-run.js';

/** @throws ApplicationFailure `InvalidInput`, naming each field; also for a second attempt by a workflow retry policy. */
export function checkInput(input: unknown): CheckedIncident {
  if (workflowInfo().attempt > 1) {
    throw invalidInput([
      'this run was started again by a workflow retry policy, which would call everybody again: start incident without one',
    ]);
  }
  const checked = checkIncidentInput(input);
  if (!checked.ok) throw invalidInput(checked.errors);
  return checked.input;
}

export const isContinued = (): boolean => workflowInfo().continuedFromExecutionRunId !== undefined;

/** Open, and its policy frozen from here on; or waiting for a policy that cannot be read. */
export async function openOrContinue(
  input: IncidentInput,
  checked: CheckedIncident,
  carried: IncidentProgress | undefined,
  awaited: AwaitedProgress | undefined,
): Promise<IncidentRun | AwaitedPolicy> {
  if (isContinued() && carried !== undefined) return IncidentRun.fromProgress(input, carried);
  const { policy: given } = checked;
  if (typeof given !== 'string') return IncidentRun.open(input, checked, given);
  if (isContinued() && awaited !== undefined) return AwaitedPolicy.fromProgress(given, awaited);
  const first = await readPolicyNamed(given);
  if ('policy' in first) return IncidentRun.open(input, checked, first.policy);
  // As earlier versions did.
  if (!patched(Patch.AwaitPolicy)) throw first.error;
  return AwaitedPolicy.begin(given, checked, first.reason);
}

type Reading = { readonly policy: Policy } | { readonly error: unknown; readonly reason: string };

export async function readPolicyNamed(name: string): Promise<Reading> {
  try {
    const checked = checkPolicy(await readPolicy({ name }));
    if (checked.ok) return { policy: checked.policy };
    const error = invalidInput(checked.errors);
    return { error, reason: error.message };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const cause = error instanceof ActivityFailure ? error.cause : error;
    return { error, reason: (cause instanceof Error ? cause.message : String(cause)).slice(0, MAX_REASON_LENGTH) };
  }
}

/** It is in the timeline, which travels with each continuation. */
const MAX_REASON_LENGTH = 1_000;

function invalidInput(errors: readonly string[]): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `The input of incident is not valid: ${errors.join('; ')}`,
    FailureType.InvalidInput,
    errors,
  );
}

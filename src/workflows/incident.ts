import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import type { IncidentInput, IncidentResult } from '../contract/incident-schema.js';
import { FailureType } from '../contract/names.js';
import { Patch } from '../contract/patches.js';
import type { Policy } from '../contract/policy.js';
import { type CheckedIncident, checkIncidentInput } from '../incident/check-incident.js';
import { checkPolicy } from '../incident/policy.js';
import { readPolicy } from './call/call-activities.js';
import { historyIsLong } from './call/wait.js';
import { AwaitedPolicy, type AwaitedProgress } from './incident/awaited-policy.js';
import { handleLevelReports, handleSignals, handleUpdates } from './incident/handlers.js';
import { type IncidentProgress, IncidentRun } from './incident/incident-run.js';

/**
 * From an alert to its owner: calls people level by level as the policy says, until somebody owns the incident, and until
 * it is resolved. What happens next is decided in `src/policy` alone. The first level runs here, each further one in an
 * `escalation` child, so that the tree of children is the path that the incident took.
 *
 * @param input see the contract; anything else fails at once as `InvalidInput`.
 * @param carried what a continued run takes over; callers leave it out.
 * @param awaited the same, of an incident whose policy could not be read yet.
 */
export async function incident(
  input: IncidentInput,
  carried?: IncidentProgress,
  awaited?: AwaitedProgress,
): Promise<IncidentResult> {
  const checked = check(input);
  let opened: IncidentRun | AwaitedPolicy | null = null;
  const before = isContinued() ? (carried ?? awaited)?.state : undefined;
  handleUpdates(() => opened, before ?? { alert: checked.alert, phase: { kind: 'next', step: '' } });
  const run = await take(input, checked, { carried, awaited }, (waiting) => {
    opened = waiting;
    handleSignals(waiting, () => {
      waiting.readNow = true;
    });
    CancellationScope.current().cancelRequested.catch(() => {
      if (opened === waiting) waiting.happened({ kind: 'cancelled', at: Date.now() });
    });
  });
  if (run instanceof AwaitedPolicy) return closedUnread(run);
  opened = run;
  handleSignals(run, () => run.lookNow());
  handleLevelReports(run);
  // Cancelling decides too: whatever rings is hung up before the incident closes.
  CancellationScope.current().cancelRequested.catch(() => run.happened({ kind: 'cancelled', at: Date.now() }));
  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      await condition(() => run.isClosed || run.shouldContinueAsNew);
      if (run.result !== null) return run.result;
      // What else came in the same activation may have begun something since.
      if (run.shouldContinueAsNew) await continueAsNew(run.input, run.progress);
    }
  });
}

/** What stands in the lists is read where no worker lives: the server does not carry what was written since the start. */
async function continueAsNew(...args: Parameters<typeof incident>): Promise<never> {
  const { memo } = workflowInfo();
  return await makeContinueAsNewFunc<typeof incident>(memo === undefined ? {} : { memo })(...args);
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

const isContinued = (): boolean => workflowInfo().continuedFromExecutionRunId !== undefined;

interface Carried {
  readonly carried: IncidentProgress | undefined;
  readonly awaited: AwaitedProgress | undefined;
}

/** Opened, and its policy frozen from here on; or closed by a person before its policy could be read. */
async function take(
  input: IncidentInput,
  checked: CheckedIncident,
  { carried, awaited }: Carried,
  waits: (waiting: AwaitedPolicy) => void,
): Promise<IncidentRun | AwaitedPolicy> {
  if (isContinued() && carried !== undefined) return IncidentRun.fromProgress(input, carried);
  const { policy: given } = checked;
  if (typeof given !== 'string') return IncidentRun.open(input, checked, given);
  if (isContinued() && awaited !== undefined) return await whenRead(AwaitedPolicy.fromProgress(given, awaited));
  const first = await read(given);
  if ('policy' in first) return IncidentRun.open(input, checked, first.policy);
  // As earlier versions did.
  if (!patched(Patch.AwaitPolicy)) throw first.error;
  return await whenRead(AwaitedPolicy.begin(given, checked, first.reason));

  async function whenRead(waiting: AwaitedPolicy): Promise<IncidentRun | AwaitedPolicy> {
    waits(waiting);
    return CancellationScope.nonCancellable(async () => {
      for (;;) {
        await condition(() => waiting.isOver || waiting.readNow, waiting.waitMs);
        if (waiting.isOver) return waiting;
        const reading = await read(waiting.name);
        // Somebody may have ended it meanwhile.
        if (waiting.isOver) return waiting;
        if ('policy' in reading) return IncidentRun.open(input, checked, reading.policy, waiting);
        waiting.unreadable(reading.reason);
        if (!waiting.isOver && historyIsLong()) {
          await continueAsNew(waiting.inputOf(input), undefined, waiting.progress);
        }
      }
    });
  }
}

/** It stands in the timeline, which travels with each continuation. */
const MAX_REASON_LENGTH = 1_000;

type Reading = { readonly policy: Policy } | { readonly error: unknown; readonly reason: string };

async function read(name: string): Promise<Reading> {
  try {
    const checked = checkPolicy(await readPolicy({ name }));
    if (checked.ok) return { policy: checked.policy };
    const error = wrongInput(checked.errors);
    return { error, reason: error.message };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const cause = error instanceof ActivityFailure ? error.cause : error;
    return { error, reason: (cause instanceof Error ? cause.message : String(cause)).slice(0, MAX_REASON_LENGTH) };
  }
}

function closedUnread({ result }: AwaitedPolicy): IncidentResult {
  if (result === null)
    throw new Error('an incident without a policy ends when a person, a resolve or a day has ended it');
  return result;
}

function wrongInput(errors: readonly string[]): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `The input of incident is not valid: ${errors.join('; ')}`,
    FailureType.InvalidInput,
    errors,
  );
}

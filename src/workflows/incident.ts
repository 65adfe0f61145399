import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  patched,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../contract/activities.js';
import type { IncidentInput, IncidentResult } from '../contract/incident-schema.js';
import { type CheckedIncident, checkIncidentInput } from '../incident/check-incident.js';
import { historyIsLong } from './call/wait.js';
import { AwaitedPolicy, type AwaitedProgress } from './incident/awaited-policy.js';
import { handleLevelReports, handleSignals, handleUpdates } from './incident/handlers.js';
import { type IncidentProgress, IncidentRun } from './incident/incident-run.js';
import { FailureType } from '../contract/names.js';
import { Patch } from '../contract/patches.js';
import type { Policy } from '../contract/policy-schema.js';
import { checkPolicy, stepOf } from '../incident/policy.js';

/**
 * From an alert to its owner: calls people level by level as the policy says, until somebody owns the incident, and until
 * it is resolved. What happens next is decided in `src/incident` alone. The first level runs here, each further one in an
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
  const checked = checkInput(input);
  let current: IncidentRun | AwaitedPolicy | null = null;

  // Updates are answered from here on; while nothing is open yet, as soon as it is.
  const before = isContinued() ? (carried ?? awaited)?.state : undefined;
  handleUpdates(() => current, before ?? { alert: checked.alert, phase: { kind: 'next', step: '' } });

  function handleAllElse(opened: IncidentRun | AwaitedPolicy): void {
    current = opened;
    handleSignals(opened);
    if (opened instanceof IncidentRun) handleLevelReports(opened);
    // Cancelling decides too: what rings is hung up before the incident closes.
    CancellationScope.current().cancelRequested.catch(() => {
      if (current === opened) opened.happened({ kind: 'cancelled', at: Date.now() });
    });
  }

  const opened = await openOrContinue(input, checked, carried, awaited);
  handleAllElse(opened);
  if (opened instanceof IncidentRun) return whenClosed(opened);
  const read = await whenRead(opened, input, checked);
  if (!(read instanceof IncidentRun)) return read;
  handleAllElse(read);
  return whenClosed(read);
}

/** The incident whose policy can be read at last, or its result where it has ended before. */
function whenRead(
  awaited: AwaitedPolicy,
  input: IncidentInput,
  checked: CheckedIncident,
): Promise<IncidentRun | IncidentResult> {
  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      await condition(() => awaited.isOver || awaited.readNow, awaited.waitMs);
      if (awaited.result !== null) return awaited.result;
      const reading = await readPolicyNamed(awaited.name);
      // Somebody may have ended it meanwhile.
      if (awaited.result !== null) return awaited.result;
      if ('policy' in reading) return IncidentRun.open(input, checked, reading.policy, awaited);
      awaited.unreadable(reading.reason);
      if (!awaited.isOver && historyIsLong()) {
        await continueAsNew(awaited.inputOf(input), undefined, awaited.progress);
      }
    }
  });
}

/** What happens to the incident until then comes in by its handlers, its calls and its timers. */
function whenClosed(run: IncidentRun): Promise<IncidentResult> {
  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      await condition(() => run.isClosed || run.shouldContinueAsNew);
      if (run.result !== null) return run.result;
      // What else came in the same activation may have begun something since.
      if (run.shouldContinueAsNew) await continueAsNew(run.input, run.progress);
    }
  });
}

/** The list of incidents is read without a worker from the memo, of which the server carries only what the start wrote. */
async function continueAsNew(...args: Parameters<typeof incident>): Promise<never> {
  const { memo } = workflowInfo();
  return await makeContinueAsNewFunc<typeof incident>(memo === undefined ? {} : { memo })(...args);
}

/** @throws ApplicationFailure `InvalidInput`, naming each field; also for a second attempt by a workflow retry policy. */
function checkInput(input: unknown): CheckedIncident {
  if (workflowInfo().attempt > 1) {
    throw invalidInput([
      'this run was started again by a workflow retry policy, which would call everybody again: start incident without one',
    ]);
  }
  const checked = checkIncidentInput(input);
  if (!checked.ok) throw invalidInput(checked.errors);
  return checked.input;
}

const isContinued = (): boolean => workflowInfo().continuedFromExecutionRunId !== undefined;

/** Open, and its policy frozen from here on; or waiting for a policy that cannot be read. */
async function openOrContinue(
  input: IncidentInput,
  checked: CheckedIncident,
  carried: IncidentProgress | undefined,
  awaited: AwaitedProgress | undefined,
): Promise<IncidentRun | AwaitedPolicy> {
  if (isContinued() && carried !== undefined) return IncidentRun.fromProgress(input, carried);
  const { policy: given } = checked;
  if (typeof given !== 'string') return await open(input, checked, given);
  if (isContinued() && awaited !== undefined) return AwaitedPolicy.fromProgress(given, checked, awaited);
  const first = await readPolicyNamed(given);
  if ('policy' in first) return await open(input, checked, first.policy);
  // As earlier versions did.
  if (!patched(Patch.AwaitPolicy)) throw first.error;
  return AwaitedPolicy.begin(given, checked, first.reason);
}

/** How often an incident may open within how long before its first step is called without a delay. */
const MAX_DELAYED_OPENINGS = 2;
const FLAPPING_WITHIN_MS = 30 * 60_000;

async function open(input: IncidentInput, checked: CheckedIncident, policy: Policy): Promise<IncidentRun> {
  const isDelayed = stepOf(policy, policy.start).after?.[checked.alert.severity] !== undefined;
  return IncidentRun.open(input, checked, policy, null, isDelayed && (await flaps()));
}

/** Also where that is not known: what comes and goes in less than its delay must not do so unheard for ever. */
async function flaps(): Promise<boolean> {
  const { workflowId: id, startTime } = workflowInfo();
  try {
    const before = await countOpenings({ id, since: startTime.getTime() - FLAPPING_WITHIN_MS });
    return before >= MAX_DELAYED_OPENINGS;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return true;
  }
}

const { countOpenings } = proxyLocalActivities<Pick<Activities, 'countOpenings'>>({
  startToCloseTimeout: '3s',
  retry: { maximumAttempts: 2 },
});

/** Reads a policy by its name from the worker's folder. Local: it changes nothing, and the first call waits for it. */
const { readPolicy } = proxyLocalActivities<Pick<Activities, 'readPolicy'>>({
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 3, nonRetryableErrorTypes: [FailureType.InvalidInput] },
});

type Reading = { readonly policy: Policy } | { readonly error: unknown; readonly reason: string };

async function readPolicyNamed(name: string): Promise<Reading> {
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

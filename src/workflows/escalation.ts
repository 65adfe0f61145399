import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { CHECK_SIGNAL, FailureType, STATUS_QUERY } from '../contract/names.js';
import type { Alert } from '../incident/state.js';
import { ALERT_SIGNAL, HAND_BACK_SIGNAL, HANG_UP_SIGNAL, STAND_DOWN_SIGNAL } from './incident/level-messages.js';
import { type EscalationInput, type EscalationResult, type LevelProgress, LevelRun } from './incident/level-run.js';

/**
 * One further level of an incident: calls the people of a step, attempt by attempt, by the same rules as the incident
 * itself, and reports to it what happens. Started by `incident` alone. Ends normally when it is stood down; cancelled, it hangs
 * up and closes as cancelled.
 */
export async function escalation(input: EscalationInput, carried?: LevelProgress): Promise<EscalationResult> {
  const { parent, continuedFromExecutionRunId } = workflowInfo();
  if (parent === undefined) throw notOurs();
  const run =
    continuedFromExecutionRunId !== undefined && carried ? LevelRun.fromProgress(input, carried) : begin(input);
  handleSignals(run);
  let cancelled = false;
  CancellationScope.current().cancelRequested.catch(() => {
    // The last report can overtake the result: the incident then closes first, and its end asks this level to cancel.
    if (run.isOver) return;
    cancelled = true;
    run.happened({ kind: 'levelCancelled', at: Date.now() });
  });
  return CancellationScope.nonCancellable(async () => {
    do {
      await condition(() => run.allReported && (run.hasEnded || run.shouldContinueAsNew));
      // What else came in the same activation may have begun something since.
      const continues = run.allReported && !run.hasEnded && run.shouldContinueAsNew;
      if (continues) await continueAsNew<typeof escalation>(run.input, run.progress);
    } while (!run.allReported || !run.hasEnded);
    if (!cancelled) return run.result;
    await run.report();
    throw new CancelledFailure(`The level "${run.level.step}" was cancelled; its telephones were hung up`);
  });
}

function begin(input: EscalationInput): LevelRun {
  try {
    return LevelRun.begin(input);
  } catch {
    throw notOurs();
  }
}

function notOurs(): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'An escalation is started by its incident alone: start the workflow "incident"',
    FailureType.InvalidInput,
  );
}

/** Signals of the incident to its level, and what operators ask of it. */
function handleSignals(run: LevelRun): void {
  setHandler(defineSignal(STAND_DOWN_SIGNAL), () => run.happened({ kind: 'standDown', at: Date.now() }), {
    description: 'End this level and hang up. Of its incident; people use `escalate` or `acknowledge` there.',
  });
  setHandler(defineSignal(HANG_UP_SIGNAL), () => run.happened({ kind: 'hangUpLive', at: Date.now() }), {
    description: 'Hang up and continue with the next attempt.',
  });
  setHandler(defineSignal<[Alert]>(ALERT_SIGNAL), (alert) => run.alertChanged(alert), {
    description: 'What is said in the calls from now on.',
  });
  setHandler(defineSignal<[unknown]>(HAND_BACK_SIGNAL), (wanted) => run.handBack(wanted), {
    description: 'Close: the incident continues as new, and continues with this level and its calls in another child.',
  });
  setHandler(defineSignal(CHECK_SIGNAL), () => run.telephones.lookNow(), {
    description: 'Look at the results now, not at the next poll.',
  });
  setHandler(defineQuery<unknown>(STATUS_QUERY), () => run.status, { description: 'What this level is doing.' });
}

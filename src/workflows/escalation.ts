import {
  ApplicationFailure,
  CancelledFailure,
  CancellationScope,
  condition,
  continueAsNew,
  workflowInfo,
} from '@temporalio/workflow';
import { FailureType } from '../contract/names.js';
import { answerIncident } from './incident/answer-incident.js';
import { type EscalationInput, type EscalationResult, type LevelProgress, LevelRun } from './incident/level-run.js';

/**
 * One further level of an incident: calls the people of a step, attempt by attempt, by the same rules as the incident
 * itself, and tells it what happens. Started by `incident` alone. Ends normally when it is stood down; cancelled, it hangs
 * up and closes as cancelled.
 */
export async function escalation(input: EscalationInput, carried?: LevelProgress): Promise<EscalationResult> {
  const { parent, continuedFromExecutionRunId } = workflowInfo();
  if (parent === undefined) throw notOurs();
  const run = continuedFromExecutionRunId !== undefined && carried ? LevelRun.goOn(input, carried) : begin(input);
  answerIncident(run);
  let cancelled = false;
  CancellationScope.current().cancelRequested.catch(() => {
    // The last report can overtake the result: the incident then closes first, and its end asks this level to cancel.
    if (run.isOver) return;
    cancelled = true;
    run.happened({ kind: 'levelCancelled', at: Date.now() });
  });
  return CancellationScope.nonCancellable(async () => {
    do {
      await condition(() => run.allTold && (run.hasEnded || run.shouldContinueAsNew));
      // What else came in the same activation may have begun something since.
      const goesOn = run.allTold && !run.hasEnded && run.shouldContinueAsNew;
      if (goesOn) await continueAsNew<typeof escalation>(run.input, run.progress);
    } while (!run.allTold || !run.hasEnded);
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

import { log, ParentClosePolicy, patched, startChild, workflowInfo } from '@temporalio/workflow';
import { LOST_RUNS } from '../../contract/names.js';
import { Patch } from '../../contract/patches.js';
import { words } from '../../words/words.js';
import { childId, run8 } from '../incident/child-id.js';
import type { IncidentOfCall, lostRuns } from '../lost-runs.js';
import type { Call } from './call.js';
import { summaryOf } from './wait.js';

/**
 * At the end of a call, however it came: what it never found, or could not hang up, is left to a workflow of its own, which
 * looks for it on, since this one may close at once.
 */
export async function leaveLostRuns(call: Call, incident: IncidentOfCall | null = null): Promise<void> {
  const { unfound, progress, input, workflowRun } = call;
  for (const reference of unfound) call.note(words().call.notFound(reference));
  for (const resultId of progress.doubles) call.note(words().call.notHungUp(resultId));
  if (unfound.length + progress.doubles.length === 0 || !patched(Patch.LostRuns)) return;
  const workflowId = childId(workflowInfo().workflowId, `${run8()}/lost-${progress.newest ?? progress.posts}`);
  try {
    await startChild<typeof lostRuns>(LOST_RUNS, {
      workflowId,
      args: [{ input, progress, workflowRun, incident }],
      // It outlives its call, and its incident.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      // Longer than it can last: where no worker knows it any more it still ends.
      workflowExecutionTimeout: '3h',
      staticSummary: summaryOf(words().call.summaryOfLostRuns([...unfound, ...progress.doubles].join(', '))),
    });
    call.note(words().call.lookedForBy(workflowId));
  } catch (error) {
    log.warn('a lost run is not looked for any more', { workflowId, why: error instanceof Error ? error.name : '' });
  }
}

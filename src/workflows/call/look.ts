import { isCancellation, patched } from '@temporalio/workflow';
import { Patch } from '../../contract/patches.js';
import { words } from '../../words/words.js';
import { measure } from '../metrics.js';
import { getResult } from './call-activities.js';
import type { Call } from './call.js';
import { settleLostRuns } from './look-for-run.js';
import { blockerOf, verdictOf } from './verdict.js';
import { peopleOf, summaryOf } from './wait.js';

/**
 * One look at the result. A look that fails ends nothing: the call was placed, so it is looked at again until the
 * deadline, and the status says what is wrong.
 */
export async function lookAtResult(call: Call): Promise<void> {
  const { progress } = call;
  if (progress.run === null) return;
  progress.polls += 1;
  const began = Date.now();
  let answered = true;
  try {
    call.saw(
      await getResult(summaryOf(words().call.summaryOfPoll(peopleOf(call), progress.polls)))({
        resultId: progress.run.resultId,
      }),
    );
    measure('polls', 'seen', Date.now() - began);
  } catch (error) {
    if (isCancellation(error)) throw error;
    measure('polls', 'unreadable', Date.now() - began);
    const verdict = verdictOf(error);
    answered = verdict.kind === 'refused';
    call.held('blocked', (said) => said.call.resultUnreadable(verdict.message), blockerOf(verdict));
  }
  await settleLostRuns(call);
  if (answered && call.hasStalled && patched(Patch.StuckRuns)) call.isStuck = true;
}

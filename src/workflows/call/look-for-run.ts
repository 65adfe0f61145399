import { isCancellation } from '@temporalio/workflow';
import type { RunView } from '../../contract/activities.js';
import type { Call, UnconfirmedPost } from './call.js';
import { abort, findRun, getResult } from './call-activities.js';
import { pause, summaryOf } from './pause.js';
import { verdictOf } from './verdict.js';

/** A POST may still be under way for 15 s, so a look before proves nothing; the run may appear late, so one look does not either. */
const FIRST_LOOK_AFTER_MS = 15_000;
const LOOK_EVERY_MS = 5_000;
const LOOK_FOR_MS = 60_000;

/** Looks for the run of a POST that was not confirmed. When it is found the call has it, as if it had been confirmed. */
export async function lookForUnconfirmed(call: Call, post: UnconfirmedPost): Promise<boolean> {
  call.enter('looking', `It is not known whether Pigeon has the call; looking for ${post.reference}.`);
  const early = post.scheduledAt + FIRST_LOOK_AFTER_MS - Date.now();
  if (early > 0) await pause(call, early, 'before the first look for the run');
  const since = post.lookedSince ?? Date.now();
  call.progress.unconfirmed = { ...post, lookedSince: since };
  for (;;) {
    const resultId = await find(call, post.reference);
    if (resultId !== null) {
      call.note(`POST ${post.reference} was found as run ${resultId}.`);
      call.taken(resultId, post.reference);
      return true;
    }
    if (Date.now() - since >= LOOK_FOR_MS) return false;
    await pause(call, LOOK_EVERY_MS, 'before the next look for the run');
  }
}

/** One look; a look that failed found nothing, and says so where operators see it. */
async function find(call: Call, reference: string): Promise<string | null> {
  try {
    return await findRun({ reference });
  } catch (error) {
    if (isCancellation(error)) throw error;
    call.enter(call.progress.state, `Looking for ${reference}: ${verdictOf(error).message}`);
    return null;
  }
}

/** After `callAgain` two runs may exist: when a lost one turns up, one of the two is hung up. */
export async function settleLostRuns(call: Call): Promise<void> {
  for (const reference of call.progress.lost.slice()) {
    const resultId = await find(call, reference);
    if (resultId !== null) await settle(call, reference, resultId);
  }
}

async function settle(call: Call, reference: string, resultId: string): Promise<void> {
  const { progress } = call;
  let lost: RunView;
  try {
    lost = await getResult(summaryOf(`the run that was lost: ${reference}`))({ resultId });
  } catch (error) {
    if (isCancellation(error)) throw error;
    return; // it stays lost, and is looked for again
  }
  progress.lost.splice(progress.lost.indexOf(reference), 1);
  const ours = progress.run;
  const oursIsActive = ours !== null && call.isActive;
  const choice = chooseRun(call.standing(progress.view), call.standing(lost));
  call.note(`The lost run ${resultId} (${reference}) turned up (${lost.status}): ${choice}.`);
  switch (choice) {
    case 'followed from here on':
      call.taken(resultId, reference);
      call.saw(lost);
      if (oursIsActive) await hangUpDouble(call, ours.resultId);
      break;
    case 'hung up':
      await hangUpDouble(call, resultId);
      break;
    case 'over, it changes nothing':
      break;
    default:
      choice satisfies never;
  }
}

/** How far a run has come, as far as the choice between two of them needs it. */
export interface Standing {
  readonly active: boolean;
  /** A telephone has rung for it. */
  readonly calling: boolean;
  readonly answered: boolean;
}

/** Which of two runs of one call goes on. Pure. */
export function chooseRun(ours: Standing, lost: Standing) {
  if (!lost.active) return lost.answered && !ours.answered ? 'followed from here on' : 'over, it changes nothing';
  const oursIsBehind = !ours.active || (lost.calling && !ours.calling);
  return oursIsBehind && !ours.answered ? 'followed from here on' : 'hung up';
}

async function hangUpDouble(call: Call, resultId: string): Promise<void> {
  try {
    await abort({ resultId });
  } catch (error) {
    if (isCancellation(error)) throw error;
    call.note(`The double run ${resultId} could not be hung up: ${verdictOf(error).message}`);
  }
}

import { isCancellation } from '@temporalio/workflow';
import type { RunView } from '../../contract/activities.js';
import type { Call, Standing, UnconfirmedPost } from './call.js';
import { abort, findRun, getResult } from './call-activities.js';
import { backOffMs, continueAsNewIfLong, pause, summaryOf } from './pause.js';
import { verdictOf } from './verdict.js';

/** A POST may still be under way for 15 s, so a look before proves nothing; the run may appear late, so one look does not either. */
const FIRST_LOOK_AFTER_MS = 15_000;
const LOOK_EVERY_MS = 5_000;
/** One at once, then for a minute. */
const LOOKS = 13;

/**
 * Looks for the run of a POST that was not confirmed. When it is found the call has it, as if it had been confirmed.
 *
 * @param mostFailures after so many looks in a row that failed it is given up; else it goes on until the deadline.
 */
export async function lookForUnconfirmed(
  call: Call,
  post: UnconfirmedPost,
  mostFailures = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  call.enter('looking', `It is not known whether Pigeon has the call; looking for ${post.reference}.`);
  const early = post.scheduledAt + FIRST_LOOK_AFTER_MS - Date.now();
  if (early > 0) await pause(call, early, 'before the first look for the run');
  for (let looks = post.looks, failures = 0; looks < LOOKS;) {
    const found = await find(call, post.reference, post.scheduledAt);
    if (found.status === 'found') {
      call.note(`POST ${post.reference} was found as run ${found.resultId}.`);
      call.taken(found.resultId, post.reference);
      return true;
    }
    if (found.status === 'failed') {
      // Who was not asked has not said no: this takes as long as it takes, for all to see.
      failures += 1;
      call.held('blocked', `It is not known whether Pigeon has the call, and it cannot be asked: ${found.message}`);
    } else {
      looks += 1;
      failures = 0;
      call.enter(
        'looking',
        `It is not known whether Pigeon has the call; looked for ${post.reference} ${looks} times.`,
      );
    }
    call.progress.unconfirmed = { ...post, looks };
    if (looks >= LOOKS || failures >= mostFailures) break;
    await continueAsNewIfLong(call);
    const wait = found.status === 'failed' ? backOffMs(failures, null) : LOOK_EVERY_MS;
    await pause(call, wait, 'before the next look for the run');
  }
  return false;
}

type Found =
  | { readonly status: 'found'; readonly resultId: string }
  | { readonly status: 'notListed' }
  | { readonly status: 'failed'; readonly message: string };

async function find(call: Call, reference: string, postedAt?: number): Promise<Found> {
  try {
    const resultId = await findRun({
      reference,
      workflowRun: call.workflowRun,
      ...(postedAt !== undefined && { postedAt }),
    });
    return resultId === null ? { status: 'notListed' } : { status: 'found', resultId };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { status: 'failed', message: verdictOf(error).message };
  }
}

/** After `callAgain` two runs may exist: when a lost one turns up, one of the two is hung up. */
export async function settleLostRuns(call: Call): Promise<void> {
  for (const reference of call.progress.lost.slice()) {
    const found = await find(call, reference, call.progress.lostAt);
    if (found.status === 'found') await settle(call, reference, found.resultId);
  }
  for (const resultId of call.progress.doubles.slice()) await hangUpDouble(call, resultId);
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
      if (oursIsActive) progress.doubles.push(ours.resultId);
      break;
    case 'hung up':
      progress.doubles.push(resultId);
      break;
    case 'over, it changes nothing':
      break;
    default:
      choice satisfies never;
  }
}

/** Which of two runs of one call goes on. Pure. */
export function chooseRun(ours: Standing, lost: Standing) {
  if (!lost.active) return lost.answered && !ours.answered ? 'followed from here on' : 'over, it changes nothing';
  const oursIsBehind = !ours.active || (lost.calling && !ours.calling);
  return oursIsBehind && !ours.answered ? 'followed from here on' : 'hung up';
}

/** It stays among the doubles until Pigeon has taken it, so a cancellation meanwhile forgets nothing. */
async function hangUpDouble(call: Call, resultId: string): Promise<void> {
  try {
    const answer = await abort({ resultId });
    call.note(
      `The double run ${resultId}: hanging up was ${answer === 'asked' ? 'accepted' : 'refused, it may be over'}.`,
    );
    call.progress.doubles.splice(call.progress.doubles.indexOf(resultId), 1);
  } catch (error) {
    if (isCancellation(error)) throw error;
    call.enter(call.progress.state, `The double run ${resultId} could not be hung up yet: ${verdictOf(error).message}`);
  }
}

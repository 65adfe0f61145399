/** Runs of a call that Pigeon may have and nobody has confirmed: looked for, settled with its own, and left to a search. */
import {
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  proxyActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, RunView } from '../../contract/activities.js';
import type { CheckedCallInput } from '../../contract/check-input.js';
import { LOST_RUNS } from '../../contract/names.js';
import { Patch } from '../../contract/patches.js';
import { words } from '../../words/words.js';
import { childId, run8 } from '../incident/child-id.js';
import { count } from '../metrics.js';
import type { Call, CallProgress, UnconfirmedPost } from './call.js';
import { hangUpDouble } from './hang-up.js';
import { getResult, type Standing, standingOf } from './result.js';
import { isRefusal, verdictOf } from './verdict.js';
import { backOffMs, continueAsNewIfLong, pause, summaryOf } from './wait.js';

/** A look for a run whose POST was not confirmed: pages of calls, and the results of runs not seen before. */
const { findRun } = proxyActivities<Pick<Activities, 'findRun'>>({
  startToCloseTimeout: '1m',
  // It reports after each answer of Pigeon, which takes at most 10 s.
  heartbeatTimeout: '15s',
  // The workflow looks again every 5 s in any case.
  retry: { maximumAttempts: 1 },
  summary: words().call.summaryOfSearch,
});

/** A POST may still be under way for 15 s, so a look before proves nothing; the run may appear late, so one look does not either. */
const FIRST_LOOK_DELAY_MS = 15_000;
const LOOK_INTERVAL_MS = 5_000;
/** That Pigeon answers: one at once, then for a minute. */
const MAX_LOOKS = 13;
/** From the first look on: where Pigeon cannot be asked, nobody would be called meanwhile. */
const SEARCH_TIMEOUT_MS = 300_000;

/**
 * Looks for the run of a POST that was not confirmed: until Pigeon has said for a minute that it lists none, and no longer than
 * five minutes. When it is found the call has it, as if it had been confirmed.
 *
 * @param maxFailures for histories of versions that counted looks: after so many in a row that failed it is given up.
 */
export async function lookForUnconfirmed(
  call: Call,
  post: UnconfirmedPost,
  maxFailures = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const inTime = patched(Patch.LostRuns);
  call.enter('looking', (said) => said.call.lookingFor(post.reference));
  const early = post.scheduledAt + FIRST_LOOK_DELAY_MS - Date.now();
  if (early > 0) await pause(call, early, words().call.waitForFirstLook, inTime);
  const latest = post.scheduledAt + FIRST_LOOK_DELAY_MS + SEARCH_TIMEOUT_MS;
  let { looks, countedAt } = post;
  for (let failures = 0; looks < MAX_LOOKS;) {
    const lookedAt = Date.now();
    const found = await find(call, post.reference, post.scheduledAt);
    if (found.status === 'found') {
      call.note(words().call.found(post.reference, found.resultId));
      call.taken(found.resultId, post.reference);
      return true;
    }
    // A list that is refused lists nothing, and will not.
    if (found.status === 'notListed' || (found.status === 'refused' && inTime)) {
      failures = 0;
      if (!inTime || countedAt === undefined || lookedAt - countedAt >= LOOK_INTERVAL_MS) {
        looks += 1;
        countedAt = lookedAt;
      }
      const times = looks;
      call.enter('looking', (said) =>
        found.status === 'refused'
          ? said.call.lookedForInVain(post.reference, times, found.message)
          : said.call.lookedFor(post.reference, times),
      );
    } else {
      failures += 1;
      call.held('blocked', (said) => said.call.cannotBeAsked(found.message));
    }
    call.progress.unconfirmed = { ...post, looks, ...(countedAt !== undefined && { countedAt }) };
    if (looks >= MAX_LOOKS || (!inTime && failures >= maxFailures)) break;
    if (inTime && Date.now() >= latest) {
      const { notAsked, notAskedBecause } = words().call;
      const { reference } = post;
      call.note(found.status === 'failed' ? notAskedBecause(reference, found.message) : notAsked(reference));
      break;
    }
    await continueAsNewIfLong(call);
    const wait = failures > 0 ? backOffMs(failures, null) : LOOK_INTERVAL_MS;
    const atMost = inTime ? Math.max(latest - Date.now(), 1) : wait;
    await pause(call, Math.min(wait, atMost), words().call.waitForNextLook);
  }
  return false;
}

type Found =
  | { readonly status: 'found'; readonly resultId: string }
  | { readonly status: 'notListed' }
  /** The list of calls is not for us, or not there. */
  | { readonly status: 'refused'; readonly message: string }
  | { readonly status: 'failed'; readonly message: string };

export async function find(call: Call, reference: string, postedAt?: number): Promise<Found> {
  const found = await ask(call, reference, postedAt);
  count('runSearches', found.status);
  return found;
}

async function ask(call: Call, reference: string, postedAt: number | undefined): Promise<Found> {
  try {
    const resultId = await findRun({
      reference,
      workflowRun: call.workflowRun,
      ...(postedAt !== undefined && { postedAt }),
    });
    return resultId === null ? { status: 'notListed' } : { status: 'found', resultId };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { message } = verdictOf(error);
    return { status: isRefusal(error) ? 'refused' : 'failed', message };
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
    lost = await getResult(summaryOf(words().call.summaryOfLostRun(reference)))({ resultId });
  } catch (error) {
    if (isCancellation(error)) throw error;
    return; // it stays lost, and is looked for again
  }
  progress.lost.splice(progress.lost.indexOf(reference), 1);
  const ours = progress.run;
  const oursIsActive = ours !== null && call.isActive;
  const choice = chooseRun(standingOf(call, progress.view), standingOf(call, lost));
  call.note(words().call.turnedUp(resultId, reference, lost.status, words().call.choices[choice]));
  switch (choice) {
    case 'followed':
      call.taken(resultId, reference);
      call.saw(lost);
      if (oursIsActive) progress.doubles.push(ours.resultId);
      break;
    case 'hungUp':
      progress.doubles.push(resultId);
      break;
    case 'over':
      break;
    default:
      choice satisfies never;
  }
}

/** Which of two runs of one call is followed. Pure. */
export function chooseRun(ours: Standing, lost: Standing) {
  if (!lost.active) return lost.answered && !ours.answered ? 'followed' : 'over';
  const oursIsBehind = !ours.active || (lost.calling && !ours.calling);
  return oursIsBehind && !ours.answered ? 'followed' : 'hungUp';
}

/** The incident to which a call belonged, and its level. */
export interface IncidentOfCall {
  readonly id: string;
  /** First run id: another incident may have its id by now. */
  readonly run: string;
  readonly level: number;
  readonly step: string;
}

/** What a call leaves behind that is over. */
export interface LostRunsInput {
  readonly input: CheckedCallInput;
  readonly progress: CallProgress;
  /** See `RunMark`. */
  readonly workflowRun: string;
  readonly incident: IncidentOfCall | null;
}

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
    await startChild<(input: LostRunsInput) => Promise<unknown>>(LOST_RUNS, {
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

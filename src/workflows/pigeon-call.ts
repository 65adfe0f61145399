import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  ContinueAsNew,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  patched,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, InvokeReply } from '../contract/activities.js';
import { checkPigeonCallInput } from '../contract/check-input.js';
import { CHECK_SIGNAL, DEFAULT_INVOKE_TASK_QUEUE, FailureType, STATUS_QUERY } from '../contract/names.js';
import { Patch } from '../contract/patches.js';
import type { Blocker, PigeonCallInput, PigeonCallResult, PigeonCallStatus } from '../contract/pigeon-call-schema.js';
import { isRejectedForItself, PRIORITIES, retryIntervalMs } from '../contract/rejected-calls.js';
import { stamp, words } from '../words/words.js';
import { Call, type CallHost, type CallProgress, type Say, type UnconfirmedPost } from './call/call.js';
import { hangUpRun } from './call/hang-up.js';
import { leaveLostRuns, lookForUnconfirmed, settleLostRuns } from './call/look-for-run.js';
import { type CallEnding, getResult, resultOf, statusOf } from './call/result.js';
import { showEnd, showProgress } from './call/show.js';
import { blockerOf, type Verdict, verdictOf } from './call/verdict.js';
import { backOffMs, continueAsNewIfLong, pause, peopleOf, summaryOf } from './call/wait.js';
import { count, measure } from './metrics.js';

/*
 * One telephone call. `jobFlow` is what happens; after it the workflow around it, what stops it, and its two steps: the POST and
 * the look.
 */

const statusQuery = defineQuery<PigeonCallStatus>(STATUS_QUERY);
const checkSignal = defineSignal(CHECK_SIGNAL);

/** The job flow 「障害コール」: invoke, then sleep and look at the result until the run is no longer active. */
async function jobFlow(call: Call): Promise<CallEnding | 'stuck'> {
  const invoked = await invoke(call); // POST chain/invoke → resultId
  if (invoked !== 'taken') return invoked;
  do {
    await continueAsNewIfLong(call);
    await pause(call, call.input.waitMs, words().call.waitForPoll(call.input.waitMs / 1000));
    await lookAtResult(call); // GET results/{resultId} → isActive, keyInput, status
  } while (call.isActive && !call.isStuck);
  return call.isStuck ? 'stuck' : 'ended';
}

/**
 * One telephone call through Kompira Pigeon: the job flow above, made durable.
 *
 * @param input see the contract; anything else fails at once as `InvalidInput`.
 * @param carried what a continued run takes over; callers leave it out.
 */
export async function pigeonCall(input: PigeonCallInput, carried?: CallProgress): Promise<PigeonCallResult> {
  const call = openCall(input, carried, {
    changed: showProgress,
    continueAsNew: (self) => continueAsNew<typeof pigeonCall>(input, self.progress),
  });
  handleMessages(call);
  try {
    const ending = await callUntilOver(call);
    await leaveLostRuns(call);
    const result = resultOf(call, ending);
    call.ended = result;
    showEnd(call, result.outcome);
    return result;
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => leaveLostRuns(call));
    // A run that continues in a new one has not ended.
    if (!(error instanceof ContinueAsNew)) showEnd(call, isCancellation(error) ? 'cancelled' : 'failed');
    throw error;
  }
}

/**
 * Checks the input and takes up the call, new or continued.
 *
 * @throws ApplicationFailure `InvalidInput`, naming each field; also for a second attempt by a workflow retry policy,
 *   which would call twice.
 */
function openCall(input: unknown, carried: CallProgress | undefined, host: CallHost): Call {
  const { attempt, workflowId, firstExecutionRunId, continuedFromExecutionRunId } = workflowInfo();
  if (attempt > 1) {
    throw ApplicationFailure.nonRetryable(
      'This run was started again by a workflow retry policy, which would place the call a second time. Start pigeonCall without a retry policy.',
      FailureType.InvalidInput,
    );
  }
  const checked = checkPigeonCallInput(input);
  if (!checked.ok) {
    throw ApplicationFailure.nonRetryable(
      `The input of pigeonCall is not valid: ${checked.errors.join('; ')}`,
      FailureType.InvalidInput,
      checked.errors,
    );
  }
  // Only a run that was continued carries progress of ours; what a caller puts there is not looked at.
  const progress = continuedFromExecutionRunId === undefined ? undefined : carried;
  return new Call(
    checked.input,
    workflowId,
    firstExecutionRunId,
    progress ?? Call.begin(checked.input, Date.now()),
    host,
  );
}

function handleMessages(call: Call): void {
  setHandler(statusQuery, () => statusOf(call), {
    description: 'What is happening, who was called, what was unclear.',
  });
  setHandler(checkSignal, () => void (call.lookNow = true), {
    description: 'Look at the result now, not at the next poll.',
  });
}

/**
 * The job flow until it ends, finds its run stuck, until the deadline passes, or until somebody cancels. In the last three cases
 * the run, wherever it has come to, is hung up before this returns.
 *
 * @throws CancelledFailure when it was cancelled from outside, after hanging up.
 */
export async function callUntilOver(call: Call): Promise<CallEnding> {
  const stopped = new CancellationScope();
  const deadline = new CancellationScope();
  const { deadlineAt } = call.progress;
  deadline
    .run(() =>
      sleep(Math.max(deadlineAt - Date.now(), 1), {
        summary: words().call.summaryOfDeadline(stamp(deadlineAt)),
      }),
    )
    .then(() => stopped.cancel())
    .catch(() => undefined); // it ended before
  if (Date.now() >= deadlineAt) stopped.cancel();
  try {
    const ending = await stopped.run(() => jobFlow(call));
    if (ending !== 'stuck') return ending;
    await CancellationScope.nonCancellable(() => hangUp(call, (said) => said.call.whyStuck));
    return 'deadline';
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const fromOutside = CancellationScope.current().consideredCancelled;
    const why: Say = (said) => (fromOutside ? said.call.whyCancelled : said.call.whyDeadline(call.input.deadlineMs));
    await CancellationScope.nonCancellable(() => hangUp(call, why));
    if (fromOutside) throw error;
    return 'deadline';
  } finally {
    deadline.cancel();
  }
}

/** Looks that fail while hanging up, over some five minutes. */
const MAX_FAILURES = 8;

/** Aborts whatever run the call has, or may have, and reads its result once more when its end is known. */
async function hangUp(call: Call, why: Say): Promise<void> {
  const { progress } = call;
  if (progress.run === null && progress.unconfirmed === null && progress.lost.length === 0) {
    call.note(words().call.stopped(why(words())));
    return;
  }
  call.note(words().call.hangingUp(why(words())));
  if (progress.run === null && progress.unconfirmed !== null) {
    await lookForUnconfirmed(call, progress.unconfirmed, MAX_FAILURES);
  }
  call.hangsUp(why);
  if (progress.run !== null) await hangUpRun(call, progress.run.resultId);
  const ours = progress.run;
  await settleLostRuns(call);
  if (progress.run !== null && progress.run !== ours) await hangUpRun(call, progress.run.resultId);
}

/**
 * POSTs until Pigeon has the run, and never twice for one telephone call: it posts again only where it is proven that no
 * run exists (nothing was sent, 429 and the like, `rejected`), or where the caller said so for an unknown outcome.
 *
 * @throws ApplicationFailure `PigeonRefused`: the call itself is wrong.
 */
async function invoke(call: Call): Promise<'taken' | 'gaveUp' | 'gaveWay' | 'nobody'> {
  const { progress } = call;
  // Begun by an earlier run of the workflow. Without one nothing is awaited: recorded runs did not.
  if (progress.askAgainAt !== undefined) await waitOut(call);
  while (progress.run === null) {
    if (call.shouldGiveWay) return 'gaveWay';
    if (progress.unconfirmed !== null) {
      const found = await lookForUnconfirmed(call, progress.unconfirmed);
      if (found) break;
      const mayCallAgain = call.input.onUnknownOutcome === 'callAgain' && progress.refusedAgain !== true;
      if (!mayCallAgain || progress.lost.length >= MAX_CALLS_AGAIN) return 'gaveUp';
      callAgain(call, progress.unconfirmed);
    }
    // A call that is held stays so, for all to see, until Pigeon takes it.
    if (progress.state === 'looking') call.enter('invoking', (said) => said.call.onItsWayAgain);
    const answer = await post(call);
    if (answer.kind !== 'heldBack') count('invokes', answer.kind === 'blocked' ? countedAs(answer.by) : answer.kind);
    switch (answer.kind) {
      case 'accepted':
      case 'unconfirmed':
        break; // `post` has put it into the call's state
      case 'rejected':
        if (patched(Patch.FullQueue)) {
          await rejected(call, answer);
          break;
        }
        call.held('waiting', (said) => said.call.queueFull(answer.message));
        await backOff(call, null);
        break;
      case 'heldBack':
        call.heldBack();
        await waitForPlace(call, answer.againInMs);
        break;
      case 'blocked':
        call.held('blocked', (said) => said.call.nothingRings(answer.message), answer.by);
        await backOff(call, answer.retryAfterMs);
        break;
      case 'refused':
        await refused(call, answer);
        break;
      case 'nobody':
        if (await thereIsNobody(call, answer.missing)) return 'nobody';
        break;
      default:
        answer satisfies never;
    }
  }
  return 'taken';
}

type Refused = Extract<Verdict, { readonly kind: 'refused' }>;
type Rejected = Extract<InvokeReply, { readonly status: 'rejected' }>;
type Answer =
  | { readonly kind: 'accepted' }
  | ({ readonly kind: 'rejected' } & Rejected)
  | { readonly kind: 'heldBack'; readonly againInMs: number }
  | { readonly kind: 'nobody'; readonly missing: readonly string[] }
  | Verdict;

/** One POST. Whatever becomes of it is in the call's state before anything else happens. */
async function post(call: Call): Promise<Answer> {
  const { reference, scheduledAt } = call.nextPost();
  const { callflowId, callflow, guidanceId, guidance, parameters } = call.input;
  const { wantedCallees } = call;
  let reply: InvokeReply;
  try {
    reply = await invokeOnce(
      summaryOf(words().call.summaryOfPost(peopleOf(call), reference)),
      call.severity === null ? undefined : PRIORITIES[call.severity],
    )({
      // Only a run that says so may be held back: a worker of a version before does not know that answer.
      ...((call.place.rejections === 0 || patched(Patch.FullQueue)) && { place: call.place }),
      ...(wantedCallees !== undefined && { callees: wantedCallees }),
      params: {
        ...(callflowId !== undefined && { callflowId }),
        ...(callflow !== undefined && { callflow }),
        ...(guidanceId !== undefined && { guidanceId }),
        ...(guidance !== undefined && { guidance }),
        parameters: { ...parameters, pigeonflowRef: reference, pigeonflowRun: call.workflowRun },
      },
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    const verdict = verdictOf(error);
    if (verdict.kind === 'unconfirmed') {
      call.progress.unconfirmed = { reference, scheduledAt, looks: 0 };
      call.note(words().call.notConfirmed(reference, verdict.message));
    }
    return verdict;
  }
  if (reply.status === 'rejected') return { kind: 'rejected', ...reply };
  if (reply.status === 'heldBack') return { kind: 'heldBack', againInMs: reply.againInMs };
  if (reply.status === 'nobody') return { kind: 'nobody', missing: reply.missing };
  if (reply.callout !== undefined) call.calls(reply.callout);
  call.taken(reply.resultId, reference);
  return { kind: 'accepted' };
}

/** Set by the worker in front of the bundle, since workflows cannot read its configuration. */
declare global {
  var pigeonflowInvokeTaskQueue: string | undefined;
}

/** The POST: one attempt, ever. `summary` is shown in the Web UI. */
function invokeOnce(summary: string, priorityKey?: number): Activities['invoke'] {
  return proxyActivities<Pick<Activities, 'invoke'>>({
    taskQueue: globalThis.pigeonflowInvokeTaskQueue ?? DEFAULT_INVOKE_TASK_QUEUE,
    // 5 s within which the activity may begin to send, and 10 s for the exchange.
    startToCloseTimeout: '15s',
    // Longer than a storm of 1,000 calls waits at 2 POSTs a second; then it is reported that no worker takes it.
    scheduleToStartTimeout: '10m',
    // There is no idempotency key: a second POST is a second telephone call.
    retry: { maximumAttempts: 1 },
    // Not started: cancelled at once, provably never sent. Started: its resultId is still delivered.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
    ...(priorityKey !== undefined && { priority: { priorityKey } }),
  }).invoke;
}

/** Nothing is wrong with the space where calling is, or may be, paused. */
const countedAs = (by: Blocker) => (by === 'paused' || by === 'pauseUnknown' ? by : 'blocked');

/** @throws ApplicationFailure `PigeonRefused`, unless a run of ours may still ring: then its fate matters more. */
async function refused(call: Call, { message, type }: Pick<Refused, 'message' | 'type'>): Promise<void> {
  await settleLostRuns(call);
  if (call.progress.run !== null) return;
  if (call.progress.lost.length === 0 || !patched(Patch.LostRuns)) throw ApplicationFailure.nonRetryable(message, type);
  call.refusedAgain(message);
}

/** Whether that ends the call: a run of ours that may still ring matters more. */
async function thereIsNobody(call: Call, missing: readonly string[]): Promise<boolean> {
  const message = missing.join('; ');
  await settleLostRuns(call);
  if (call.progress.run !== null) return false;
  if (call.progress.lost.length > 0) call.refusedAgain(message);
  else call.note(words().callees.nobody(message));
  return call.progress.lost.length === 0 && call.progress.unconfirmed === null;
}

/** @throws as {@link refused}, where it is this call alone that Pigeon rejects. */
async function rejected(call: Call, { message, seen, againInMs = 0 }: Rejected): Promise<void> {
  call.rejected((said) => said.call.queueFull(message));
  if (seen !== undefined && isRejectedForItself(seen, call.rejectedForMs)) {
    const why = message === null ? '' : ` (${message})`;
    const refusal = `Pigeon rejects this call and takes others: it can never be placed${why}.`;
    return refused(call, { message: refusal, type: FailureType.PigeonRefused });
  }
  const { severity, rejections } = call.place;
  await waitForPlace(call, Math.max(againInMs, retryIntervalMs(severity, rejections)));
}

async function waitForPlace(call: Call, ms: number): Promise<void> {
  await settleLostRuns(call);
  if (call.progress.run !== null) return;
  call.progress.askAgainAt = Date.now() + Math.max(Math.min(ms, call.msUntilGivingWay), 1);
  await continueAsNewIfLong(call);
  await waitOut(call);
}

async function waitOut(call: Call): Promise<void> {
  const { askAgainAt } = call.progress;
  if (askAgainAt === undefined) return;
  const ms = askAgainAt - Date.now();
  if (ms > 0) await pause(call, ms, words().call.waitToAskAgain(ms));
  delete call.progress.askAgainAt;
}

async function backOff(call: Call, retryAfterMs: number | null): Promise<void> {
  await settleLostRuns(call);
  if (call.progress.run !== null) return;
  await continueAsNewIfLong(call);
  const ms = backOffMs(call.progress.refusals, retryAfterMs);
  await pause(call, ms, words().call.waitToAskAgain(ms));
  // The space may be back by now, and show what was lost: then it is not called again.
  if (call.progress.lost.length > 0 && patched(Patch.LostRuns)) await settleLostRuns(call);
}

/** Where every answer is unreadable, calling again and again would ring all night although somebody answers. */
const MAX_CALLS_AGAIN = 1;

/** Rather twice than never. The old reference is still looked for, see `settleLostRuns`. */
function callAgain(call: Call, { reference, scheduledAt }: UnconfirmedPost): void {
  call.note(words().call.callsAgain(reference));
  call.progress.lost.push(reference);
  call.progress.lostAt ??= scheduledAt;
  call.progress.unconfirmed = null;
}

/**
 * One look at the result. A look that fails ends nothing: the call was placed, so it is looked at again until the
 * deadline, and the status says what is wrong.
 */
async function lookAtResult(call: Call): Promise<void> {
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

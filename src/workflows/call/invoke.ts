import { ApplicationFailure, isCancellation, patched } from '@temporalio/workflow';
import type { InvokeReply } from '../../contract/activities.js';
import { isRejectedForItself, PRIORITIES, retryIntervalMs } from '../../contract/rejected-calls.js';
import { FailureType } from '../../contract/names.js';
import { Patch } from '../../contract/patches.js';
import type { Blocker } from '../../contract/pigeon-call-schema.js';
import { words } from '../../words/words.js';
import { count } from '../metrics.js';
import { invokeOnce } from './call-activities.js';
import type { Call, UnconfirmedPost } from './call.js';
import { lookForUnconfirmed, settleLostRuns } from './look-for-run.js';
import { type Verdict, verdictOf } from './verdict.js';
import { backOffMs, continueAsNewIfLong, pause, peopleOf, summaryOf } from './wait.js';

/**
 * POSTs until Pigeon has the run, and never twice for one telephone call: it posts again only where it is proven that no
 * run exists (nothing was sent, 429 and the like, `rejected`), or where the caller said so for an unknown outcome.
 *
 * @throws ApplicationFailure `PigeonRefused`: the call itself is wrong.
 */
export async function invoke(call: Call): Promise<'taken' | 'gaveUp' | 'gaveWay' | 'nobody'> {
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

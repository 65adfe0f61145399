import { ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { InvokeReply } from '../../contract/activities.js';
import { describeMs } from '../../contract/duration.js';
import type { Call } from './call.js';
import { invokeOnce } from './call-activities.js';
import { lookForUnconfirmed, settleLostRuns } from './look-for-run.js';
import { backOffMs, pause, summaryOf } from './pause.js';
import { verdictOf, type Verdict } from './verdict.js';

/**
 * POSTs until Pigeon has the run, and never twice for one telephone call: it posts again only where it is proven that no
 * run exists (nothing was sent, 429 and the like, `rejected`), or where the caller said so for an unknown outcome.
 *
 * @throws ApplicationFailure `PigeonRefused`: the call itself is wrong.
 */
export async function invoke(call: Call): Promise<'taken' | 'gaveUp'> {
  const { progress } = call;
  while (progress.run === null) {
    if (progress.unconfirmed !== null) {
      const found = await lookForUnconfirmed(call, progress.unconfirmed);
      if (!found && call.input.onUnknownOutcome === 'giveUp') return 'gaveUp';
      if (!found) callAgain(call);
      continue;
    }
    // A call that is held stays so, for all to see, until Pigeon takes it.
    if (progress.state === 'looking') call.enter('invoking', 'The request to call is on its way to Pigeon, again.');
    const answer = await post(call);
    switch (answer.kind) {
      case 'accepted':
        break;
      case 'rejected':
        call.held('waiting', `The queue of the space is full${answer.message === null ? '' : ` (${answer.message})`}.`);
        await hold(call, null);
        break;
      case 'blocked':
        call.held('blocked', `Nothing rings: ${answer.message}`);
        await hold(call, answer.retryAfterMs);
        break;
      case 'refused':
        throw ApplicationFailure.nonRetryable(answer.message, answer.type);
      case 'unconfirmed':
        break;
      default:
        answer satisfies never;
    }
  }
  return 'taken';
}

type Answer = { readonly kind: 'accepted' } | { readonly kind: 'rejected'; readonly message: string | null } | Verdict;

/** One POST. Whatever becomes of it is in the call's state before anything else happens. */
async function post(call: Call): Promise<Answer> {
  const { reference, scheduledAt } = call.nextPost();
  const { callflowId, callflow, guidanceId, guidance, parameters } = call.input;
  let reply: InvokeReply;
  try {
    reply = await invokeOnce(summaryOf(`POST chain/invoke, reference ${reference}`))({
      params: {
        ...(callflowId !== undefined && { callflowId }),
        ...(callflow !== undefined && { callflow }),
        ...(guidanceId !== undefined && { guidanceId }),
        ...(guidance !== undefined && { guidance }),
        parameters: { ...parameters, pigeonflowRef: reference },
      },
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    const verdict = verdictOf(error);
    if (verdict.kind === 'unconfirmed') {
      call.progress.unconfirmed = { reference, scheduledAt, lookedSince: null };
      call.note(`POST ${reference} was not confirmed: ${verdict.message}`);
    }
    return verdict;
  }
  if (reply.status === 'rejected') return { kind: 'rejected', message: reply.message };
  call.taken(reply.resultId, reference);
  return { kind: 'accepted' };
}

async function hold(call: Call, retryAfterMs: number | null): Promise<void> {
  await settleLostRuns(call);
  if (call.progress.run !== null) return;
  const ms = backOffMs(call.progress.refusals, retryAfterMs);
  await pause(call, ms, `asked again in ${describeMs(ms)}`);
}

/** Rather twice than never. The old reference is still looked for, see `settleLostRuns`. */
function callAgain(call: Call): void {
  const { progress } = call;
  if (progress.unconfirmed === null) return;
  call.note(`POST ${progress.unconfirmed.reference} was not found: calling again, it may ring twice.`);
  progress.lost.push(progress.unconfirmed.reference);
  progress.unconfirmed = null;
}

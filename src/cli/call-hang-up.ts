import { CallCancelled, type PigeonCallHandle } from '../client.js';
import { type Words, words } from '../words/words.js';
import type { JsonFlag } from './call-actions.js';
import { typed } from './call-follow.js';
import { watchCall } from './call-watch.js';
import { ExitCode } from './exit-code.js';
import { withPigeonflow } from './temporal.js';

/** Seconds as a rule; the workflow itself continues for ten minutes where Pigeon does not take the abort. */
const HUNG_UP_WITHIN_MS = 180_000;

/** Hangs up a call of somebody else's command, and waits until that is done. */
export async function hangUpCall(callId: string, { json }: JsonFlag): Promise<ExitCode> {
  return await withPigeonflow(async (pigeonflow) => {
    const call = pigeonflow.call(callId);
    const end = (await call.hangUp()) === 'over' ? 'overBefore' : await endOf(call);
    const message = words().command[MESSAGES[end]](typed(callId));
    if (json === true) console.log(JSON.stringify({ callId, hungUp: end === 'hungUp', message }));
    else console.log(message);
    return end === 'pending' || end === 'unserved' ? ExitCode.unreachable : ExitCode.done;
  });
}

type End = 'overBefore' | 'hungUp' | 'endedByItself' | 'unserved' | 'pending';

const MESSAGES = {
  overBefore: 'callOverBefore',
  hungUp: 'callHungUp',
  endedByItself: 'callEndedByItself',
  unserved: 'callUnserved',
  pending: 'callPending',
} as const satisfies Readonly<Record<End, keyof Words['command']>>;

/** How it ends, once no question of it is under way any more. */
export async function endOf(call: Pick<PigeonCallHandle, 'wait' | 'status' | 'unservedQueue'>): Promise<End> {
  const over = new AbortController();
  const tooLong = setTimeout(() => over.abort(), HUNG_UP_WITHIN_MS);
  let watching = Promise.resolve();
  const unserved = new Promise<End>((resolve) => {
    watching = watchCall(call, over.signal, ({ kind }) => void (kind === 'unserved' && resolve(kind)));
  });
  try {
    return await Promise.race([endedBy(call, over.signal), unserved]);
  } finally {
    clearTimeout(tooLong);
    over.abort();
    // It may be asking: nobody closes the connection before it has its answer.
    await watching;
  }
}

async function endedBy(call: Pick<PigeonCallHandle, 'wait'>, signal: AbortSignal): Promise<End> {
  try {
    await call.wait({ signal });
    return 'endedByItself';
  } catch (error) {
    if (error instanceof CallCancelled) return 'hungUp';
    if (signal.aborted) return 'pending';
    throw error;
  }
}

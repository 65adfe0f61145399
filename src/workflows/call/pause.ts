import { CancellationScope, condition, sleep, workflowInfo } from '@temporalio/workflow';
import { timeOf, type Call } from './call.js';

/** The server suggests to continue as new at 4,096 events; a test server that suggests nothing is met by the same number. */
const LONG_HISTORY_EVENTS = 4_096;

const historyIsLong = (): boolean =>
  workflowInfo().continueAsNewSuggested || workflowInfo().historyLength >= LONG_HISTORY_EVENTS;

/**
 * Sleeps durably, but not past a signal `check`. Every wait of a call is here, so here it continues as new when its
 * history has grown long.
 */
export async function pause(call: Call, ms: number, summary: string): Promise<void> {
  // A new run would forget that it was cancelled, so hanging up stays where it is.
  if (historyIsLong() && CancellationScope.current().cancellable) await call.continueAsNew();
  call.waits(`${summary} (${timeOf(Date.now() + ms)})`);
  await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    await Promise.race([sleep(ms, { summary }), condition(() => call.lookNow)]);
    scope.cancel(); // the timer, when the signal was first
  });
  call.lookNow = false;
  call.waits(null);
}

/** 5, 10, 20, 40, then 60 s: a space that was out of reach or full is tried again soon, and never stormed. */
export function backOffMs(refusals: number, retryAfterMs: number | null): number {
  return Math.max(retryAfterMs ?? 0, Math.min(60_000, 5_000 * 2 ** Math.min(refusals - 1, 10)));
}

/** The server refuses a summary of more than 200 bytes; ids are the callers', and may hold anything. */
export function summaryOf(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > 200) break;
    end += character.length;
  }
  return text.slice(0, end);
}

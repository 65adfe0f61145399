import { CancellationScope, condition, patched, sleep, workflowInfo } from '@temporalio/workflow';
import { Patch } from '../../contract/patches.js';
import { whomItCalls } from '../../incident/callees.js';
import { measure } from '../metrics.js';
import { stamp, words } from '../../words/words.js';
import type { Call } from './call.js';

/**
 * Who takes runs over from a killed worker replays their histories, some thousand events a second: the 4,096 at which the
 * server suggests to continue as new would be 20 s for 25 runs.
 */
const LONG_HISTORY_EVENTS = 500;

/** Set by tests in front of the bundle, so that histories grow long soon. */
declare global {
  var pigeonflowLongHistoryEvents: number | undefined;
}

/** To be asked last, when nothing else is against a new run: the answer is marked in the history. */
export function historyIsLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  const isLong = historyLength >= (globalThis.pigeonflowLongHistoryEvents ?? LONG_HISTORY_EVENTS);
  // Runs of earlier versions continued until the server suggested it.
  return continueAsNewSuggested || (isLong && patched(Patch.ShortHistories));
}

/** Before each wait: continues in a new run when the history has grown long. */
export async function continueAsNewIfLong(call: Call): Promise<void> {
  // A new run would forget that this one is being stopped, or is hanging up.
  const { cancellable, consideredCancelled } = CancellationScope.current();
  if (call.ownsItsRun && cancellable && !consideredCancelled && historyIsLong()) await call.continueAsNew();
}

/** Sleeps durably, but not past a signal `check`; `whole` where looking sooner would prove nothing. */
export async function pause(call: Call, ms: number, summary: string, whole = false): Promise<void> {
  const due = Date.now() + ms;
  call.waits(words().call.waitUntil(summary, stamp(due)), due);
  await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    await Promise.race([sleep(ms, { summary }), ...(whole ? [] : [condition(() => call.lookNow)])]);
    if (!call.lookNow) measure('timerLateness', 'call', Date.now() - due);
    scope.cancel(); // the timer, when the signal was first
  });
  call.lookNow = false;
  call.continues();
}

/** 5, 10, 20, 40, then 60 s: a space that refuses us or is out of reach is tried again soon, and never stormed. A full queue has its own pace. */
export function backOffMs(refusals: number, retryAfterMs: number | null): number {
  return Math.max(retryAfterMs ?? 0, Math.min(60_000, 5_000 * 2 ** Math.min(refusals - 1, 10)));
}

/** The server refuses a summary of more than 200 bytes; ids are the callers', and may hold anything. */
export const summaryOf = (text: string): string => clipped(text, 200);

/** ` (田中, 山田)`: whom a call is for, in summaries; nothing where Pigeon keeps the people. */
export function peopleOf({ input }: Call): string {
  const people = whomItCalls(input);
  return people === null ? '' : words().general.people(clipped(people.join(', '), 60));
}

/** As many whole characters as fit into so many bytes of UTF-8. */
export function clipped(text: string, max: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > max) break;
    end += character.length;
  }
  return text.slice(0, end);
}

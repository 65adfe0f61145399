import type { RunView } from '../../contract/activities.js';
import type { Outcome } from '../../contract/pigeon-call-schema.js';

export interface Ending {
  readonly outcome: Outcome;
  /** The key that ended the run; null unless it was answered. */
  readonly keyInput: string | null;
  readonly answeredBy: string | null;
}

/**
 * How a run that is over ended. Pure; never a success by default: it takes a key that ends the run, and a status that
 * does not contradict it.
 *
 * @param reactions what each key does, as far as it is known: from the ad-hoc guidance, else as Pigeon reports it.
 */
export function endingOf(view: RunView, reactions: Reactions | null): Ending {
  if (view.ended === 'aborted') return { outcome: 'aborted', keyInput: null, answeredBy: null };
  const key = view.keyInput;
  if (key === null || !endsTheRun(key, view, reactions)) {
    return { outcome: 'unanswered', keyInput: null, answeredBy: null };
  }
  const caller = view.calls.findLast((call) => call.keyInput === key)?.contact ?? null;
  return { outcome: 'answered', keyInput: key, answeredBy: view.receivedContactName ?? caller };
}

function endsTheRun(key: string, view: RunView, reactions: Reactions | null): boolean {
  if (!/^[1-9]$/.test(key)) return false; // 0 cuts the call, * and # are not assigned
  const behavior = reactions?.[key];
  const ends = behavior === 'terminate' || behavior === 'transfer';
  switch (view.ended) {
    case 'succeeded':
      return ends || behavior === undefined;
    case 'unknownWord':
      return ends; // the word proves nothing, the key must
    case 'failed':
    case 'aborted':
    case null:
      return false;
    default:
      return view.ended satisfies never;
  }
}

export type Reactions = Readonly<Record<string, string>>;

/** The behaviours by key of a guidance in Pigeon's shape; null when it does not have that shape. */
export function reactionsOf(guidance: unknown): Reactions | null {
  if (typeof guidance !== 'object' || guidance === null || !('reactions' in guidance)) return null;
  const { reactions } = guidance;
  if (typeof reactions !== 'object' || reactions === null) return null;
  const behaviors: Record<string, string> = {};
  for (const [key, reaction] of Object.entries(reactions) as [string, unknown][]) {
    if (typeof reaction === 'object' && reaction !== null && 'behavior' in reaction) {
      if (typeof reaction.behavior === 'string') behaviors[key] = reaction.behavior;
    }
  }
  return behaviors;
}

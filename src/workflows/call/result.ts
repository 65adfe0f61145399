/** What became of a call: how its run ended, its result and its status in the words of the contract. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities, RunView } from '../../contract/activities.js';
import { FailureType } from '../../contract/names.js';
import type { Outcome, PigeonCallResult, PigeonCallStatus } from '../../contract/pigeon-call-schema.js';
import { type Call, timeOf } from './call.js';

/** Refused for what was asked: another try gives the same answer, the workflow decides at once. */
const REFUSALS: FailureType[] = [
  FailureType.PigeonRefused,
  FailureType.PigeonNotFound,
  FailureType.PigeonUnauthorized,
  FailureType.PigeonForbidden,
];

/** A look at the result. Transport faults are absorbed for up to `within`, then the caller shows that and continues. */
export function getResult(summary: string, within: '1m' | '10s' = '1m'): Activities['getResult'] {
  return proxyActivities<Pick<Activities, 'getResult'>>({
    // The client's own limit for one HTTP exchange is 10 s.
    startToCloseTimeout: '15s',
    scheduleToCloseTimeout: within,
    // 1, 2, 4, 8, 10 s …: a short break of the network costs seconds, a long one no storm.
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s', nonRetryableErrorTypes: REFUSALS },
    summary,
  }).getResult;
}

/**
 * `nobody`: there was nobody to be called. `gaveWay`: its queue was full for so long that somebody else is called. `deadline`: it
 * was hung up by us, its time was over.
 */
export type CallEnding = 'ended' | 'deadline' | 'gaveUp' | 'gaveWay' | 'nobody';

/** The result of a call that is over. */
export function resultOf(call: Call, ending: CallEnding): PigeonCallResult {
  const { progress, input, reference } = call;
  const { view } = progress;
  const own = ending === 'gaveUp' ? without('unknown') : ownEnding(call, ending);
  const { outcome, keyInput, answeredBy } = own ?? endingOf(view ?? NOTHING_SEEN, reactionsTo(call, view));
  return {
    outcome,
    keyInput,
    status: view?.status ?? null,
    resultId: progress.run?.resultId ?? null,
    answeredBy,
    reference,
    calls: [...(view?.calls ?? [])],
    callflow: view?.callflow ?? input.callflow ?? null,
    guidance: view?.guidance ?? input.guidance ?? null,
    invokedAt: progress.invokedAt === null ? null : timeOf(progress.invokedAt),
    finishedAt: timeOf(Date.now()),
    polls: progress.polls,
    notes: [...progress.notes],
  };
}

/** What we made of it, by the deadline, by giving way or since nothing moved any more; null where the run had ended before our abort took effect. */
function ownEnding({ progress, unfound }: Call, ending: Exclude<CallEnding, 'gaveUp'>): Ending | null {
  const { view, run, state } = progress;
  if (ending === 'ended') return null;
  if (run === null) return without(unfound.length > 0 ? 'unknown' : state === 'waiting' ? 'rejected' : 'timedOut');
  return view !== null && !view.isActive && view.ended !== 'aborted' ? null : without('timedOut');
}

const without = (outcome: Outcome): Ending => ({ outcome, keyInput: null, answeredBy: null });

const NOTHING_SEEN: RunView = {
  isActive: false,
  status: '',
  ended: 'unknownWord',
  keyInput: null,
  receivedContactName: null,
  calls: [],
};

/** What is happening in a call. */
export function statusOf({ progress, reference, ended }: Call): PigeonCallStatus {
  return {
    state: progress.state,
    since: timeOf(progress.since),
    message: progress.message,
    blockedBy: progress.state === 'blocked' ? (progress.blockedBy ?? null) : null,
    resultId: progress.run?.resultId ?? null,
    reference,
    status: progress.view?.status ?? null,
    polls: progress.polls,
    calls: [...(progress.view?.calls ?? [])],
    deadlineAt: timeOf(progress.deadlineAt),
    notes: [...progress.notes],
    result: ended,
  };
}

/** How far a run has come, as far as the choice between two of them needs it. */
export interface Standing {
  readonly active: boolean;
  /** A telephone has rung for it. */
  readonly calling: boolean;
  readonly answered: boolean;
}

/** How far a run of this call has come; null is a run that does not exist. */
export function standingOf(call: Call, view: RunView | null): Standing {
  return {
    active: view?.isActive ?? false,
    calling: (view?.calls.length ?? 0) > 0,
    answered: view !== null && !view.isActive && endingOf(view, reactionsTo(call, view)).outcome === 'answered',
  };
}

export interface PressedKey {
  readonly keyInput: string;
  readonly contact: string | null;
}

/** The key by which the run ended, before hanging up took effect; null where it did not. */
export function pressedKeyOf(call: Call): PressedKey | null {
  const { view } = call.progress;
  if (view === null || view.isActive) return null;
  const { outcome, keyInput, answeredBy } = endingOf(view, reactionsTo(call, view));
  return outcome === 'answered' && keyInput !== null ? { keyInput, contact: answeredBy } : null;
}

/** What each key does: as the call says, else as Pigeon reports it. */
function reactionsTo({ input }: Call, view: RunView | null): Reactions | null {
  return reactionsOf(input.guidance) ?? reactionsOf(view?.guidance);
}

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

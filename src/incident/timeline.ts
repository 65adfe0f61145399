/** What is recorded of an incident. */
import type { FinalState } from '../contract/incident-states.js';
import type { Callout } from '../contract/activities.js';
import type { Severity } from '../contract/severity.js';
import type { Alert, CallOutcome, LevelEnding, Owner } from './state.js';

/** One line of an incident's history. `at`: epoch milliseconds; so is every `until`. */
export type TimelineEntry = { readonly at: number } & TimelineEvent;

export type TimelineEvent =
  | { readonly kind: 'opened'; readonly alert: Alert; readonly policy: string }
  | { readonly kind: 'alertChanged'; readonly from: Alert; readonly to: Alert }
  /** Nobody can be called until it can be read. */
  | { readonly kind: 'policyUnreadable'; readonly policy: string; readonly reason: string }
  | { readonly kind: 'policyRead'; readonly policy: string }
  | { readonly kind: 'policyGivenUp'; readonly policy: string }
  // Levels and calls
  /** `later`: it waits before its first call. */
  | ({ readonly kind: 'levelBegan'; readonly later?: true } & OfLevel)
  | ({ readonly kind: 'levelEnded'; readonly calls: number } & OfLevel & LevelEnding)
  | ({
      readonly kind: 'callsPlaced';
      readonly attempt: number;
      readonly attempts: number | 'unlimited';
      readonly calls: readonly number[];
    } & OfLevel)
  | ({
      readonly kind: 'callEnded';
      readonly call: number;
      readonly outcome: CallOutcome;
      readonly keyInput: string | null;
      readonly contact: string | null;
      readonly calls: number;
      readonly message: string | null;
      /** By which its POST is found in Pigeon. */
      readonly reference: string | null;
      /** Of the run in Pigeon; null where there is none, or none is known. */
      readonly resultId: string | null;
    } & OfLevel)
  | ({ readonly kind: 'callBlocked'; readonly call: number; readonly reason: string } & OfLevel)
  | ({ readonly kind: 'callUnblocked'; readonly call: number } & OfLevel)
  /** The queue of the space is full. */
  | ({ readonly kind: 'callWaiting'; readonly call: number; readonly reason: string } & OfLevel)
  | ({ readonly kind: 'callTaken'; readonly call: number } & OfLevel)
  /** Whom its POST calls, and why. */
  | ({ readonly kind: 'calleesFound'; readonly call: number } & Callout & OfLevel)
  /** Its child is gone: terminated or cancelled by somebody, or never started. */
  | ({ readonly kind: 'levelLost'; readonly message: string } & OfLevel)
  /** Somebody cancelled its child; what it had placed is hung up. */
  | ({ readonly kind: 'levelCancelled' } & OfLevel)
  | { readonly kind: 'hangingUp'; readonly calls: readonly number[] }
  /** Its level was over: the key changed nothing. */
  | ({ readonly kind: 'keyLate'; readonly keyInput: string; readonly contact: string | null } & OfLevel)
  /** The same, and the key would have acknowledged: who pressed it may believe to own the incident. */
  | ({ readonly kind: 'alsoAcknowledged'; readonly keyInput: string; readonly contact: string | null } & OfLevel)
  // Why nobody is called
  | ({ readonly kind: 'waiting'; readonly reason: WaitReason; readonly until: number } & OfLevel)
  | { readonly kind: 'snoozed'; readonly by: string; readonly step: string; readonly until: number }
  /** By a silence, and for what reason. */
  | {
      readonly kind: 'held';
      readonly by: string;
      readonly reason: string;
      readonly step: string;
      readonly until: number;
    }
  | {
      readonly kind: 'acknowledged';
      readonly owner: Owner;
      readonly note: string | null;
      readonly until: number | null;
      /** It stays so, without a time by which it must be resolved; absent: without such a time it closes. */
      readonly stays?: true;
    }
  | { readonly kind: 'takenOver'; readonly owner: Owner; readonly from: Owner; readonly note: string | null }
  // Why somebody is called again
  | { readonly kind: 'snoozeEnded'; readonly step: string }
  /** `by`: of a silence that somebody has ended. */
  | { readonly kind: 'holdEnded'; readonly step: string; readonly why: HoldEnd; readonly by: string | null }
  | { readonly kind: 'notResolvedInTime'; readonly owner: Owner }
  /** The owner keeps it and is called; null: a snooze ends. */
  | { readonly kind: 'worseNews'; readonly severity: Severity; readonly owner: Owner | null }
  /** Everybody was called for the news. */
  | { readonly kind: 'newsNotTaken'; readonly owner: Owner }
  | { readonly kind: 'released'; readonly owner: Owner }
  | { readonly kind: 'escalated'; readonly by: string; readonly from: string; readonly to: string }
  | { readonly kind: 'hangUpAsked'; readonly by: string }
  // Workflows started by a key
  | {
      readonly kind: 'runStarted';
      readonly run: number;
      readonly workflow: string;
      readonly owner: Owner;
      readonly until: number;
    }
  | { readonly kind: 'runEnded'; readonly run: number; readonly result: AutomationResult }
  // The end
  | { readonly kind: 'resolved'; readonly by: string; readonly via: 'key' | 'api'; readonly note: string | null }
  /** Until then it stays open, unattended; absent: it closes. */
  | { readonly kind: 'exhausted'; readonly until?: number }
  /** A whole round in which no telephone rang: at `until` the policy begins again with `step`. */
  | { readonly kind: 'nothingRang'; readonly step: string; readonly reason: string; readonly until: number }
  /** Rounds without a telephone for as long as it is tried. */
  | { readonly kind: 'neverRang'; readonly since: number; readonly reason: string }
  /** Nobody took it; the policy begins again at its start. */
  | { readonly kind: 'roundEnded'; readonly round: number; readonly times: number }
  /** Exhausted and reported again. */
  | { readonly kind: 'begunAgain'; readonly step: string }
  /** Exhausted, and neither reported again nor touched by anybody for a day. */
  | { readonly kind: 'leftUnattended' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'closed'; readonly state: FinalState; readonly placedCalls: number };

interface OfLevel {
  readonly level: number;
  readonly step: string;
}

export type WaitReason =
  /** The step's `every`. */
  | 'nextAttempt'
  /** The policy's budget of calls is used up. */
  | 'budget'
  /** Every step was tried and no telephone rang: the step's `every` keeps it from going round in a circle. */
  | 'nothingRang'
  /** The policy says `after`, or the pause between two rounds. */
  | 'delay';

export type HoldEnd =
  /** Its time is over. */
  | 'over'
  /** Somebody has ended the silence. */
  | 'ended'
  /** The alert is so severe that the silence does not count for it. */
  | 'severity'
  /** It was reported by an alert that no silence is for. */
  | 'reported';

export type AutomationResult =
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly message: string }
  /** Not ended in time; it is cancelled. */
  | { readonly kind: 'tookTooLong' }
  /** By us, since something else was decided meanwhile, or by somebody. */
  | { readonly kind: 'cancelled' };

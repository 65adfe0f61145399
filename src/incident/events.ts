/** What can happen to an incident, and in which order it counts. */
import type { Until } from '../contract/incident-states.js';
import type { Callout } from '../contract/activities.js';
import type { Blocker } from '../contract/pigeon-call-schema.js';
import type { Alert, CallOutcome, Hold, Level, LevelPlace, Owner } from './state.js';
import type { TimelineEntry } from './timeline.js';

/** Everything that can happen to an incident after it was opened. `at`: epoch milliseconds, never going back. */
export type IncidentEvent =
  CallEvent | LostRunAnswered | TimerFired | ChildLevelEvent | AutomationEvent | SilenceChanged | Cancelled | Update;

/** What opens an incident. */
export interface Opening {
  readonly at: number;
  readonly alert: Alert;
  /** `acknowledged` closes the incident as soon as somebody owns it. */
  readonly until: Until;
  /** Of the levels after the first. Default `here`. */
  readonly branches?: LevelPlace;
  /** Who has taken it while its policy could not be read. */
  readonly owner?: Owner | null;
  /** `after` of its first step does not count: it has opened again and again, or waited for its policy. */
  readonly atOnce?: boolean;
  /** The silences that are for the alert. Default none. */
  readonly holds?: readonly Hold[];
}

export type CallEvent = CallEnded | CallBlocked | CallUnblocked | CallWaiting | CallTaken | CalleesFound;

/** A run of a call flow is over: nothing of it rings any more. */
export interface CallEnded {
  readonly kind: 'callEnded';
  readonly at: number;
  /** The id of the action that placed it. */
  readonly call: number;
  readonly outcome: CallOutcome;
  /** The key that ended it; of a call that was hung up, only a key that was pressed before. */
  readonly keyInput: string | null;
  /** Who pressed it. */
  readonly contact: string | null;
  /** How many telephone calls the run placed. */
  readonly calls: number;
  /** What was not plain, in words: why it was refused. */
  readonly message?: string;
  /** By which its POST is found in Pigeon. */
  readonly reference?: string | null;
  readonly resultId?: string | null;
  /** POSTs whose run was never found: each may have rung everybody. Absent: one where the outcome is unknown. */
  readonly unfound?: number;
  /** The queue of the space was full all the time, or no line became free: it uses no attempt. Absent from workflows before this field. */
  readonly hadNoRoom?: boolean;
}
/** Somebody pressed a key in a run that was lost, and that turned up only after its call had ended. */
export interface LostRunAnswered {
  readonly kind: 'lostRunAnswered';
  readonly at: number;
  readonly level: number;
  readonly step: string;
  readonly keyInput: string;
  readonly contact: string | null;
}
/** The space refuses us or is out of reach; the call waits and continues when it can. */
export interface CallBlocked {
  readonly kind: 'callBlocked';
  readonly at: number;
  readonly call: number;
  /** In words, with what to correct. */
  readonly reason: string;
  /** Who does not take it; absent where that is not known. */
  readonly by?: Blocker | null;
  /** It was not placed. Absent: what was placed may ring although its result cannot be read. */
  readonly nothingRings?: boolean;
}
/** The queue of the space is full; the call asks again until it has a place. */
export interface CallWaiting {
  readonly kind: 'callWaiting';
  readonly at: number;
  readonly call: number;
  readonly reason: string;
}
/** It has a place. */
export interface CallTaken {
  readonly kind: 'callTaken';
  readonly at: number;
  readonly call: number;
}
/** Whom its POST calls is known. */
export interface CalleesFound extends Callout {
  readonly kind: 'calleesFound';
  readonly at: number;
  readonly call: number;
}
export interface CallUnblocked {
  readonly kind: 'callUnblocked';
  readonly at: number;
  readonly call: number;
}

/** A timer that was started by an action. One of the past changes nothing. */
export interface TimerFired {
  readonly kind: 'timerFired';
  readonly at: number;
  readonly timer: number;
}

/** Of a level that runs in a child. */
export type ChildLevelEvent = LevelReported | LevelLost;

/** How far it has come by now, and what happened since its last report. Over only when nothing of it rings. */
export interface LevelReported {
  readonly kind: 'levelReported';
  readonly at: number;
  readonly level: Level;
  readonly timeline: readonly TimelineEntry[];
}
/** Its child is gone; nobody knows what still rings. */
export interface LevelLost {
  readonly kind: 'levelLost';
  readonly at: number;
  readonly level: number;
  /** In words. */
  readonly message: string;
}

export type AutomationEvent = AutomationEnded | AutomationFailed | AutomationCancelled;

/** The workflow that a key started has ended well. */
export interface AutomationEnded {
  readonly kind: 'automationEnded';
  readonly at: number;
  readonly run: number;
}
/** It failed, or could not be started, or did not end although it was cancelled. */
export interface AutomationFailed {
  readonly kind: 'automationFailed';
  readonly at: number;
  readonly run: number;
  readonly message: string;
}

/** It ended since it was cancelled, by us or by somebody. */
export interface AutomationCancelled {
  readonly kind: 'automationCancelled';
  readonly at: number;
  readonly run: number;
}

/** A silence ends at another time than was known; at once where that is over. */
export interface SilenceChanged {
  readonly kind: 'silenceChanged';
  readonly at: number;
  readonly silence: string;
  /** Epoch milliseconds. */
  readonly until: number;
  readonly by: string;
}

/** The incident itself was cancelled. */
export interface Cancelled {
  readonly kind: 'cancelled';
  readonly at: number;
}

/** What people and other systems ask for; each is answered. */
export type Update = Acknowledge | Resolve | EscalateUpdate | SnoozeUpdate | HangUp | AlertUpdate;

export interface Acknowledge {
  readonly kind: 'acknowledge';
  readonly at: number;
  readonly by?: string | undefined;
  readonly note?: string | undefined;
  /** Owns it even if somebody else does. */
  readonly takeOver?: boolean | undefined;
}
export interface Resolve {
  readonly kind: 'resolve';
  readonly at: number;
  readonly by?: string | undefined;
  readonly note?: string | undefined;
}
export interface EscalateUpdate {
  readonly kind: 'escalate';
  readonly at: number;
  readonly by?: string | undefined;
  /** Default: the step's `otherwise`. */
  readonly to?: string | undefined;
  /** Only if this step is being called: guards against a level that is over. */
  readonly from?: string | undefined;
}
export interface SnoozeUpdate {
  readonly kind: 'snooze';
  readonly at: number;
  readonly by?: string | undefined;
  /** Default {@link DEFAULT_SNOOZE}. */
  readonly for?: string | undefined;
}
export interface HangUp {
  readonly kind: 'hangUp';
  readonly at: number;
  readonly by?: string | undefined;
}
export interface AlertUpdate {
  readonly kind: 'alert';
  readonly at: number;
  readonly alert: Alert;
  /** The silences that are for this report. Default none. */
  readonly holds?: readonly Hold[];
}

export function isUpdate(event: IncidentEvent): event is Update {
  const kinds: readonly string[] = UPDATES;
  return kinds.includes(event.kind);
}
export const UPDATES = [
  'acknowledge',
  'resolve',
  'escalate',
  'snooze',
  'hangUp',
  'alert',
] as const satisfies readonly Update['kind'][];

/** As the example of a key in the contract: long enough to sit down, short enough not to be forgotten. */
export const DEFAULT_SNOOZE = '30m';
/** As in a policy: longer than a week nobody means it. */
export const MAX_SNOOZE = '7d';

/** Who acted when an update does not say. */
export const EXTERNAL = 'external';

/**
 * The order in which events are decided: by time, and of the same instant people before telephones before timers, so that
 * an acknowledge beats the timer that would have called again. Else as they came.
 */
export function inOrder(events: readonly IncidentEvent[]): readonly IncidentEvent[] {
  return events.toSorted((a, b) => a.at - b.at || precedence(a) - precedence(b));
}

function precedence({ kind }: IncidentEvent): number {
  switch (kind) {
    case 'acknowledge':
    case 'resolve':
    case 'cancelled':
      return 0;
    case 'escalate':
    case 'snooze':
    case 'hangUp':
    case 'alert':
    case 'callEnded':
    case 'lostRunAnswered':
    case 'callBlocked':
    case 'callUnblocked':
    case 'callWaiting':
    case 'callTaken':
    case 'calleesFound':
    case 'levelReported':
    case 'levelLost':
    case 'automationEnded':
    case 'automationFailed':
    case 'automationCancelled':
    case 'silenceChanged':
      return 1;
    case 'timerFired':
      return 2;
    default:
      return kind satisfies never;
  }
}

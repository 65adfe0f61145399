import type { FinalState, IncidentStateName } from '../contract/incident-states.js';
import type { IncidentState, Owner, Level } from './state.js';
import type { RunAction, StepCall } from '../contract/policy.js';
import type { TimelineEntry } from './timeline.js';

/** What one event led to. */
export interface Decision {
  readonly state: IncidentState;
  /** To be carried out in this order. */
  readonly actions: readonly Action[];
  readonly timeline: readonly TimelineEntry[];
  /** Of an update; null for every other event. */
  readonly answer: Answer | null;
  /** The rules `before` lead to something else here. */
  readonly differs?: true;
}

/**
 * `before`: as version 0.1.0 decided. An incident that is `exhausted` closes at once, also where no telephone has rung. Only
 * for replaying what was recorded then.
 */
export type Rules = 'today' | 'before';

export type Action = LevelAction | StartLevel | StandDownLevel | HangUpLevel | StartRun | CancelRun | Close;

/** What a level does by itself, wherever it runs. Timers of an incident are the same. */
export type LevelAction = PlaceCalls | HangUpCalls | StartTimer | CancelTimer;

/** One attempt of a level: these runs are placed together. */
export interface PlaceCalls {
  readonly kind: 'placeCalls';
  readonly level: number;
  readonly step: string;
  readonly attempt: number;
  readonly calls: readonly { readonly id: number; readonly call: StepCall }[];
}
/** Hang these up and report each as ended; a key that was pressed before counts as pressed. */
export interface HangUpCalls {
  readonly kind: 'hangUpCalls';
  readonly calls: readonly number[];
}
export interface StartTimer {
  readonly kind: 'startTimer';
  readonly timer: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly waitsFor: 'nextAttempt' | 'endOfSnooze' | 'resolve' | 'endOfRun';
}
export interface CancelTimer {
  readonly kind: 'cancelTimer';
  readonly timer: number;
}
/** A level that runs elsewhere: whoever carries it on begins with what stands in it. */
export interface StartLevel {
  readonly kind: 'startLevel';
  readonly level: Level;
}
/** It ends and hangs up, and is reported as over. */
export interface StandDownLevel {
  readonly kind: 'standDownLevel';
  readonly level: number;
}
/** It hangs up and goes on with its next attempt. */
export interface HangUpLevel {
  readonly kind: 'hangUpLevel';
  readonly level: number;
}
export interface StartRun {
  readonly kind: 'startRun';
  readonly run: number;
  readonly action: RunAction;
  readonly keyInput: string;
  readonly contact: string;
}
/** Cancel it and report it as ended or failed. */
export interface CancelRun {
  readonly kind: 'cancelRun';
  readonly run: number;
}
/** Nothing is live any more: the incident closes. */
export interface Close {
  readonly kind: 'close';
  readonly state: FinalState;
  readonly owner: Owner | null;
  readonly keyInput: string | null;
  readonly placedCalls: number;
}

/** To an update. What the state does not allow is an answer too; whether it fails the update is decided elsewhere. */
export interface Answer {
  readonly accepted: boolean;
  readonly state: IncidentStateName;
  readonly owner: Owner | null;
  /** Since when state and owner are so. Epoch milliseconds. */
  readonly since: number;
  /** For people. */
  readonly message: string;
}

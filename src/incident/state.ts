/** What an incident and its level remember between two events. */
import type { FinalState, IncidentStateName, Until } from '../contract/incident-states.js';
import type { Blocker, Outcome } from '../contract/pigeon-call-schema.js';
import type { AutomationAction } from '../contract/policy-schema.js';
import { isMoreSevere, type Severity } from '../contract/severity.js';

/**
 * All that an incident remembers between two events. Plain JSON, bounded: what happened is in the timeline, here is
 * only what the next decision needs.
 */
export interface IncidentState {
  readonly version: 1;
  readonly until: Until;
  /** Of the levels after the first. */
  readonly branches: LevelPlace;
  readonly alert: Alert;
  /** What the incident is doing. */
  readonly phase: Phase;
  /** Since when state and owner are what they are. Epoch milliseconds. */
  readonly since: number;
  /** The running level, or the last one. */
  readonly level: Level;
  /** Automations: workflows that keys started and that have not yet ended. They continue only in the phase `running`. */
  readonly runs: readonly LiveAutomation[];
  /** Telephone calls since the beginning. */
  readonly placedCalls: number;
  /** Levels in a row without a ring: they used up their attempts, and no telephone rang. */
  readonly levelsInVain: number;
  /** The last number that was given to a timer or a run. */
  readonly serial: number;
  /** `placedCalls` when the round began: from the start step, or from where a person or a timer began it. Absent: 0. */
  readonly roundFrom?: number;
  /** A level of this round could not be placed, since the queue of the space was full. */
  readonly gaveWay?: boolean;
  /** The rounds in a row in which no telephone rang; null: the last one was not such a round. */
  readonly vain?: VainRounds | null;
  /** What became of the last run that rang nobody, in words. */
  readonly lastInVain?: string;
  /** The worst severity that was reported; absent: none was worse than the alert is now. */
  readonly worst?: Severity;
  /** The worst severity that was known when somebody took the incident or snoozed it, or was called for news. */
  readonly known?: Severity;
  /** How often its owner was called for worse news, and when last. Epoch milliseconds. */
  readonly news?: { readonly times: number; readonly lastAt: number };
  /** When it was opened, where a step is not called before a time after that. Epoch milliseconds. */
  readonly openedAt?: number;
  /** Which round of the policy it is; absent: the first. */
  readonly round?: number;
}

/** What is known of the trouble, and is compared when it is reported again. */
export interface Alert {
  readonly summary: string;
  readonly severity: Severity;
  /** Fill {{name}} in the texts of the calls that are placed from now on. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface VainRounds {
  readonly rounds: number;
  /** When the first of them ended. Epoch milliseconds. */
  readonly since: number;
}

export type Phase =
  /** A level begins as soon as the calls of the last one have ended. */
  | { readonly kind: 'next'; readonly step: string; readonly kept?: Kept; readonly notBefore?: number }
  /** The level is under way: its telephones ring, or it waits for its next attempt. */
  | { readonly kind: 'calling'; readonly kept?: Kept }
  /** Nobody is called until then. */
  | {
      readonly kind: 'snoozed';
      readonly step: string;
      readonly timer: Timer;
      readonly unattended?: Unattended;
      /** Held by these, and snoozed by nobody: until the timer, which is that of the one that ends last. */
      readonly holds?: readonly Hold[];
    }
  /**
   * Somebody owns it; resolved by then, or the calls start again (null: they do not). With `resolveAt` that is then, and by the
   * timer the owner hears news.
   */
  | {
      readonly kind: 'acknowledged';
      readonly owner: Owner;
      readonly timer: Timer | null;
      readonly resolveAt?: number | null;
    }
  /** Somebody pressed a key that started a workflow, and owns it until that has ended. */
  | {
      readonly kind: 'running';
      readonly owner: Owner;
      readonly presser: KeyOwner;
      readonly run: number;
      readonly action: AutomationAction;
      readonly timer: Timer;
    }
  /** Decided; closes as soon as no call and no run is live. */
  | { readonly kind: 'over'; readonly state: FinalState; readonly owner: Owner | null }
  | { readonly kind: 'closed'; readonly state: FinalState; readonly owner: Owner | null };

/** Why nobody is called although nobody has asked it of this incident. */
export interface Hold {
  /** Epoch milliseconds. */
  readonly until: number;
  /** Alerts of these severities are called all the same. */
  readonly unless: readonly Severity[];
  readonly by: string;
  readonly reason: string;
  /** Its id, by which it can be changed. */
  readonly silence: string;
}

/** People are called for worse news, and somebody owns the incident meanwhile, until a key makes another owner. */
export interface Kept {
  readonly owner: Owner;
  /** Epoch milliseconds; null: there is no such time. */
  readonly resolveAt: number | null;
}

/**
 * Nobody has snoozed it: a round of the policy has ended without an owner. To a worker of an earlier version it is a snooze,
 * after which people are called again.
 */
export type Unattended =
  /** Telephones rang, nobody took it. Open until it is reported again, a person acts, or for a day. */
  | { readonly kind: 'exhausted' }
  /** No telephone rang, for this reason: the policy begins again at its start. */
  | { readonly kind: 'nothingRang'; readonly reason: string };

/** Exactly one at a time. */
export type Owner = KeyOwner | ApiOwner;

export interface KeyOwner {
  /** The contact, as Pigeon names it; `unknown` where it does not. */
  readonly by: string;
  readonly via: 'key';
  /** Where the key was pressed. */
  readonly step: string;
  readonly keyInput: string;
}

export interface ApiOwner {
  /** Whom the update names; else `external`. */
  readonly by: string;
  readonly via: 'api';
  readonly step: null;
  readonly keyInput: null;
}

export interface LiveAutomation {
  readonly id: number;
  readonly cancelling: boolean;
}

/**
 * All that one level remembers between two events: enough to carry it on anywhere, in the run of its incident or in a
 * child of it. Plain JSON, bounded.
 */
export interface Level {
  /** From 1; 0 before the first. */
  readonly number: number;
  readonly step: string;
  readonly runs: LevelPlace;
  /** Attempts used. */
  readonly attempts: number;
  /** Whether the attempt under way counts: calls that were only ever blocked use none. */
  readonly attemptCounts: boolean;
  /** Telephone calls placed. */
  readonly calls: number;
  /** Runs of the attempt under way that are not yet reported ended. */
  readonly live: readonly LiveCall[];
  /** Until the next attempt; null while one is under way. */
  readonly waiting: Timer | null;
  /** Telephone calls of ended runs inside the span of the budget, those of earlier levels too. Oldest first. */
  readonly rung: readonly Rung[];
  /** The last number that was given to a call or a timer. */
  readonly serial: number;
  /** Handles of those whom it has called, where that was known only at the POST. */
  readonly called?: readonly string[];
  /**
   * What is known of the calls that ring, in the words of the workflow that runs the level: only while it is handed from one
   * child to the next. Opaque here.
   */
  readonly carried?: readonly unknown[];
  readonly status:
    | { readonly kind: 'running' }
    /** Decided; over as soon as no call is live. */
    | ({ readonly kind: 'ending' } & LevelEnding)
    | ({ readonly kind: 'over' } & LevelEnding);
}

/**
 * Where a level is decided and its telephones ring: `here` in the workflow of the incident, `elsewhere` in a child of it, an
 * `escalation`. Of such a level the incident has what the child reported last, and asks the child for what it decides.
 */
export type LevelPlace = 'here' | 'elsewhere';

export interface LevelEnding {
  readonly outcome:
    /** A key decided. */
    | 'answered'
    /** Attempts used up, or the level was lost with its child. */
    | 'unanswered'
    /** Its calls were rejected for so long, since the queue of the space was full, that it gives way. */
    | 'notPlaced'
    /** Nobody is on duty, or no number of theirs is known. */
    | 'nobody'
    /** Ended from outside: an update, or the incident was cancelled. */
    | 'stoodDown';
  readonly keyInput: string | null;
  readonly contact: string | null;
}

export interface LiveCall {
  readonly id: number;
  /** Place in the step's list of calls. */
  readonly index: number;
  /** Why the space does not take it now. */
  readonly blocked: string | null;
  /** Who does not take it while it is blocked; absent in states of a version before these fields. */
  readonly blockedBy?: Blocker;
  /** It is blocked before it was placed. */
  readonly nothingRings?: true;
  /** Why it waits for a place in the space; absent: it does not. */
  readonly waiting?: string;
  readonly hangingUp: boolean;
}

export interface Timer {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface Rung {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly calls: number;
}

/** How a run of a call flow ended, as an incident sees it. */
export type CallOutcome =
  | Outcome
  /** Pigeon refuses what this call asks for (400, 404, 422). */
  | 'refused'
  /** By us. */
  | 'hungUp'
  /** There was nobody to be called: nobody is on duty, or no number is known. */
  | 'nobody';

/** The state as everybody outside sees it. */
export function contractState({ phase, level }: IncidentState): IncidentStateName {
  switch (phase.kind) {
    case 'next':
      return phase.kept === undefined ? 'triggered' : 'acknowledged';
    case 'calling':
      if (phase.kept !== undefined) return 'acknowledged';
      return level.live.some((call) => call.blocked !== null && !call.hangingUp) ? 'blocked' : 'triggered';
    case 'snoozed':
      if (phase.unattended === undefined) return 'snoozed';
      return phase.unattended.kind === 'exhausted' ? 'exhausted' : 'blocked';
    case 'acknowledged':
    case 'running':
      return 'acknowledged';
    case 'over':
    case 'closed':
      return phase.state;
    default:
      return phase satisfies never;
  }
}

/** A child decides the level and reports. */
export const isInChild = ({ runs }: Pick<Level, 'runs'>): boolean => runs === 'elsewhere';

/** Why nobody is called although nobody owns it and nobody has snoozed it; null: that is not so. */
export function unattendedOf({ phase }: Pick<IncidentState, 'phase'>): Unattended | null {
  return phase.kind === 'snoozed' ? (phase.unattended ?? null) : null;
}

/** What holds it; null: it is not held. */
export const holdsIn = (phase: Phase): readonly Hold[] | null =>
  phase.kind === 'snoozed' ? (phase.holds ?? null) : null;

export function ownerOf({ phase }: Pick<IncidentState, 'phase'>): Owner | null {
  return 'owner' in phase ? phase.owner : (keptIn(phase)?.owner ?? null);
}

/** Of all that was reported. */
export const worstOf = ({ alert: { severity }, worst = severity }: Pick<IncidentState, 'alert' | 'worst'>): Severity =>
  isMoreSevere(severity, worst) ? severity : worst;

export const keptIn = (phase: Phase): Kept | null => ('kept' in phase ? (phase.kept ?? null) : null);

/** The one timer that runs; that of a level elsewhere runs there. */
export function timerOf({ phase, level }: IncidentState): Timer | null {
  if ('timer' in phase) return phase.timer;
  return phase.kind === 'calling' ? level.waiting : null;
}

/** The step that is being called, or will be next if nobody decides otherwise. */
export function currentStep({ phase, level }: IncidentState): string {
  return 'step' in phase ? phase.step : level.step;
}

/** The step that is being called; null while somebody owns the incident, while it is snoozed, and when it is over. */
export function stepBeingCalled(state: IncidentState): string | null {
  switch (state.phase.kind) {
    case 'next':
    case 'calling':
      return currentStep(state);
    case 'snoozed':
    case 'acknowledged':
    case 'running':
    case 'over':
    case 'closed':
      return null;
    default:
      return state.phase satisfies never;
  }
}

/** Characters of JSON. */
export const sizeOf = (parameters: Alert['parameters']): number => JSON.stringify(parameters ?? {}).length;

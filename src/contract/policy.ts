import type { PigeonCallInput } from './pigeon-call-schema.js';

/**
 * An escalation policy in its normal form: every name resolved, every default filled in. It is what `policy-file` makes of
 * a YAML file, what an incident freezes at its start, and all that the decision knows. Plain data.
 *
 * Durations are strings of the contract: `30s`, `5m`, `4h`, `2d`.
 */
export interface Policy {
  readonly version: 1;
  readonly name: string;
  /** Name of the step that is called first. */
  readonly start: string;
  /** Names that every incident brings along among its parameters, for {{name}} in the texts. */
  readonly parameters: readonly string[];
  /** Everybody of the file, by handle. Results name whoever pressed a key by `name`, which no two of them share. */
  readonly contacts: Readonly<Record<string, { readonly name: string }>>;
  /** By name, `[a-z0-9-]{1,40}`. */
  readonly steps: Readonly<Record<string, Step>>;
  /** What happens when somebody owns the incident and nobody resolves it. */
  readonly acknowledged: {
    /** Default `4h`. */
    readonly resolveWithin: string;
    /** Default: the start step again. */
    readonly otherwise: Escalate;
  };
  /**
   * Whether somebody is called when an incident that somebody owns, or has snoozed, gets worse, to `error` or `critical`. A
   * file that does not say means `call`; absent, in what was frozen before: `note`.
   */
  readonly worse?: 'call' | 'note';
  /** No more telephone calls than this in any such span of time, whatever the steps say. */
  readonly budget: { readonly calls: number; readonly within: string };
}

/** One level: who is called, how often, and what each key does. */
export interface Step {
  /** Runs that are placed together; the first deciding key wins and the others are hung up. At least one. */
  readonly call: readonly StepCall[];
  /** Default 1. */
  readonly attempts: number | 'unlimited';
  /** From the end of one attempt to the start of the next. Default `1m`. */
  readonly every: string;
  /** By key, "1" to "9". A key that stands not here counts as `otherwise`. */
  readonly keys: Readonly<Record<string, KeyAction>>;
  /** After the last attempt without a deciding key. `exhausted`: nobody was reached. Default `exhausted`. */
  readonly otherwise: Escalate | Exhausted;
}

/** What one run asks of Pigeon: stored ids, or the ad-hoc objects that `policy-file` made of contacts and texts. */
export type StepCall = Pick<
  PigeonCallInput,
  'callflowId' | 'callflow' | 'guidanceId' | 'guidance' | 'parameters' | 'waitTime'
>;

export type Escalate = { readonly kind: 'escalate'; readonly step: string };
export type Exhausted = { readonly kind: 'exhausted' };

export type KeyAction =
  /** Whoever presses it owns the incident. */
  | { readonly kind: 'acknowledge' }
  /** Ends the incident. */
  | { readonly kind: 'resolve' }
  /** Pigeon's continue: the next contact of the same run is called. Decides nothing. */
  | { readonly kind: 'next' }
  /** Pigeon's leave: as `next`, and this contact is not called again in this run. Decides nothing. */
  | { readonly kind: 'leave' }
  | Escalate
  /** The level ends; the same step begins again after this time. */
  | { readonly kind: 'snooze'; readonly for: string }
  | AutomationAction;

/** Starts a workflow of anybody's, in any language, as a child; whoever pressed the key owns the incident meanwhile. */
export interface AutomationAction {
  readonly kind: 'run';
  readonly workflow: string;
  readonly taskQueue: string;
  /** Given to the workflow beside the incident and the key. */
  readonly input: unknown;
  /** Default `15m`. */
  readonly within: string;
  /** When it has ended well. Default `{ kind: 'acknowledge' }`: it stays owned. */
  readonly then: AutomationOutcome;
  /** When it failed, or did not end in time. Default: the step's `otherwise`. */
  readonly onFailure: AutomationOutcome;
}

export type AutomationOutcome =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'resolve' }
  | Escalate
  | { readonly kind: 'snooze'; readonly for: string }
  | Exhausted;

/** What a key press or the end of a step's attempts decides. */
export type Decided = Exclude<KeyAction, { kind: 'next' | 'leave' }> | Exhausted;

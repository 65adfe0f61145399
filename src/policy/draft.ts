/** A policy file as it was read: complete in its parts, each with its place, not yet checked against itself. */
import type { Place, Placed } from '../yaml-file/problem.js';

export interface Draft {
  readonly name: Placed<string>;
  readonly start: Placed<string>;
  /** Names that the incident brings. */
  readonly parameters: readonly Placed<string>[];
  readonly contacts: ReadonlyMap<string, DraftContact>;
  readonly steps: ReadonlyMap<string, DraftStep>;
  readonly acknowledged: { readonly resolveWithin: string; readonly otherwise: DraftEscalate | undefined };
  readonly worse: 'call' | 'note' | undefined;
  readonly budget: { readonly calls: Placed<number>; readonly within: Placed<string> };
}

export interface DraftContact {
  readonly handle: Placed<string>;
  readonly name: Placed<string>;
  readonly phone: Placed<string>;
}

export interface DraftStep {
  readonly name: Placed<string>;
  readonly calls: readonly DraftCall[];
  readonly attempts: Placed<number | 'unlimited'>;
  readonly every: Placed<string> | undefined;
  readonly keys: readonly DraftKey[];
  readonly keysPlace: Place;
  readonly otherwise: Placed<DraftEscalate | { readonly kind: 'exhausted' }> | undefined;
}

export interface DraftCall {
  readonly place: Place;
  readonly callees: StoredCallflow | DescribedCallflow;
  readonly guidance: StoredGuidance | DescribedGuidance;
  readonly parameters: readonly DraftParameter[];
  readonly waitTime: Placed<number> | undefined;
}

export type StoredCallflow = { readonly kind: 'stored'; readonly id: Placed<string> };
export type DescribedCallflow = {
  readonly kind: 'described';
  readonly contacts: readonly Placed<string>[];
  readonly loops: Placed<number> | undefined;
};
export type StoredGuidance = { readonly kind: 'stored'; readonly id: Placed<string> };
export type DescribedGuidance = { readonly kind: 'described'; readonly text: Placed<string> };

export interface DraftParameter {
  readonly name: Placed<string>;
  readonly value: string | number | boolean;
}

export interface DraftKey {
  /** "1" to "9". */
  readonly key: Placed<string>;
  readonly say: Placed<string> | undefined;
  readonly action: DraftAction;
}

export type DraftAction =
  { readonly kind: 'acknowledge' | 'resolve' | 'next' | 'leave' } | DraftEscalate | DraftSnooze | DraftRun;

export type DraftOutcome = { readonly kind: 'acknowledge' | 'resolve' | 'exhausted' } | DraftEscalate | DraftSnooze;

export interface DraftEscalate {
  readonly kind: 'escalate';
  readonly step: Placed<string>;
}

export interface DraftSnooze {
  readonly kind: 'snooze';
  readonly for: string;
}

export interface DraftRun {
  readonly kind: 'run';
  readonly workflow: string;
  readonly taskQueue: string;
  readonly input: unknown;
  readonly within: string | undefined;
  readonly then: DraftOutcome | undefined;
  readonly onFailure: DraftOutcome | undefined;
}

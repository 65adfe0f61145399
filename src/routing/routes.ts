import type { Severity } from '../alerts/alert.js';
import type { OwnSeverities } from '../alerts/state-words.js';
import type { Pattern } from './pattern.js';

/** A routing file without mistakes: which alerts call whom. Every default is filled in. */
export interface Routes {
  /** The first whose conditions an alert meets takes it. */
  readonly rules: readonly Rule[];
  /** What words of one's own mean. */
  readonly severities: OwnSeverities;
}

export interface Rule {
  /** `[a-z0-9-]`, at most 60; no two have the same. */
  readonly name: string;
  readonly when: Conditions;
  readonly outcome: Ignore | Open;
}

/** Nobody is called. */
export interface Ignore {
  readonly kind: 'ignore';
}

/** An incident is opened, or the open one hears of it again. */
export interface Open {
  readonly kind: 'open';
  /** Name of a policy in the folder of the workers. */
  readonly policy: string;
  /** All that fills {{name}} in the texts of the policy. */
  readonly parameters: readonly RuleParameter[];
  /** Null: an incident for each `dedupKey` of the sender. */
  readonly group: Group | null;
  /** Whether the incident is resolved when the sender says that its trouble is over. */
  readonly resolves: boolean;
}

export interface RuleParameter {
  readonly name: string;
  /** Templates; the first for which the alert has every value is taken. At least one. */
  readonly texts: readonly string[];
}

/** Many alerts, one incident. */
export interface Group {
  /** Templates: alerts for which they read the same are one incident. */
  readonly by: readonly string[];
  /** Null: for as long as the incident is open. Else one incident for each such span since 1970 (UTC), `8h`. */
  readonly window: string | null;
}

/** What an alert must be like; an empty list asks for nothing. */
export interface Conditions {
  readonly integration: readonly string[];
  readonly source: readonly string[];
  readonly severity: readonly Severity[];
  readonly labels: readonly LabelCondition[];
  /** Of the moment in which the alert arrives: one of these. */
  readonly time: readonly Span[];
}

export type LabelCondition =
  | { readonly kind: 'oneOf'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'matches'; readonly name: string; readonly pattern: Pattern };

export type Span = WeeklySpan | SingleSpan;

/** From one time of day to another, on some days of each week. */
export interface WeeklySpan {
  readonly kind: 'weekly';
  /** 0 is Sunday. Where it goes over midnight, the days on which it begins. */
  readonly days: readonly number[];
  /** Minutes since midnight; `to` is more than 1,440 where it goes over midnight, and not part of it. */
  readonly from: number;
  readonly to: number;
  /** IANA, `Asia/Tokyo`. */
  readonly timeZone: string;
}

/** From one moment to another, once. Milliseconds since 1970; `to` is not part of it. */
export interface SingleSpan {
  readonly kind: 'single';
  readonly from: number;
  readonly to: number;
}

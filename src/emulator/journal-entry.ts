import type { PlacedCall, WebhookEvent } from './change.js';
import type { Endpoint } from './endpoint.js';
import type { FaultKind } from './fault.js';
import type { JsonObject } from './json-value.js';

interface Numbered {
  /** From 1, in the order of arrival over all kinds of entries. */
  readonly number: number;
  /** Milliseconds since 1970 on the space's clock; of a request, when it was handled. */
  readonly at: number;
  /** Milliseconds since 1970 on this machine, at arrival. */
  readonly realAt: number;
}

type RequestOutcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'answered'; readonly status: number }
  /** A hang or a reset, or half of an answer. */
  | { readonly kind: 'unanswered' };

/** A request that came in. Headers are left out: they hold tokens. */
export interface RequestEntry extends Numbered {
  readonly kind: 'request';
  readonly endpoint: Endpoint | 'other';
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The body as JSON, or its text where it is none; undefined without a body. */
  readonly body: unknown;
  /** Whether the space heard of it: a fault may stand before. */
  readonly handling: 'pending' | 'handled' | 'skipped';
  /** HTTP status that the space itself gave, whatever a fault made of it. */
  readonly spaceStatus?: number;
  /** JSON that the space itself answered, whatever a fault made of it. */
  readonly answer?: JsonObject;
  readonly outcome: RequestOutcome;
  readonly fault?: FaultKind;
  /** The run that the request made or named. */
  readonly resultId?: string;
}

/** A number that was dialled. */
export interface CallEntry extends Numbered, PlacedCall {
  readonly kind: 'call';
}

/** A webhook that was sent, or would have been where no URL is configured. */
export interface WebhookEntry extends Numbered {
  readonly kind: 'webhook';
  readonly event: WebhookEvent;
  readonly body: JsonObject;
  readonly outcome:
    | { readonly kind: 'noUrl' }
    | { readonly kind: 'pending' }
    | { readonly kind: 'answered'; readonly status: number }
    | { readonly kind: 'failed'; readonly reason: string };
}

export type JournalEntry = RequestEntry | CallEntry | WebhookEntry;

/** An entry before it has its number. */
export type Unnumbered<T extends JournalEntry = JournalEntry> = T extends unknown
  ? Omit<T, 'number' | 'realAt'>
  : never;

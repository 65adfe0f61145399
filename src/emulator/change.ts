import type { CallStatus, RunStatus } from '../pigeon/wire.js';
import type { JsonObject } from './json-value.js';

export type WebhookEvent = 'started' | 'completed' | 'cancelled' | 'failed';

/** Why a number was dialled: a call of a run, or the two that connect somebody who pressed a transfer key. */
type CallPurpose = 'run' | 'callBack' | 'transferTarget';

/** A number was dialled. */
export interface PlacedCall {
  readonly callId: string;
  readonly resultId: string;
  /** Display name of the contact. */
  readonly contact: string;
  readonly phoneNumber: string;
  /** Pass through the call flow, from 1. */
  readonly loop: number;
  readonly purpose: CallPurpose;
}

/** What has just happened in a space; `at` is the space's time in milliseconds. */
export type Change = { readonly at: number } & (
  | { readonly kind: 'run'; readonly resultId: string; readonly status: RunStatus }
  /** Its status, or what is heard, or the key: read the call again. */
  | { readonly kind: 'call'; readonly callId: string; readonly resultId: string; readonly status: CallStatus }
  | ({ readonly kind: 'placed' } & PlacedCall)
  | { readonly kind: 'webhook'; readonly event: WebhookEvent; readonly body: JsonObject }
);

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;

/** A change as the one who makes it tells it; the space adds the time. */
export type ChangeTold = WithoutTime<Change>;

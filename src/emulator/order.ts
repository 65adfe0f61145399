import type { WireCallflow, WireGuidance } from '../pigeon/wire.js';
import type { JsonObject } from './json-value.js';

/** The call flow of one run; the id and the name are those of the stored one. */
export interface OrderedCallflow extends WireCallflow {
  readonly callflowId?: string;
  readonly name?: string;
}

/** The guidance of one run; the id and the name are those of the stored one. */
export interface OrderedGuidance extends WireGuidance {
  readonly guidanceId?: string;
  readonly name?: string;
}

/** What an invoke asks for, read and checked. */
export interface Order {
  /** `params` as sent, for the echo. */
  readonly params: JsonObject;
  readonly callflow: OrderedCallflow;
  readonly guidance: OrderedGuidance;
  readonly parameters: JsonObject;
}

import type { Client } from '@temporalio/client';
import type {
  ConfirmInput,
  DutyAnswer,
  DutyOverrides,
  OverrideInput,
  RemoveInput,
  SwapInput,
  TakeInput,
} from '../contract/duty-schema.js';
import { DUTY, dutyId, OVERRIDES_QUERY } from '../contract/names.js';
import { askedEntity } from './ask-entity.js';
import { publishedOverrides } from './duty-overrides.js';
import { DutyInputInvalid } from './errors.js';
import type { TimeLimit } from './incident-handle.js';

/**
 * Who is on duty by a schedule besides what its file says. Each request is answered when every worker acts by it, about two
 * seconds later; what cannot be is an answer too, `accepted: false`. With `preview` an answer only says what it would come to.
 * Every method rejects also with `DutyInputInvalid`, `NoWorker`, `NoAnswer`, `TemporalUnreachable` and `TemporalRefused`.
 */
export interface DutyHandle {
  /** Puts somebody else on duty: for the rest of the shift, for another shift, or for a time. */
  override(input: OverrideInput, limit?: TimeLimit): Promise<DutyAnswer>;
  /** Takes over from now until the end of the shift. */
  take(input: TakeInput, limit?: TimeLimit): Promise<DutyAnswer>;
  /** Two shifts change hands, as soon as all have confirmed it; asked again they change back. */
  swap(input: SwapInput, limit?: TimeLimit): Promise<DutyAnswer>;
  confirm(input: ConfirmInput, limit?: TimeLimit): Promise<DutyAnswer>;
  /** As if it had never been made. */
  remove(input: RemoveInput, limit?: TimeLimit): Promise<DutyAnswer>;
  /** All of them, also those that are removed or over. */
  overrides(limit?: TimeLimit): Promise<DutyOverrides>;
  /** Those that are not removed, without a worker. */
  published(limit?: TimeLimit): Promise<DutyOverrides>;
}

export function dutyHandle(temporal: Client, taskQueue: string, schedule: string): DutyHandle {
  const { ask, all, published } = askedEntity<DutyAnswer, DutyOverrides>(temporal, {
    type: DUTY,
    workflowId: dutyId(schedule),
    taskQueue,
    input: { schedule },
    staticSummary: schedule,
    query: OVERRIDES_QUERY,
    published: () => publishedOverrides(temporal, schedule),
    inputInvalid: DutyInputInvalid,
  });
  return {
    override: (input, limit) => ask('override', input, limit),
    take: (input, limit) => ask('take', input, limit),
    swap: (input, limit) => ask('swap', input, limit),
    confirm: (input, limit) => ask('confirm', input, limit),
    remove: (input, limit) => ask('remove', input, limit),
    published,
    overrides: (limit) => all({ schedule, version: 0, overrides: [] }, limit),
  };
}

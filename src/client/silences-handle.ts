import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { SILENCES, SILENCES_MEMO, SILENCES_QUERY, silencesId } from '../contract/names.js';
import type { AddSilenceInput, EndSilenceInput, SilenceAnswer, Silences } from '../contract/silence-schema.js';
import { askedEntity } from './ask-entity.js';
import { SilenceInputInvalid } from './errors.js';
import type { TimeLimit } from './incident-handle.js';

/**
 * Which alerts call nobody for a while. A silence is answered when every gateway acts by it, about two seconds later; what cannot
 * be is an answer too, `accepted: false`. Every method rejects also with `SilenceInputInvalid`, `NoWorker`, `NoAnswer`,
 * `TemporalUnreachable` and `TemporalRefused`.
 */
export interface SilencesHandle {
  /** Nobody is called for alerts that have all these labels; what still fires at the end is called then. */
  add(input: AddSilenceInput, limit?: TimeLimit): Promise<SilenceAnswer>;
  /** What it holds is called now. */
  end(input: EndSilenceInput, limit?: TimeLimit): Promise<SilenceAnswer>;
  /** All of them, also the newest that are over. */
  all(limit?: TimeLimit): Promise<Silences>;
  /** Those that are on, without a worker. */
  published(limit?: TimeLimit): Promise<Silences>;
}

export function silencesHandle(temporal: Client, taskQueue: string): SilencesHandle {
  const { ask, all, published } = askedEntity<SilenceAnswer, Silences>(temporal, {
    type: SILENCES,
    workflowId: silencesId(taskQueue),
    taskQueue,
    input: {},
    query: SILENCES_QUERY,
    published: () => publishedSilences(temporal, taskQueue),
    inputInvalid: SilenceInputInvalid,
  });
  return {
    add: (input, limit) => ask('add', input, limit),
    end: (input, limit) => ask('end', input, limit),
    published,
    all: (limit) => all(NONE, limit, limit),
  };
}

const NONE: Silences = { version: 0, silences: [] };

/** Those that are on, as their workflow publishes them; none where there is none. Needs no worker. */
export async function publishedSilences(temporal: Client, taskQueue: string): Promise<Silences> {
  try {
    const { status, memo } = await temporal.workflow.getHandle(silencesId(taskQueue)).describe();
    const read = memo?.[SILENCES_MEMO];
    if (status.name !== 'RUNNING' || !isPublished(read)) return NONE;
    return { ...read, silences: read.silences.filter(({ until }) => Date.parse(until) > Date.now()) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return NONE;
    throw error;
  }
}

const isPublished = (memo: unknown): memo is Silences =>
  typeof memo === 'object' && memo !== null && 'silences' in memo && Array.isArray(memo.silences);

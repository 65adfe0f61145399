import { type Client, WorkflowClient } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';

/**
 * Reads of memos what can be read: in the place of a value whose key is missing here stands an {@link Unreadable}. Anyone who
 * lists incidents at night has their ids and states at least.
 */
export async function withoutKeys<T>(temporal: Client, read: (workflow: WorkflowClient) => Promise<T>): Promise<T> {
  try {
    return await read(temporal.workflow);
  } catch (error) {
    if (!isMissingKey(error)) throw error;
    return await read(lenient(temporal));
  }
}

interface Unreadable {
  /** Why, and what to do. */
  readonly unreadable: string;
}

/** Why the values of a memo cannot be read; undefined where they can. */
export const whyUnreadable = (memo: Readonly<Record<string, unknown>> = {}): string | undefined =>
  Object.values(memo).find(isUnreadable)?.unreadable;

const isUnreadable = (value: unknown): value is Unreadable =>
  typeof value === 'object' && value !== null && 'unreadable' in value;

/** By its name: a client may have been given the codec by another copy of this package. */
const isMissingKey = (error: unknown): error is Error => error instanceof Error && error.name === 'PayloadUnreadable';

function lenient({ connection, options: { namespace, dataConverter } }: Client): WorkflowClient {
  const payloadCodecs = [lenientCodec(dataConverter.payloadCodecs ?? [])];
  return new WorkflowClient({ connection, namespace, dataConverter: { ...dataConverter, payloadCodecs } });
}

const lenientCodec = (codecs: readonly PayloadCodec[]): PayloadCodec => ({
  encode: () => Promise.reject(new Error('This client only reads.')),
  async decode(payloads, context) {
    try {
      let decoded = payloads;
      for (const codec of codecs.toReversed()) decoded = await codec.decode(decoded, context);
      return decoded;
    } catch (error) {
      if (!isMissingKey(error)) throw error;
      const inItsPlace: Unreadable = { unreadable: error.message };
      const data = Buffer.from(JSON.stringify(inItsPlace));
      return payloads.map(() => ({ metadata: { encoding: Buffer.from('json/plain') }, data }));
    }
  },
});

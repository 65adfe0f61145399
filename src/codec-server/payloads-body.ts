import type { IncomingMessage } from 'node:http';
import type { Payload } from '@temporalio/common';
import { JSONToPayload, payloadToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Refusal } from './refusal.js';

/** Above a message of Temporal, 4 MiB, in base64. */
const MOST_BYTES = 8 * 1024 * 1024;

/** @throws Refusal 413 or 400 */
export async function payloadsIn(request: IncomingMessage): Promise<Payload[]> {
  const body = await bodyOf(request);
  try {
    const { payloads } = JSON.parse(body) as { readonly payloads: readonly object[] };
    return payloads.map((payload) => JSONToPayload(payload));
  } catch {
    // The reason would quote the payload.
    throw new Refusal(400, 'The body must be JSON of the form {"payloads":[{"metadata":{…},"data":"…"}]}.');
  }
}

/** In the order of the request, as the protocol demands. */
export const bodyWith = (payloads: readonly Payload[]): string =>
  JSON.stringify({ payloads: payloads.map((payload) => payloadToJSON(payload)) });

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Refusal(413, `A body has at most ${MOST_BYTES} bytes.`, { connection: 'close' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

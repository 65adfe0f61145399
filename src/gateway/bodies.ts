import type { IncomingMessage } from 'node:http';
import { BodyCutter, BodyTooLarge, type CutBody } from '../alerts/cut-body.js';
import type { Stay } from './in-progress.js';
import { Problem } from './problem.js';

export interface BodyOptions {
  /** See {@link BodyCutter}. */
  readonly longList?: string | undefined;
  readonly mostBytes?: number;
  /** Given all that comes, also what is not kept. */
  readonly tap?: (chunk: Buffer) => void;
}

/**
 * Reads the body of a request, and counts what is kept of it until the request is over.
 *
 * @throws Problem 413 for one that is too large and cannot be cut; 503 while too many are in progress; 400 where the sender
 *   goes before its end.
 */
export async function readBody(body: IncomingMessage, stay: Stay, options: BodyOptions = {}): Promise<CutBody> {
  const { longList, mostBytes, tap } = options;
  const cutter = new BodyCutter(longList, mostBytes);
  const listeners = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const gone = () => reject(new Problem(400, 'The request has no end.'));
      if (body.destroyed) return gone();
      const take = (chunk: Buffer) => {
        try {
          tap?.(chunk);
          cutter.push(chunk);
          stay.holds(cutter.heldBytes);
        } catch (error) {
          reject(error);
        }
      };
      stay.givesWay = reject;
      listeners.signal.addEventListener('abort', () => body.off('data', take).off('error', gone).off('close', gone));
      body.once('end', resolve).on('error', gone).on('close', gone).on('data', take);
    });
    return cutter.finish();
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new Problem(413, `A body has at most ${error.mostBytes} bytes.`);
    throw error;
  } finally {
    stay.givesWay = null;
    listeners.abort();
    // The sender is still answered when the rest is not read.
    body.resume();
  }
}

import type { IncomingMessage } from 'node:http';
import { BodyCutter, BodyTooLarge, type CutBody } from '../gateway/cut-body.js';
import { Problem, tryAgain } from './problem.js';

/** Of all bodies that are being read at once: a storm fills the network and not the memory. */
const MOST_BYTES_AT_ONCE = 268_435_456;

/** Reads the bodies of alerts. */
export class Bodies {
  #bytes = 0;

  /** @throws Problem 413 for one that is too large and cannot be cut; 503 while too many are read. */
  async read(body: IncomingMessage, longList: string | undefined): Promise<CutBody> {
    const cutter = new BodyCutter(longList);
    let counted = 0;
    try {
      // The sender is still answered when the rest is not read.
      for await (const chunk of body.iterator({ destroyOnReturn: false })) {
        cutter.push(chunk as Buffer);
        this.#bytes += cutter.keptBytes - counted;
        counted = cutter.keptBytes;
        if (this.#bytes > MOST_BYTES_AT_ONCE) throw tryAgain('Too many large requests are at hand.', 5);
      }
      return cutter.finish();
    } catch (error) {
      body.resume();
      if (error instanceof BodyTooLarge) throw new Problem(413, `A body has at most ${error.mostBytes} bytes.`);
      throw error;
    } finally {
      this.#bytes -= counted;
    }
  }
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, tryAgain } from './problem.js';
import type { IncomingMessage } from 'node:http';
import { BodyCutter, BodyTooLarge, type CutBody } from '../alerts/body.js';

export interface AtHandLimits {
  /** Of those who have shown a key. */
  readonly mostRequests: number;
  /** Of the bodies of all of them. */
  readonly mostBytes: number;
  /** Of those whose key is to come with the body. */
  readonly mostUnknown: number;
}

const LIMITS: AtHandLimits = { mostRequests: 2_000, mostBytes: 100_663_296, mostUnknown: 100 };

/**
 * The requests in progress: bounded in number and in the bytes of their bodies, so that a storm fills the network and not the
 * memory. Anyone who has shown a key has a place that nobody without one can take.
 */
export class AtHand {
  readonly #limits: AtHandLimits;
  readonly #unknown = new Set<Stay>();
  #requests = 0;
  #bytes = 0;

  constructor(limits: Partial<AtHandLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** One who has shown a key. @throws Problem 503 */
  enter(request: FastifyRequest, reply: FastifyReply): void {
    this.#begin(request, reply).recognised();
  }

  /**
   * One whose key is to come with the body. Where too many are at it, the one that has been at it longest gives way: who
   * sends a whole request at once gets it through, however many send slowly.
   */
  enterUnknown(request: FastifyRequest, reply: FastifyReply): void {
    const [longest] = this.#unknown;
    if (this.#unknown.size >= this.#limits.mostUnknown) longest?.pushOut();
    this.#unknown.add(this.#begin(request, reply));
  }

  #begin(request: FastifyRequest, reply: FastifyReply): Stay {
    const stay = new Stay({
      recognised: () => {
        if (this.#requests >= this.#limits.mostRequests) throw tryAgain('Too many requests are at hand.', 2);
        this.#unknown.delete(stay);
        this.#requests += 1;
      },
      holds: (more) => {
        if (more > 0 && this.#bytes + more > this.#limits.mostBytes) {
          throw tryAgain('Too many large requests are at hand.', 5);
        }
        this.#bytes += more;
      },
      left: (isRecognised) => {
        this.#unknown.delete(stay);
        if (isRecognised) this.#requests -= 1;
      },
    });
    request.stay = stay;
    onceOver(request, reply, () => stay.over());
    return stay;
  }
}

interface Host {
  readonly recognised: () => void;
  readonly holds: (moreBytes: number) => void;
  readonly left: (isRecognised: boolean) => void;
}

/** A request from its beginning until it is answered, or its sender gone, and what it began has ended. */
export class Stay {
  #bytes = 0;
  /** Of those the ones that its host counts: of the unknown the number is bound enough. */
  #counted = 0;
  #isRecognised = false;
  #isOver = false;
  #working = 0;
  #pushedOut: Problem | null = null;
  #givesWay: ((why: Problem) => void) | null = null;

  constructor(private readonly host: Host) {}

  /** Its key is known now. @throws Problem 503 */
  recognised(): void {
    if (this.#isRecognised) return;
    this.host.recognised();
    this.#isRecognised = true;
    this.holds(this.#bytes);
  }

  /** As many bytes of its body are kept. @throws Problem 503 */
  holds(bytes: number): void {
    this.#bytes = bytes;
    if (!this.#isRecognised) return;
    this.host.holds(bytes - this.#counted);
    this.#counted = bytes;
  }

  /** It continues although its sender may go. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#working += 1;
    try {
      return await work;
    } finally {
      this.#working -= 1;
      this.#leaveIfDone();
    }
  }

  /** Who is to know when it has to give way to others. */
  set givesWay(tell: ((why: Problem) => void) | null) {
    this.#givesWay = tell;
    if (this.#pushedOut !== null) tell?.(this.#pushedOut);
  }

  pushOut(): void {
    this.host.left(false);
    this.#pushedOut = tryAgain('Too many requests without a key in address or headers are at hand.', 2);
    this.#givesWay?.(this.#pushedOut);
  }

  over(): void {
    this.#isOver = true;
    this.#leaveIfDone();
  }

  #leaveIfDone(): void {
    if (!this.#isOver || this.#working > 0) return;
    this.host.holds(-this.#counted);
    this.host.left(this.#isRecognised);
    this.#counted = 0;
    this.#isRecognised = false;
  }
}

/** Calls it once, when the request has been answered or its sender has gone. */
export function onceOver({ raw: request }: FastifyRequest, { raw: response }: FastifyReply, done: () => void): void {
  const { socket } = request;
  const over = () => {
    response.off('close', over);
    socket.off('close', over);
    done();
  };
  if (response.closed || socket.destroyed) return done();
  response.once('close', over);
  // An answer that is behind another one of the same connection does not hear of its end.
  socket.once('close', over);
}

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

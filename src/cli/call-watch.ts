import { pauseUnless } from '../process/aborted.js';
import { NoAnswer, NoWorker, TemporalUnreachable, type PigeonCallHandle, type PigeonCallStatus } from '../client.js';

/** What a look at a call saw. */
export type Sighting =
  | { readonly kind: 'status'; readonly status: PigeonCallStatus }
  /** Nothing happens to it until somebody starts a worker. */
  | { readonly kind: 'unserved'; readonly message: string }
  /** Nobody could say: Temporal is away for a moment, or all workers are busy. */
  | { readonly kind: 'silence'; readonly message: string };

type Watched = Pick<PigeonCallHandle, 'status' | 'unservedQueue'>;

/** A few seconds, so that a worker that is starting is not cried about. */
const ANSWER_WITHIN_MS = 3_000;
const TAKEN_WITHIN_MS = 3_000;
/** Often at first, when somebody watches; a call that lasts for hours costs its worker little. */
const pauseMs = (watchedMs: number): number => Math.min(5_000, Math.max(500, watchedMs / 50));

/** Looks at the call until `signal`; `saw` gets everything that was seen. Never rejects: the end of a call is told by `wait`. */
export async function watchCall(call: Watched, signal: AbortSignal, saw: (sighting: Sighting) => void): Promise<void> {
  const stopped = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const began = Date.now();
  let invokingSince: number | null = null;
  while (!signal.aborted) {
    const looking = look(call, invokingSince);
    const seen: Sighting | null = await Promise.race([looking, stopped]);
    if (seen !== null) saw(seen);
    const invoking: boolean =
      seen?.kind === 'unserved' || (seen?.kind === 'status' && seen.status.state === 'invoking');
    invokingSince = invoking ? (invokingSince ?? Date.now()) : null;
    await pauseUnless(signal, pauseMs(Date.now() - began));
    // One question at a time.
    await looking;
  }
}

async function look(call: Watched, invokingSince: number | null): Promise<Sighting | null> {
  try {
    const status = await call.status({ timeLimitMs: ANSWER_WITHIN_MS });
    if (status.state === 'invoking' && invokingSince !== null && Date.now() - invokingSince > TAKEN_WITHIN_MS) {
      const queue = await call.unservedQueue();
      if (queue !== null) return { kind: 'unserved', message: new NoWorker(queue).message };
    }
    return { kind: 'status', status };
  } catch (error) {
    if (error instanceof NoWorker) return { kind: 'unserved', message: error.message };
    if (error instanceof NoAnswer || error instanceof TemporalUnreachable) {
      return { kind: 'silence', message: error.message };
    }
    return null;
  }
}

import { QueryNotRegisteredError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { CHECK_SIGNAL, PIGEON_CALL, STATUS_QUERY } from '../contract/names.js';
import type { PigeonCallResult, PigeonCallStatus } from '../contract/pigeon-call-schema.js';
import { CallNotFound, NoAnswer, NoWorker, TemporalRefused, TemporalUnreachable } from './errors.js';
import { grpcErrorIn, noSuchCall, reasonOf, translated } from './temporal-errors.js';
import { unservedQueue } from './workers.js';

export interface WaitOptions {
  /** Ends the waiting, never the call; `wait` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** For how long Temporal may be away before `wait` gives up. Milliseconds; default 300,000, a restart with room to spare. */
  readonly patienceMs?: number;
}

/** One call, running or over. Every method rejects also with `CallNotFound`, `TemporalUnreachable` and `TemporalRefused`. */
export interface PigeonCallHandle {
  readonly callId: string;
  /**
   * Resolves when the call is over, over all its continuations; it may be repeated, also much later.
   *
   * @throws CallCancelled, CallRefused, CallInputInvalid, CallTerminated or CallFailed when it ended without a result.
   */
  wait(options?: WaitOptions): Promise<PigeonCallResult>;
  /**
   * What is happening now, or how it ended; a worker answers it.
   *
   * @param options.timeLimitMs default 10,000.
   * @throws NoWorker when it is known that none can answer, NoAnswer when none did.
   */
  status(options?: { readonly timeLimitMs?: number }): Promise<PigeonCallStatus>;
  /** Has the result looked at now instead of at the next poll. `over` when there is nothing left to look at. */
  check(): Promise<'asked' | 'over'>;
  /** Asks to hang up: the call then closes as cancelled, which `wait` throws. `over` when it had ended before. */
  hangUp(): Promise<'asked' | 'over'>;
  /** Whether it has ended; needs no worker. */
  isOver(): Promise<boolean>;
  /** The task queue that has work of this call and no worker to do it; null when there is none. Needs no worker. */
  unservedQueue(): Promise<string | null>;
}

const STATUS_LIMIT_MS = 10_000;
/** For finding out why nobody answered. */
const REASON_LIMIT_MS = 5_000;
const PATIENCE_MS = 300_000;
/** Temporal's client tries for about 20 s by itself. A try that lasted longer had been connected. */
const OWN_TRIES_MS = 40_000;
const TRY_AGAIN_MS = 1_000;

export function handleOf(temporal: Client, callId: string): PigeonCallHandle {
  const workflow = temporal.workflow.getHandle(callId);

  async function asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw translated(error, temporal, callId);
    }
  }

  async function isOver(): Promise<boolean> {
    const { type, status } = await asked(() => workflow.describe());
    if (type !== PIGEON_CALL) {
      throw noSuchCall(callId, temporal.options.namespace, `: the workflow of this id is of the type ${type}`);
    }
    return status.name !== 'RUNNING';
  }

  return {
    callId,
    isOver,

    async wait({ signal, patienceMs = PATIENCE_MS } = {}) {
      const result = () => workflow.result() as Promise<PigeonCallResult>;
      for (let lostAt: number | null = null; ;) {
        const triedAt = Date.now();
        try {
          return await asked(() => (signal === undefined ? result() : temporal.withAbortSignal(signal, result)));
        } catch (error) {
          signal?.throwIfAborted();
          if (!(error instanceof TemporalUnreachable)) throw error;
          if (lostAt === null || Date.now() - triedAt > OWN_TRIES_MS) lostAt = Date.now();
          if (Date.now() - lostAt >= patienceMs) throw error;
          await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
        }
      }
    },

    async status({ timeLimitMs = STATUS_LIMIT_MS } = {}) {
      try {
        return await temporal.withDeadline(Date.now() + timeLimitMs, () =>
          workflow.query<PigeonCallStatus>(STATUS_QUERY),
        );
      } catch (error) {
        throw await whyNoStatus(error, temporal, callId);
      }
    },

    async check() {
      if (await isOver()) return 'over';
      return await askedUnlessOver(() => asked(() => workflow.signal(CHECK_SIGNAL)));
    },

    async hangUp() {
      if (await isOver()) return 'over';
      return await askedUnlessOver(async () => void (await asked(() => workflow.cancel())));
    },

    unservedQueue: () => asked(() => unservedQueue(temporal, callId)),
  };
}

/** It may end between the look and the request. */
async function askedUnlessOver(ask: () => Promise<void>): Promise<'asked' | 'over'> {
  try {
    await ask();
    return 'asked';
  } catch (error) {
    if (error instanceof CallNotFound) return 'over';
    throw error;
  }
}

/** A query that nobody answers looks like a server that is away: only the server can tell them apart. */
async function whyNoStatus(error: unknown, temporal: Client, callId: string): Promise<unknown> {
  if (error instanceof WorkflowNotFoundError) return translated(error, temporal, callId);
  if (error instanceof QueryNotRegisteredError) {
    return noSuchCall(callId, temporal.options.namespace, ': the workflow of this id answers no such question');
  }
  const grpc = grpcErrorIn(error);
  const known = translated(error, temporal, callId);
  if (grpc === null || known instanceof TemporalRefused) return known;
  try {
    return await temporal.withDeadline(Date.now() + REASON_LIMIT_MS, async () => {
      const unserved = await unservedQueue(temporal, callId);
      if (unserved !== null) return new NoWorker(unserved, { cause: error });
      const { taskQueue } = await temporal.workflow.getHandle(callId).describe();
      return new NoAnswer(taskQueue, reasonOf(grpc), { cause: error });
    });
  } catch (second) {
    return translated(second, temporal, callId);
  }
}

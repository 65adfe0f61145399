import type { Client } from '@temporalio/client';
import { CHECK_SIGNAL, PIGEON_CALL, STATUS_QUERY } from '../contract/names.js';
import type { PigeonCallResult, PigeonCallStatus } from '../contract/pigeon-call-schema.js';
import { callSubject, translated } from './temporal-errors.js';
import { CallNotFound } from './errors.js';
import { whyNoAnswer } from './no-answer.js';
import { patiently, type WaitOptions } from './patient-wait.js';
import { unservedQueue } from './workers.js';

/** One call, running or over. Every method rejects also with `CallNotFound`, `TemporalUnreachable` and `TemporalRefused`. */
export interface PigeonCallHandle {
  readonly callId: string;
  /**
   * Resolves when the call is over, over all its continuations; it can be repeated safely, also much later.
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

export function handleOf(temporal: Client, callId: string): PigeonCallHandle {
  const workflow = temporal.workflow.getHandle(callId);
  const subject = callSubject(temporal, callId);

  async function asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw translated(error, temporal, subject);
    }
  }

  async function isOver(): Promise<boolean> {
    const { type, status } = await asked(() => workflow.describe());
    if (type !== PIGEON_CALL) throw subject.noSuch(`: the workflow of this id is of the type ${type}`);
    return status.name !== 'RUNNING';
  }

  return {
    callId,
    isOver,

    wait: (options) => patiently(temporal, () => asked(() => workflow.result() as Promise<PigeonCallResult>), options),

    async status({ timeLimitMs = STATUS_LIMIT_MS } = {}) {
      try {
        return await temporal.withDeadline(Date.now() + timeLimitMs, () =>
          workflow.query<PigeonCallStatus>(STATUS_QUERY),
        );
      } catch (error) {
        throw await whyNoAnswer(error, temporal, callId, subject);
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

import type { Client } from '@temporalio/client';
import type { Logger as Pino } from 'pino';
import { pauseUnless } from '../process/aborted.js';
import { PigeonflowError } from '../client/errors.js';
import { translated } from '../client/temporal-errors.js';
import { lookAtQueue } from '../client/workers.js';
import { allEnded } from './deliver.js';
import type { Health } from '../process/health.js';

export interface ReadinessOptions {
  readonly temporal: Client;
  readonly taskQueue: string;
  readonly invokeTaskQueue: string;
  readonly health: Health;
  readonly log: Pino;
  readonly stop: AbortSignal;
  /** Milliseconds; default 5,000. */
  readonly lookEveryMs?: number;
}

const LOOK_EVERY_MS = 5_000;
const LOOK_WITHIN_MS = 5_000;
/** Again and again, so that nobody misses it. */
const LOUD_EVERY_MS = 60_000;

/** An incident's first step waits for a worker alone. */
const OLDEST_STEP_MS = 30_000;
/** The POSTs have a rate: in a storm the less urgent wait, and that is no fault. */
const OLDEST_POST_MS = 600_000;

/**
 * Looks every 5 s whether what this gateway accepts is worked on, until `stop`: an alert that was accepted, and that nobody
 * works on, would be the worst lie. `health` has the reason why not, and the log says it as an error.
 */
export async function watchReadiness(options: ReadinessOptions): Promise<void> {
  const { health, log, stop, lookEveryMs = LOOK_EVERY_MS } = options;
  let said: { readonly reason: string | null; readonly at: number } = { reason: health.reason, at: 0 };
  while (!stop.aborted) {
    const reason = await whyNotReady(options);
    if (stop.aborted) return;
    health.reason = reason;
    const isNews = (reason === null) !== (said.reason === null) || said.at === 0;
    if (reason === null) {
      if (isNews) log.info('ready: what is accepted is worked on');
    } else if (isNews || Date.now() - said.at >= LOUD_EVERY_MS) {
      log.error({ why: reason }, 'NOT READY: what is accepted may not be worked on');
    } else {
      said = { ...said, reason };
      await pauseUnless(stop, lookEveryMs);
      continue;
    }
    said = { reason, at: Date.now() };
    await pauseUnless(stop, lookEveryMs);
  }
}

/** Null: it is ready. */
async function whyNotReady({
  temporal,
  taskQueue,
  invokeTaskQueue,
}: Pick<ReadinessOptions, 'temporal' | 'taskQueue' | 'invokeTaskQueue'>): Promise<string | null> {
  try {
    const { steps, activities, posts } = await temporal.withDeadline(Date.now() + LOOK_WITHIN_MS, async () => {
      const looks = {
        steps: lookAtQueue(temporal, taskQueue, 'workflows'),
        activities: lookAtQueue(temporal, taskQueue, 'activities'),
        posts: lookAtQueue(temporal, invokeTaskQueue, 'activities'),
      };
      await allEnded(Object.values(looks));
      return { steps: await looks.steps, activities: await looks.activities, posts: await looks.posts };
    });
    for (const [queue, workers] of [
      [taskQueue, Math.min(steps.workers, activities.workers)],
      [invokeTaskQueue, posts.workers],
    ] as const) {
      if (workers === 0)
        return `no worker polls the task queue ${queue}: nobody is called. Start one: pigeonflow worker`;
    }
    const age = Math.max(steps.backlogAgeMs, activities.backlogAgeMs);
    if (age > OLDEST_STEP_MS) return tooOld(taskQueue, age, 'start more of them');
    if (posts.backlogAgeMs > OLDEST_POST_MS) {
      return tooOld(invokeTaskQueue, posts.backlogAgeMs, 'start more of them, or raise PIGEONFLOW_INVOKE_RATE');
    }
    return null;
  } catch (error) {
    const known = translated(error, temporal, null);
    return known instanceof PigeonflowError ? known.message : `Temporal cannot be asked: ${nameOf(error)}`;
  }
}

const tooOld = (queue: string, ms: number, help: string): string =>
  `the oldest task of the queue ${queue} has waited for ${Math.round(ms / 1000)} s: the workers cannot keep up; ${help}`;
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

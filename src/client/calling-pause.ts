import { isGrpcServiceError, ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { CallingPause } from '../contract/calling-pause.js';
import { callingPauseId } from '../contract/names.js';

/** The pause that is on for the workers of this task queue; null: calls are placed. Needs no worker. */
export async function currentPause(temporal: Client, invokeTaskQueue: string): Promise<CallingPause | null> {
  try {
    const { status, memo, startTime } = await temporal.workflow.getHandle(callingPauseId(invokeTaskQueue)).describe();
    if (status.name !== 'RUNNING') return null;
    const text = (key: string): string => (typeof memo?.[key] === 'string' ? memo[key] : '?');
    return { by: text('by'), reason: text('reason'), since: startTime.toISOString(), until: text('until') };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    if (isServiceError(error)) throw error;
    return await unreadablePause(temporal, invokeTaskQueue);
  }
}

const isServiceError = (error: unknown): boolean => error instanceof ServiceError || isGrpcServiceError(error);

/** Its words are encrypted with a key that is missing here. It is a pause anyway. */
async function unreadablePause(temporal: Client, invokeTaskQueue: string): Promise<CallingPause | null> {
  const { workflowExecutionInfo } = await temporal.workflowService.describeWorkflowExecution({
    namespace: temporal.options.namespace,
    execution: { workflowId: callingPauseId(invokeTaskQueue) },
  });
  if (Number(workflowExecutionInfo?.status) !== RUNNING) return null;
  const since = new Date(Number(workflowExecutionInfo?.startTime?.seconds ?? 0) * 1000).toISOString();
  return { by: '?', reason: 'encrypted with a key that is missing here', since, until: '?' };
}

/** `WORKFLOW_EXECUTION_STATUS_RUNNING` */
const RUNNING = 1;

/** Within this time a worker knows of a pause that begins or ends. */
export const MAX_PAUSE_DELAY_MS = 2_000;
const LOOK_INTERVAL_MS = 1_000;
/** A request to call leaves within 5 s or not at all; this is how much of them it waits for a look. */
const MAX_WAIT_MS = 3_000;
/** For so long what was seen last still counts where a look fails. After that nothing is sent until one succeeds. */
const PAUSE_UNKNOWN_TIMEOUT_MS = 60_000;
const LOUD_INTERVAL_MS = 60_000;

/** Whether the requests to call of this process may leave: `unknown` is as good as a pause, and is a fault. */
export type PauseKnowledge = 'known' | 'unknown';

export interface PauseEvents {
  /** A look has failed: the first time, when what was seen before stops counting, and then once a minute. */
  readonly failed: (error: unknown, knowledge: PauseKnowledge) => void;
  /** A look has succeeded after one that failed. */
  readonly succeeded: () => void;
}

export interface PauseWatch {
  /**
   * As it was at most 2 s ago; where a look fails, as it was at most a minute ago.
   *
   * @throws PauseUnknown where no look has succeeded for longer than that, or ever.
   */
  readonly current: () => Promise<CallingPause | null>;
  readonly stop: () => void;
}

/** The stop button cannot be read: nothing that would call anybody is sent. */
export class PauseUnknown extends Error {
  override readonly name = 'PauseUnknown';

  constructor(options: ErrorOptions) {
    const { cause } = options;
    super(cause instanceof Error ? cause.message : 'Temporal has not answered yet', options);
  }
}

/**
 * Looks every second, so that no request to call has to wait for the answer. Resolves after the first look, whatever
 * that came to.
 */
export async function watchPause(look: () => Promise<CallingPause | null>, events: PauseEvents): Promise<PauseWatch> {
  let stopped = false;
  let known: { readonly pause: CallingPause | null; readonly asOf: number } | null = null;
  let underWay: { readonly asOf: number; readonly done: Promise<void> } | null = null;
  let failure: { readonly error: unknown; knowledge: PauseKnowledge; toldAt: number } | null = null;

  const isAsOfLast = (ms: number): boolean => {
    const age = known === null ? Infinity : Date.now() - known.asOf;
    return age >= 0 && age < ms; // below 0: the clock was set back
  };
  const isOvertaken = (asOf: number): boolean => known !== null && asOf < known.asOf && known.asOf <= Date.now();
  const succeeded = (pause: CallingPause | null, asOf: number) => {
    if (isOvertaken(asOf)) return;
    known = { pause, asOf };
    if (failure !== null) events.succeeded();
    failure = null;
  };
  const failed = (error: unknown, asOf: number) => {
    if (stopped || isOvertaken(asOf)) return;
    const knowledge = isAsOfLast(PAUSE_UNKNOWN_TIMEOUT_MS) ? 'known' : 'unknown';
    const now = Date.now();
    const isNews = failure?.knowledge !== knowledge || Math.abs(now - failure.toldAt) >= LOUD_INTERVAL_MS;
    failure = { error, knowledge, toldAt: isNews ? now : (failure?.toldAt ?? now) };
    if (isNews) events.failed(error, knowledge);
  };
  // One that hangs keeps no other from beginning.
  const lookOnce = (): Promise<void> => {
    const asOf = Date.now();
    const done = look().then(
      (pause) => succeeded(pause, asOf),
      (error: unknown) => failed(error, asOf),
    );
    const mine = { asOf, done };
    underWay = mine;
    void done.then(() => (underWay === mine ? (underWay = null) : null));
    return done;
  };
  await lookOnce();
  const looking = setInterval(() => void lookOnce(), LOOK_INTERVAL_MS);
  looking.unref();
  return {
    async current() {
      if (!isAsOfLast(MAX_PAUSE_DELAY_MS)) {
        const recent = underWay !== null && Math.abs(Date.now() - underWay.asOf) < LOOK_INTERVAL_MS ? underWay : null;
        await within(MAX_WAIT_MS, recent?.done ?? lookOnce());
      }
      if (known === null || !isAsOfLast(PAUSE_UNKNOWN_TIMEOUT_MS)) throw new PauseUnknown({ cause: failure?.error });
      return known.pause;
    },
    stop() {
      stopped = true;
      clearInterval(looking);
    },
  };
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => void (timer = setTimeout(resolve, ms)));
  await Promise.race([done, over]);
  clearTimeout(timer);
}

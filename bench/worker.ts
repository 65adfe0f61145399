import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Field } from './field.js';
import { residentMiB } from './process.js';
import { spreadOf, type Spread } from './statistics.js';
import { inFlight } from './storm.js';
import { callInput } from './subjects.js';

/** Milliseconds from the start of a worker's process to the POST of a call that waits for it. */
export async function workerStart(field: Field, times: number): Promise<Spread> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const { taskQueue, environment } = queueOfItsOwn();
    const [mark = ''] = await openCalls(field, taskQueue, 1);
    const began = performance.now();
    const worker = await field.startWorker(environment);
    taken.push((await field.sink.posted(mark)) - began);
    await worker.stop();
  }
  return spreadOf(taken);
}

export interface Memory {
  readonly calls: number;
  /** Of the worker's process; null where the system does not tell. */
  readonly mib: number | null;
}

/** What a worker that has just started holds, with so many calls open that wait for their next look. */
export async function memory(field: Field, counts: readonly number[]): Promise<readonly Memory[]> {
  const { taskQueue, environment } = queueOfItsOwn();
  const worker = await field.startWorker(environment);
  const results: Memory[] = [];
  let calls = 0;
  for (const count of counts) {
    const marks = await openCalls(field, taskQueue, count - calls);
    await Promise.all(marks.map((mark) => field.sink.posted(mark)));
    calls = count;
    await setTimeout(5_000);
    results.push({ calls, mib: residentMiB(worker.pid) });
  }
  await worker.stop();
  return results;
}

/** For workers beside that of the field. */
export function queueOfItsOwn() {
  const taskQueue = `bench-${randomUUID()}`;
  const environment = { PIGEONFLOW_TASK_QUEUE: taskQueue, PIGEONFLOW_INVOKE_TASK_QUEUE: `${taskQueue}-invoke` };
  return { taskQueue, environment };
}

export interface CallOptions {
  /** Between two looks. Default 3600. */
  readonly everySeconds?: number;
  /** Temporal's default: 10 s. */
  readonly workflowTaskTimeout?: '2s' | '5s';
}

/** Starts calls that nobody answers, and returns their marks. */
export function openCalls(
  { temporal }: Pick<Field, 'temporal'>,
  taskQueue: string,
  count: number,
  { everySeconds, workflowTaskTimeout }: CallOptions = {},
): Promise<readonly string[]> {
  const marks = Array.from({ length: count }, () => randomUUID());
  return inFlight(marks, async (mark) => {
    await temporal.workflow.start('pigeonCall', {
      workflowId: `call/${mark}`,
      taskQueue,
      args: [callInput(mark, everySeconds)],
      ...(workflowTaskTimeout !== undefined && { workflowTaskTimeout }),
    });
    return mark;
  });
}

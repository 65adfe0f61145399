import { setTimeout } from 'node:timers/promises';
import type { Field } from './field.js';
import { type Cpu, watchCpu } from './process.js';
import { spreadOf, type Spread } from './statistics.js';
import { inFlight } from './storm.js';
import { openCalls } from './worker.js';

export interface Polling {
  readonly calls: number;
  readonly everySeconds: number;
  /** Seconds between two looks at one call. */
  readonly gap: Spread;
  readonly wantedPerSecond: number;
  readonly perSecond: number;
  /** For each look. */
  readonly cpu: Cpu;
  /** Of so many workflow tasks. */
  readonly workflowTasks: number;
  /** That the worker which holds the run did not take in time, so that any took it, and replayed the run. */
  readonly handedToAny: number;
}

/** So many calls that are looked at at the same time, for a while. */
export async function polling(field: Field, calls: number, everySeconds: number, seconds: number): Promise<Polling> {
  const marks = await openCalls(field, field.productQueue, calls, { everySeconds });
  await Promise.all(marks.map((mark) => field.sink.posted(mark)));
  await setTimeout(everySeconds * 1000);
  const cpuSince = watchCpu({ server: field.server.pid, worker: field.workers.product.pid });
  const from = performance.now();
  await setTimeout(seconds * 1000);
  const until = performance.now();
  const looks = marks.map((mark) => (field.sink.looks.get(mark) ?? []).filter((at) => at >= from && at < until));
  const count = looks.reduce((sum, times) => sum + times.length, 0);
  const cpu = cpuSince(count);
  const tasks = await inFlight(marks, async (mark) => {
    const handle = field.temporal.workflow.getHandle(`call/${mark}`);
    await handle.terminate('measured');
    const { events } = await handle.fetchHistory();
    return {
      all: events?.filter((event) => event.workflowTaskScheduledEventAttributes).length ?? 0,
      timedOut: events?.filter((event) => event.workflowTaskTimedOutEventAttributes).length ?? 0,
    };
  });
  const gaps = looks.flatMap((times) => times.slice(1).map((at, index) => (at - (times[index] ?? at)) / 1000));
  return {
    calls,
    everySeconds,
    gap: spreadOf(gaps),
    wantedPerSecond: calls / everySeconds,
    perSecond: (count * 1000) / (until - from),
    cpu,
    workflowTasks: tasks.reduce((sum, { all }) => sum + all, 0),
    handedToAny: tasks.reduce((sum, { timedOut }) => sum + timedOut, 0),
  };
}

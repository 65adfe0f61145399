import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Field } from './field.js';
import { spreadOf, type Spread } from './statistics.js';
import { inFlight } from './storm.js';
import { callInput } from './subjects.js';

export interface Polling {
  readonly calls: number;
  readonly everySeconds: number;
  /** Seconds between two looks at one call. */
  readonly gap: Spread;
  readonly wantedPerSecond: number;
  readonly perSecond: number;
}

/** So many calls that are looked at at the same time, for a while. */
export async function polling(field: Field, calls: number, everySeconds: number, seconds: number): Promise<Polling> {
  const marks = Array.from({ length: calls }, () => randomUUID());
  const handles = await inFlight(marks, (mark) =>
    field.temporal.workflow.start('pigeonCall', {
      workflowId: `call/${mark}`,
      taskQueue: field.productQueue,
      args: [callInput(mark, everySeconds)],
    }),
  );
  await Promise.all(marks.map((mark) => field.sink.posted(mark)));
  await setTimeout(everySeconds * 1000);
  const from = performance.now();
  await setTimeout(seconds * 1000);
  const until = performance.now();
  const looks = marks.map((mark) => (field.sink.looks.get(mark) ?? []).filter((at) => at >= from && at < until));
  await inFlight(handles, (handle) => handle.terminate('measured').then(() => undefined));
  const gaps = looks.flatMap((times) => times.slice(1).map((at, index) => (at - (times[index] ?? at)) / 1000));
  return {
    calls,
    everySeconds,
    gap: spreadOf(gaps),
    wantedPerSecond: calls / everySeconds,
    perSecond: (looks.reduce((sum, times) => sum + times.length, 0) * 1000) / (until - from),
  };
}

import { setTimeout } from 'node:timers/promises';
import type { Child } from '../tools/engine/child-process.js';
import type { Field } from './field.js';
import { spreadOf, type Spread } from './statistics.js';
import { type CallOptions, openCalls, queueOfItsOwn } from './worker.js';

export interface Scene extends CallOptions {
  readonly calls: number;
  readonly everySeconds: number;
  readonly kills: number;
}

export interface FailOver extends Scene {
  /** Seconds between the time when the next look at a call was due and that look, of all calls that were open at a kill. */
  readonly late: Spread;
  readonly most: number;
  /** The same at a time when nothing is killed. */
  readonly undisturbed: Spread;
  /** How many of these were later than 2 and than 5 s. */
  readonly over2: number;
  readonly over5: number;
  /** Of the history of one of them at the end. The longer it is, the longer a worker that takes it over replays. */
  readonly events: number;
}

/** Two workers, of which one is killed again and again and replaced, under calls that are looked at all the time. */
export async function failOver(field: Field, scene: Scene): Promise<FailOver> {
  const { calls, everySeconds, kills } = scene;
  const { taskQueue, environment } = queueOfItsOwn();
  const workers: Child[] = [];
  const startWorker = async () => void workers.push(await field.startWorker(environment));
  await Promise.all([startWorker(), startWorker()]);
  const marks = await openCalls(field, taskQueue, calls, scene);
  await Promise.all(marks.map((mark) => field.sink.posted(mark)));
  const late: number[] = [];
  const undisturbed: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    // Until both have calls again, and every look is in time.
    await setTimeout((3 + Math.random()) * everySeconds * 1000);
    const before = performance.now();
    for (const mark of marks) undisturbed.push(await latenessOf(field, mark, before, everySeconds * 1000));
    const killedAt = performance.now();
    const [killed] = workers.splice(Math.floor(Math.random() * workers.length), 1);
    await killed?.kill();
    await startWorker();
    for (const mark of marks) late.push(await latenessOf(field, mark, killedAt, everySeconds * 1000));
  }
  await Promise.all(workers.map((worker) => worker.stop()));
  const { historyLength } = await field.temporal.workflow.getHandle(`call/${marks[0] ?? ''}`).describe();
  const over = (seconds: number) => late.filter((one) => one > seconds).length;
  return {
    ...scene,
    late: spreadOf(late),
    undisturbed: spreadOf(undisturbed),
    most: Math.max(...late),
    over2: over(2),
    over5: over(5),
    events: historyLength,
  };
}

async function latenessOf(field: Field, mark: string, killedAt: number, everyMs: number): Promise<number> {
  const before = field.sink.looks.get(mark)?.findLast((at) => at < killedAt) ?? killedAt;
  return Math.max(0, (await lookAfter(field, mark, killedAt)) - before - everyMs) / 1000;
}

/** When the first look at this call came that was not before `from`. */
export async function lookAfter({ sink }: Field, mark: string, from: number): Promise<number> {
  for (;;) {
    const next = sink.looks.get(mark)?.find((at) => at >= from);
    if (next !== undefined) return next;
    await setTimeout(50);
  }
}

import { randomUUID } from 'node:crypto';
import type { Field } from './field.js';
import { type Cpu, watchCpu } from './process.js';
import { alert, floor, incident, pigeonCall, type Subject } from './subjects.js';

export interface Storm {
  readonly subject: string;
  readonly starts: number;
  /** From the first start to the last POST. */
  readonly seconds: number;
  readonly lost: number;
  readonly doubled: number;
  /** For each start. */
  readonly cpu: Cpu;
}

const IN_FLIGHT = 32;

/** So many distinct starts at once, the subjects in turn. */
export async function storms(field: Field, starts: number, rounds: number): Promise<readonly Storm[]> {
  const results: Storm[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of [floor, pigeonCall, incident, alert]) results.push(await storm(field, subject, starts));
  }
  return results;
}

async function storm(field: Field, subject: Subject, starts: number): Promise<Storm> {
  const marks = Array.from({ length: starts }, () => randomUUID());
  const worker = subject === floor ? field.workers.floor : field.workers.product;
  const cpuSince = watchCpu({ server: field.server.pid, worker: worker.pid });
  const began = performance.now();
  const handles = await inFlight(marks, (mark) => subject.start(field, mark));
  const posted = await Promise.all(marks.map((mark) => within(field.sink.posted(mark), 300_000)));
  const last = Math.max(...posted.filter((at) => at !== null));
  const cpu = cpuSince(starts);
  const counts = marks.map((mark) => field.sink.posts.get(mark) ?? 0);
  await inFlight(handles, (handle) =>
    subject === floor ? handle.result() : handle.terminate('measured').then(() => undefined),
  );
  return {
    subject: subject.name,
    starts,
    seconds: (last - began) / 1000,
    lost: counts.filter((count) => count === 0).length,
    doubled: counts.filter((count) => count > 1).length,
    cpu,
  };
}

export async function inFlight<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return results;
}

function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  return Promise.race([promise, new Promise<null>((resolve) => setTimeout(() => resolve(null), ms).unref())]);
}

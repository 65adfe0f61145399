import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Field } from './field.js';
import { residentMiB } from './process.js';
import { one } from './start-to-post.js';
import { spreadOf, type Spread } from './statistics.js';
import { inFlight } from './storm.js';
import { incident } from './subjects.js';

export interface OpenIncidents {
  readonly open: number;
  /** Of the worker's process and of the server's, which keeps all in memory; null where the system does not tell. */
  readonly mib: { readonly worker: number | null; readonly server: number | null };
  /** Milliseconds from the start of one more to its request to call. */
  readonly oneMore: Spread;
}

/** What grows, and whether another one is called later, while so many incidents are open and ring. */
export async function openIncidents(field: Field, counts: readonly number[]): Promise<readonly OpenIncidents[]> {
  const results: OpenIncidents[] = [];
  const ids: string[] = [];
  const add = async (count: number): Promise<void> => {
    const marks = Array.from({ length: count }, () => randomUUID());
    const handles = await inFlight(marks, (mark) => incident.start(field, mark));
    ids.push(...handles.map(({ workflowId }) => workflowId));
    await Promise.all(marks.map((mark) => field.sink.posted(mark)));
  };
  for (const count of counts) {
    await add(count - ids.length);
    await setTimeout(5_000);
    const mib = { worker: residentMiB(field.workers.product.pid), server: residentMiB(field.server.pid ?? 0) };
    const oneMore: number[] = [];
    for (let probe = 0; probe < PROBES; probe += 1) {
      const { ms, handle } = await one(field, incident);
      oneMore.push(ms);
      await handle.terminate('measured');
      await setTimeout(100);
    }
    results.push({ open: count, mib, oneMore: spreadOf(oneMore) });
  }
  await inFlight(ids, (id) => field.temporal.workflow.getHandle(id).terminate('measured'));
  return results;
}

const PROBES = 50;

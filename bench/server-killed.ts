import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { awaitFrontend } from '../tools/engine/await-frontend.js';
import { freePort } from '../tools/engine/free-port.js';
import { startTemporalServer } from '../tools/engine/temporal-server.js';
import { lookAfter } from './fail-over.js';
import type { Field } from './field.js';
import { spreadOf, type Spread } from './statistics.js';
import { openCalls, queueOfItsOwn } from './worker.js';

export interface ServerKilled {
  readonly calls: number;
  readonly everySeconds: number;
  readonly kills: number;
  readonly downSeconds: number;
  /** Of calls that waited for a timer at the kill. */
  readonly idle: Lateness;
  /** Of calls that had a workflow task or an activity in progress. */
  readonly busy: Lateness;
}

/** Seconds between the first answer of the server that is back and the look that was due by then, or from its own due time on. */
export interface Lateness {
  readonly late: Spread;
  readonly most: number;
}

/** A Temporal server on a file, killed under calls that are looked at all the time, and back after a while. */
export async function serverKilled(
  field: Field,
  calls: number,
  everySeconds: number,
  kills: number,
  downSeconds: number,
): Promise<ServerKilled> {
  const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-bench-'));
  const given = { dbFilename: join(folder, 'temporal.db'), port: await freePort() };
  let server = await startTemporalServer(given);
  const { address } = server;
  const connection = await Connection.connect({ address });
  const { taskQueue, environment } = queueOfItsOwn();
  const worker = await field.startWorker({ ...environment, TEMPORAL_ADDRESS: address });
  const temporal = new Client({ connection });
  try {
    const marks = await openCalls({ temporal }, taskQueue, calls, { everySeconds });
    await Promise.all(marks.map((mark) => field.sink.posted(mark)));
    const idle: number[] = [];
    const busy: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      await setTimeout((3 + Math.random()) * everySeconds * 1000);
      const lastLooks = new Map(marks.map((mark) => [mark, field.sink.looks.get(mark)?.at(-1) ?? performance.now()]));
      const killedAt = performance.now();
      const killedDate = Date.now();
      await server.kill();
      await setTimeout(downSeconds * 1000);
      const answers = awaitFrontend(address, null, 30_000).then((first) => (void first.close(), performance.now()));
      server = await startTemporalServer(given);
      const backAt = await answers;
      for (const mark of marks) {
        const dueAt = (lastLooks.get(mark) ?? killedAt) + everySeconds * 1000;
        const late = Math.max(0, (await lookAfter(field, mark, killedAt)) - Math.max(dueAt, backAt)) / 1000;
        ((await wasIdle(temporal.workflow.getHandle(`call/${mark}`), killedDate)) ? idle : busy).push(late);
      }
    }
    return { calls, everySeconds, kills, downSeconds, idle: latenessOf(idle), busy: latenessOf(busy) };
  } finally {
    await worker.stop();
    await connection.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

const latenessOf = (late: number[]): Lateness => ({ late: spreadOf(late), most: Math.max(0, ...late) });

/** Whether the last that it had done by then, by the clock of this machine, was to begin to wait. */
async function wasIdle(handle: WorkflowHandle, date: number): Promise<boolean> {
  const { events } = await handle.fetchHistory();
  const last = events?.findLast(
    ({ eventTime }) => Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6 <= date,
  );
  return last?.timerStartedEventAttributes != null;
}

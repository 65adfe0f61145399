import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { gzipSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect } from 'vitest';

/** Histories of every scenario, replayed by `replay.test.ts`: `npm run record:histories` makes them anew. */
export const HISTORIES = new URL('../histories/', import.meta.url);

/** Keeps the histories of a test's calls when they are being recorded, under the name of the test. */
export async function recordHistories(temporal: Client, workflowIds: readonly string[]): Promise<void> {
  if (process.env['RECORD_HISTORIES'] !== '1') return;
  const test = (expect.getState().currentTestName ?? 'unnamed').replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120);
  await mkdir(HISTORIES, { recursive: true });
  for (const [index, workflowId] of workflowIds.entries()) {
    const history = await temporal.workflow.getHandle(workflowId).fetchHistory();
    const file = new URL(`${test}${workflowIds.length > 1 ? `-${index + 1}` : ''}.json.gz`, HISTORIES);
    await writeFile(file, gzipSync(anonymous(historyToJSON(history)), { level: 9 }));
  }
}

/** Stack traces and identities name the machine, which is nobody's business. */
function anonymous(history: string): string {
  return history.replace(/(?:\/[\w.@-]+)+\/(?=(?:node_modules|src)\/)/g, '').replaceAll(`@${hostname()}`, '@worker');
}

export interface RunSize {
  readonly events: number;
  /** Of its JSON, which is longer than what the server stores. */
  readonly bytes: number;
  /** Writes to the visibility store while it ran. */
  readonly attributeWrites: number;
}

/** The runs of a workflow that continued as new, oldest first. */
export async function runsOf(temporal: Client, workflowId: string): Promise<readonly RunSize[]> {
  const runs: RunSize[] = [];
  let runId: string | undefined;
  do {
    const history = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    const events = history.events ?? [];
    runs.unshift({
      events: events.length,
      bytes: historyToJSON(history).length,
      attributeWrites: events.filter((event) => event.upsertWorkflowSearchAttributesEventAttributes).length,
    });
    runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
  } while (runId);
  return runs;
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { expect } from 'vitest';
import type { Lifetime } from './lifetime.js';

/** Histories of every scenario, replayed by `replay.test.ts`: `npm run record:histories` adds those that are not there. */
const HISTORIES = new URL('../histories/', import.meta.url);

/** Of a world: what ran in it, and the name of its test. */
interface Recorded {
  readonly temporal: Client;
  /** Known to the test; the only ones where the server keeps no list, as the time-skipping one. */
  readonly workflowIds: readonly string[];
  /** Whose whole list is taken; null where the server keeps none. */
  readonly taskQueue: string | null;
  /** Of concurrent tests; nothing else tells them apart. */
  readonly context: Lifetime | undefined;
}

/** Keeps the histories of a test's workflows when they are being recorded, under the name of the test. */
export async function recordHistories({ temporal, workflowIds, taskQueue, context }: Recorded): Promise<void> {
  if (process.env['RECORD_HISTORIES'] !== '1') return;
  const name = nameOf(context);
  if (name === undefined) return; // a world that tests share
  await mkdir(HISTORIES, { recursive: true });
  const runs: readonly { readonly workflowId: string; readonly runId?: string }[] =
    taskQueue === null ? workflowIds.map((workflowId) => ({ workflowId })) : await runsIn(temporal, taskQueue);
  for (const [index, { workflowId, runId }] of runs.entries()) {
    const file = new URL(`${name}${runs.length > 1 ? `-${index + 1}` : ''}.json.gz`, HISTORIES);
    // What was recorded once is what earlier versions did.
    if (existsSync(file)) continue;
    const history = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    // The time-skipping server leaves it out.
    const [started] = history.events ?? [];
    if (started?.workflowExecutionStartedEventAttributes)
      started.workflowExecutionStartedEventAttributes.workflowId ||= workflowId;
    await writeFile(file, gzipSync(anonymous(historyToJSON(history)), { level: 9 }));
  }
}

function nameOf(context: Lifetime | undefined): string | undefined {
  const { task } = (context ?? {}) as { readonly task?: { readonly fullTestName?: string } };
  const name = task?.fullTestName ?? expect.getState().currentTestName;
  return name?.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120);
}

/** Those of our workflows, oldest first. */
async function runsIn(temporal: Client, taskQueue: string) {
  const query = `TaskQueue = "${taskQueue}" AND WorkflowType IN ("pigeonCall", "incident", "escalation", "duty")`;
  const list = async () => {
    const runs = [];
    for await (const { workflowId, runId, startTime } of temporal.workflow.list({ query })) {
      runs.push({ workflowId, runId, startTime });
    }
    return runs.toSorted((one, other) => Number(one.startTime) - Number(other.startTime));
  };
  // The list lags behind what has happened.
  for (let [before, now] = [-1, await list()]; ; [before, now] = [now.length, await list()]) {
    if (now.length === before) return now;
    await setTimeout(500);
  }
}

/** Stack traces and identities name the machine, which is nobody's business. */
function anonymous(history: string): string {
  return history
    .replace(/(?:\/[\w.@-]+)+\/(?=(?:node_modules|src|test)\/)/g, '')
    .replaceAll(`@${hostname()}`, '@worker');
}

/** A recorded history: its file, and its JSON. */
export interface RecordedHistory {
  readonly file: string;
  readonly text: string;
}

/** The corpus, in the order of its names. */
export const recordedHistories = (): readonly RecordedHistory[] =>
  readdirSync(HISTORIES)
    .toSorted()
    .map((file) => ({ file, text: gunzipSync(readFileSync(new URL(file, HISTORIES))).toString('utf8') }));

/** @throws DeterminismViolationError when these workflows would have done something else. */
export async function replay(
  { text }: Pick<RecordedHistory, 'text'>,
  workflowBundle: WorkflowBundleOption,
): Promise<void> {
  const { history, workflowId } = readHistory(text);
  await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
}

/**
 * All of them by one worker, which is started once.
 *
 * @returns why these workflows would have made a history differently, by its file; a file that is not there replays.
 */
export async function replayAll(
  histories: readonly RecordedHistory[],
  workflowBundle: WorkflowBundleOption,
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map(histories.map(({ file }) => [file, 'it was not replayed']));
  const read = histories.map(({ file, text }) => ({ ...readHistory(text), file }));
  const fileOf = new Map(read.map(({ runId, file }) => [runId, file]));
  for await (const { error, runId } of Worker.runReplayHistories({ workflowBundle }, read)) {
    const file = fileOf.get(runId) ?? runId;
    if (error === undefined) refused.delete(file);
    else refused.set(file, error.message);
  }
  return refused;
}

function readHistory(text: string) {
  const history = JSON.parse(text) as { readonly events: readonly HistoryEvent[] };
  // Ids of children are made of that of their parent.
  const started = history.events[0]?.workflowExecutionStartedEventAttributes;
  return { history, workflowId: started?.workflowId ?? 'unknown', runId: started?.originalExecutionRunId ?? 'unknown' };
}

interface HistoryEvent {
  readonly workflowExecutionStartedEventAttributes?: {
    readonly workflowId?: string;
    readonly originalExecutionRunId?: string;
  };
}

export interface RunSize {
  readonly events: number;
  /** Of its JSON, which is longer than what the server stores. */
  readonly bytes: number;
  /** Writes of search attributes of ours while it ran; the SDK writes `TemporalChangeVersion` with the marker of a patch. */
  readonly attributeWrites: number;
  /** Ids of the children that it started. */
  readonly children: readonly string[];
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
      attributeWrites: events.filter(({ upsertWorkflowSearchAttributesEventAttributes: write }) =>
        Object.keys(write?.searchAttributes?.indexedFields ?? {}).some((name) => name !== 'TemporalChangeVersion'),
      ).length,
      children: events.flatMap((event) => event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? []),
    });
    runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
  } while (runId);
  return runs;
}

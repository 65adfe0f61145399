import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { Field } from './field.js';
import { open, pigeonCall, callInput } from './subjects.js';

export interface Cost {
  readonly what: string;
  readonly events: number;
  readonly bytes: number;
  readonly workflowTasks: number;
  /** Writes of search attributes and memo to the visibility store, after the start. */
  readonly visibilityUpdates: number;
}

/** What is in the histories of a call and of an incident of three levels. */
export async function costs(field: Field): Promise<readonly Cost[]> {
  return [await costOfCall(field, 1), await costOfCall(field, 4), await costOfIncident(field)];
}

/** A call that ends at its n-th look. */
async function costOfCall(field: Field, looks: number): Promise<Cost> {
  const mark = randomUUID();
  const handle = await field.temporal.workflow.start(pigeonCall.name, {
    workflowId: `call/${mark}`,
    taskQueue: field.productQueue,
    args: [callInput(mark, 1)],
  });
  await field.sink.posted(mark);
  while ((field.sink.looks.get(mark)?.length ?? 0) < looks - 1) await new Promise((resolve) => setTimeout(resolve, 20));
  field.sink.answer(mark, 'key1');
  await handle.result();
  const real = field.sink.looks.get(mark)?.length ?? 0;
  return await costOf(`call, answered at look ${real}`, [handle]);
}

/** Levels 1 and 2 are refused, level 3 takes it. */
async function costOfIncident(field: Field): Promise<Cost> {
  const marks = [randomUUID(), randomUUID(), randomUUID()] as const;
  field.sink.answer(marks[0], 'refused');
  field.sink.answer(marks[1], 'refused');
  field.sink.answer(marks[2], 'key1');
  const handle = await open(field, marks[0], marks, 1);
  const ids = await childrenOf(field, handle);
  await handle.executeUpdate('resolve', { args: [{ by: 'bench' }] });
  await handle.result();
  return await costOf('incident of three levels, with its children', [
    handle,
    ...ids.map((id) => field.temporal.workflow.getHandle(id)),
  ]);
}

/** Waits until somebody owns it. */
async function childrenOf(field: Field, handle: WorkflowHandle): Promise<readonly string[]> {
  for (;;) {
    const status = await handle.query<{ owner: unknown }>('status');
    if (status.owner !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => {
    const id = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId;
    return typeof id === 'string' ? [id] : [];
  });
}

async function costOf(what: string, handles: readonly WorkflowHandle[]): Promise<Cost> {
  const histories = await Promise.all(handles.map((handle) => handle.fetchHistory()));
  const all = histories.flatMap(({ events }) => events ?? []);
  const sizes = await Promise.all(
    handles.map(async (handle) => Number((await handle.describe()).raw.workflowExecutionInfo?.historySizeBytes ?? 0)),
  );
  return {
    what,
    events: all.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    workflowTasks: all.filter((event) => event.workflowTaskCompletedEventAttributes).length,
    visibilityUpdates: all.filter(
      (event) => event.upsertWorkflowSearchAttributesEventAttributes ?? event.workflowPropertiesModifiedEventAttributes,
    ).length,
  };
}

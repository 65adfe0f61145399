import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Field } from './field.js';
import { alert, floor, floorOnTwoQueues, incident, onDuty, open, pigeonCall, type Subject } from './subjects.js';

export const SUBJECTS = ['floor', 'floorOnTwoQueues', 'pigeonCall', 'incident', 'onDuty', 'alert', 'branch'] as const;
export type Samples = Readonly<Record<(typeof SUBJECTS)[number], readonly number[]>>;

/** Milliseconds from the start of a workflow to its POST at the sink, idle, the subjects in turn. */
export async function startToPost(field: Field, rounds: number): Promise<Samples> {
  const samples: Record<keyof Samples, number[]> = {
    floor: [],
    floorOnTwoQueues: [],
    pigeonCall: [],
    incident: [],
    onDuty: [],
    alert: [],
    branch: [],
  };
  const left: WorkflowHandle[] = [];
  const warmUp = Math.min(100, Math.ceil(rounds / 5));
  for (let round = -warmUp; round < rounds; round += 1) {
    // In another order each round, so that none always comes after the same one.
    const subjects = [floor, floorOnTwoQueues, pigeonCall, incident, onDuty, alert];
    for (let turn = 0; turn < subjects.length; turn += 1) {
      const subject = subjects[(turn + Math.abs(round)) % subjects.length];
      if (subject === undefined) continue;
      const { ms, handle } = await one(field, subject);
      if (round >= 0) samples[subject.name as keyof Samples].push(ms);
      if (subject === floor || subject === floorOnTwoQueues) await handle.result();
      else left.push(handle);
      await setTimeout(BETWEEN_MS);
    }
    if (round % 10 !== 0) continue;
    const { ms, handle } = await branch(field);
    if (round >= 0) samples.branch.push(ms);
    left.push(handle);
    await terminated(left.splice(0));
    await setTimeout(AFTER_TERMINATING_MS);
  }
  await terminated(left);
  return samples;
}

const terminated = (handles: readonly WorkflowHandle[]) =>
  Promise.all(handles.map((handle) => handle.terminate('measured')));

/** Until what follows the POST is written down. */
const BETWEEN_MS = 40;
/** While the server still works on workflows that it has terminated, it hands out tasks 30 ms later. */
const AFTER_TERMINATING_MS = 1_000;

export interface Measured {
  readonly ms: number;
  readonly handle: WorkflowHandle;
}

/** From the start of a workflow to its POST. */
export async function one(field: Field, subject: Subject): Promise<Measured> {
  const mark = randomUUID();
  const began = performance.now();
  const handle = await subject.start(field, mark);
  return { ms: (await field.sink.posted(mark)) - began, handle };
}

/** From the POST of level 1, which is refused, to that of level 2, in a child. */
async function branch(field: Field): Promise<Measured> {
  const [first, second] = [randomUUID(), randomUUID()];
  field.sink.answer(first, 'refused');
  const handle = await open(field, first, [first, second]);
  return { ms: (await field.sink.posted(second)) - (await field.sink.posted(first)), handle };
}

import { randomUUID } from 'node:crypto';
import type { Field } from './field.js';
import { open } from './subjects.js';

/** Milliseconds from the update `acknowledge`, while it rings, to the request to abort at the sink. */
export async function acknowledgeToAbort(field: Field, rounds: number): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const mark = randomUUID();
    const handle = await open(field, mark, [mark]);
    await field.sink.posted(mark);
    // Taken: the answer of the POST has reached the workflow.
    await new Promise((resolve) => setTimeout(resolve, 150));
    const began = performance.now();
    const [, aborted] = await Promise.all([
      handle.executeUpdate('acknowledge', { args: [{ by: 'bench' }] }),
      field.sink.aborted(mark),
    ]);
    samples.push(aborted - began);
    await handle.terminate('measured');
  }
  return samples;
}

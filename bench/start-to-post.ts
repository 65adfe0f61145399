import { randomUUID } from 'node:crypto';
import type { Field } from './field.js';
import { alert, floor, incident, open, pigeonCall, type Subject } from './subjects.js';

export type Samples = Readonly<Record<'floor' | 'pigeonCall' | 'incident' | 'alert' | 'branch', readonly number[]>>;

/** Milliseconds from the start of a workflow to its POST at the sink, idle, the subjects in turn. */
export async function startToPost(field: Field, rounds: number): Promise<Samples> {
  const samples: Record<keyof Samples, number[]> = { floor: [], pigeonCall: [], incident: [], alert: [], branch: [] };
  const warmUp = Math.min(100, Math.ceil(rounds / 5));
  for (let round = -warmUp; round < rounds; round += 1) {
    // In another order each round, so that none always comes after the same one.
    const subjects = [floor, pigeonCall, incident, alert];
    for (let turn = 0; turn < subjects.length; turn += 1) {
      const subject = subjects[(turn + Math.abs(round)) % subjects.length];
      if (subject === undefined) continue;
      const ms = await one(field, subject);
      if (round >= 0) samples[subject.name as keyof Samples].push(ms);
    }
    if (round >= 0 && round % 10 === 0) samples.branch.push(await branch(field));
  }
  return samples;
}

async function one(field: Field, subject: Subject): Promise<number> {
  const mark = randomUUID();
  const began = performance.now();
  const handle = await subject.start(field, mark);
  const took = (await field.sink.posted(mark)) - began;
  if (subject === floor) await handle.result();
  else await handle.terminate('measured');
  return took;
}

/** From the POST of level 1, which is refused, to that of level 2, in a child. */
async function branch(field: Field): Promise<number> {
  const [first, second] = [randomUUID(), randomUUID()];
  field.sink.answer(first, 'refused');
  const handle = await open(field, first, [first, second]);
  const took = (await field.sink.posted(second)) - (await field.sink.posted(first));
  await handle.terminate('measured');
  return took;
}

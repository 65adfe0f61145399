import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Policy } from '../src/contract/policy-schema.js';
import type { Field } from './field.js';
import { spreadOf, type Spread } from './statistics.js';
import { callInput, openWith, policyOf } from './subjects.js';

export interface KeyToCall {
  readonly everySeconds: number;
  /** Milliseconds from the key, at any time between two looks, to the request to call whom it leads to. */
  readonly ms: Spread;
}

/** A key that leads to level 2, pressed in some incidents that are looked at so often. */
export async function keyToCall(field: Field, everySeconds: number, times: number): Promise<KeyToCall> {
  const taken = Array.from({ length: times }, async (_, index) => {
    await setTimeout(index * APART_MS);
    const [first, second] = [randomUUID(), randomUUID()];
    const handle = await openWith(field, first, leadingOn([first, second], everySeconds));
    await field.sink.posted(first);
    await setTimeout((1 + Math.random()) * everySeconds * 1000);
    const pressed = performance.now();
    field.sink.answer(first, 'key1');
    const ms = (await field.sink.posted(second)) - pressed;
    await handle.terminate('measured');
    return ms;
  });
  return { everySeconds, ms: spreadOf(await Promise.all(taken)) };
}

/** Few at once: what one costs is wanted. */
const APART_MS = 250;

/** Key 1 of the first level leads to the second. */
function leadingOn(marks: readonly string[], everySeconds: number): Policy {
  const policy = policyOf(marks.map((mark) => callInput(mark, everySeconds)));
  const steps = Object.entries(policy.steps).map(([name, step]) => [
    name,
    name === policy.start ? { ...step, keys: { 1: { kind: 'escalate', step: 'level-2' } } } : step,
  ]);
  return { ...policy, steps: Object.fromEntries(steps) as Policy['steps'] };
}

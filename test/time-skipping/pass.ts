import type { World } from '../rig/rig.js';

const STEP_MS = 15 * 60_000;

/** Lets so much time pass in steps, between which the server hands out what is due. */
export async function pass({ sleep }: World, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) await sleep(STEP_MS);
}

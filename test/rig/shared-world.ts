import { afterAll, beforeAll } from 'vitest';
import type { useRig, World, WorldOptions } from './rig.js';

/** One world for all tests of a file: for tests that differ in whom they call, not in the space that they call through. */
export function useSharedWorld(
  world: ReturnType<typeof useRig>,
  options: Omit<WorldOptions, 'context'>,
  prepare: (world: World) => Promise<unknown> = () => Promise.resolve(),
): () => World {
  let shared: World | undefined;
  const cleanUps: (() => Promise<void>)[] = [];
  const context = { onTestFinished: (cleanUp: () => Promise<void>) => void cleanUps.push(cleanUp) };
  beforeAll(async () => {
    shared = await world({ ...options, context });
    await prepare(shared);
  });
  afterAll(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });
  return () => {
    if (shared === undefined) throw new Error('the shared world exists within tests alone');
    return shared;
  };
}

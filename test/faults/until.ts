import { setTimeout } from 'node:timers/promises';

/** Waits for a condition that only asking can tell; an error counts as "not yet". */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  limitMs = 30_000,
  pauseMs = 50,
): Promise<Exclude<T, undefined | null | false>> {
  const end = Date.now() + limitMs;
  let last = '';
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) {
        return answer as Exclude<T, undefined | null | false>;
      }
    } catch (error) {
      last = error instanceof Error ? ` Last: ${error.message}` : '';
    }
    await setTimeout(pauseMs);
  }
  throw new Error(`Waited ${Math.round(limitMs / 1000)} s in vain until ${what}.${last}`);
}

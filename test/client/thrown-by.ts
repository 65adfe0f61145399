import { expect } from 'vitest';

/** What a promise rejects with, for a look at it. */
export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error,
  );
}

/**
 * As `Promise.all`, but it waits for the end of all of them: Temporal's client repeats a request by itself, and one that is
 * left alone would do so on a connection that was closed meanwhile, which ends the process.
 */
export async function allEnded<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}

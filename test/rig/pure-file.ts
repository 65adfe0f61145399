import { readFileSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';

const MAX_CPU_MS = 1_000;

let before: number;
beforeAll(() => {
  before = usedMs();
});
afterAll(() => {
  const ms = Math.round(usedMs() - before);
  if (ms > MAX_CPU_MS) {
    throw new Error(
      `This file used ${ms} ms of the processor; a file of the project "pure" may use ${MAX_CPU_MS}. ` +
        'Play fewer cases, or move what needs more to another folder or to *.system.test.ts.',
    );
  }
});

/**
 * Of the processor, not of the clock, and of this thread alone where the system tells that: another load on the machine makes
 * what the engine compiles and collects beside it take longer, and a file should not fail for it.
 */
function usedMs(): number {
  try {
    const [onProcessorNs] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(onProcessorNs) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}

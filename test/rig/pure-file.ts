import { afterAll, beforeAll } from 'vitest';

/** Of the processor, not of the clock: another load on the machine makes no file slower. */
const MAX_CPU_MS = 1_000;

let before: NodeJS.CpuUsage;
beforeAll(() => {
  before = process.cpuUsage();
});
afterAll(() => {
  const { user, system } = process.cpuUsage(before);
  const ms = Math.round((user + system) / 1000);
  if (ms > MAX_CPU_MS) {
    throw new Error(
      `This file used ${ms} ms of the processor; a file of the project "pure" may use ${MAX_CPU_MS}. ` +
        'Play fewer cases, or move what needs more to another folder or to *.system.test.ts.',
    );
  }
});

import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/rig/longest-first.js';
import { slowestFiles } from './test/rig/slowest-files.js';

/** Functions alone, without a server or a process: these files share a process. */
const PURE = [
  'codec',
  'contract',
  'docs',
  'duty',
  'emulator',
  'alerts',
  'import',
  'people',
  'pigeon',
  'decision',
  'policy',
  'routing',
  'release',
  'report',
  'words',
];
const pure = PURE.map((folder) => `test/${folder}/**/*.test.ts`);
/** Functions again, with as many inputs as a run has time for. */
const properties = ['test/**/*.property.test.ts'];
/** What may go wrong once in a hundred times, played so often: `npm run test:repetitions`. */
const repetitions = [
  'test/duty/brute-force.property.test.ts',
  'test/gateway/races.test.ts',
  'test/gateway/sender-that-retries.system.test.ts',
  'test/incident/on-duty.test.ts',
  'test/incident/one-owner.test.ts',
  'test/time-skipping/incident-property.test.ts',
  'test/time-skipping/long-incidents.test.ts',
  'test/time-skipping/waiting.test.ts',
];
const timeSkipping = ['test/time-skipping/**/*.test.ts'];
/** What needs real processes or other programs: `npm run test:system`. */
const system = ['test/**/*.system.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What breaks all of them says so at once, not after a minute for each.
    bail: 20,
    // Most of a test's time is waiting, for a timer of a server or for a telephone.
    maxWorkers: 4,
    provide: { scale: 'few' },
    sequence: { sequencer: LongestFirst },
    reporters: ['default', slowestFiles],
    coverage: {
      provider: 'istanbul',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.generated.ts'],
      reporter: ['text', 'html'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: pure,
          exclude: [...properties, ...system],
          isolate: false,
          setupFiles: ['test/rig/pure-file.ts'],
        },
      },
      {
        extends: true,
        // Thousands of inputs take as long as this machine is busy with them.
        test: { name: 'properties', include: properties, isolate: false, testTimeout: 300_000 },
      },
      {
        extends: true,
        test: {
          name: 'tests',
          isolate: false,
          globalSetup: ['test/rig/setup-real-server.ts'],
          include: ['test/**/*.test.ts'],
          exclude: [...pure, ...properties, ...timeSkipping, ...system],
        },
      },
      {
        extends: true,
        test: {
          name: 'time-skipping',
          // Each file has its process, so that whichever is free takes the next; sharing one they are dealt out beforehand.
          isolate: true,
          // Its servers' time passes as ours while a worker is busy: one process less leaves them some of the processor.
          maxWorkers: 3,
          // After all others: while they keep both cores busy, its servers hand out tasks late, and it takes no less time.
          sequence: { groupOrder: 1 },
          // Hours of its time take as long as this machine is busy with them.
          testTimeout: 300_000,
          globalSetup: ['test/rig/setup-time-skipping-server.ts'],
          include: timeSkipping,
          exclude: system,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          globalSetup: ['test/rig/setup-real-server.ts', 'test/rig/setup-time-skipping-server.ts'],
          include: system,
        },
      },
      {
        extends: true,
        test: {
          name: 'repetitions',
          // As in `time-skipping`, where most of them are.
          testTimeout: 300_000,
          globalSetup: ['test/rig/setup-real-server.ts', 'test/rig/setup-time-skipping-server.ts'],
          include: repetitions,
          provide: { scale: 'many' },
        },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What breaks all of them says so at once, not after a minute for each.
    bail: 20,
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
          name: 'tests',
          globalSetup: ['test/rig/setup-real-server.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/time-skipping/**'],
        },
      },
      {
        // A server that skips time has one time for all: each test starts its own, but one that ran before is given to all.
        // So these run one after another, after the others.
        extends: true,
        test: {
          name: 'time-skipping',
          globalSetup: ['test/rig/setup-time-skipping-server.ts'],
          include: ['test/time-skipping/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

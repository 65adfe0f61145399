import type { Reporter, TestModule } from 'vitest/node';

const SHOWN = 10;

/** Prints, at the end of a run, the files that took longest: where to look first when the suite becomes slow. */
export const slowestFiles: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const timed = modules.map((module) => ({ name: module.relativeModuleId, ms: module.diagnostic().duration }));
    const slowest = timed.toSorted((one, other) => other.ms - one.ms).slice(0, SHOWN);
    if (timed.length <= SHOWN) return;
    const lines = slowest.map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(8)} s  ${name}`);
    console.log(['', `The ${SHOWN} slowest of ${timed.length} files:`, ...lines, ''].join('\n'));
  },
};

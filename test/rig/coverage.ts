import { WorkflowCoverage } from '@temporalio/nyc-test-coverage';
import type { InjectedSinks, LoggerSinks } from '@temporalio/worker';

type Counters = Record<string, unknown>;
declare global {
  var __coverage__: Counters | undefined;
  /** Where vitest's istanbul provider counts; absent when coverage is not measured. */
  var __VITEST_COVERAGE__: Counters | undefined;
}

/** Workflows run in an isolate of their own: what they count reaches vitest through a sink. */
export class CoverageOfWorkflows {
  readonly #coverage = new WorkflowCoverage();

  /** For the options of a worker that runs instrumented workflows. */
  sinks(workflowBundle: { readonly code: string }): InjectedSinks<LoggerSinks> | undefined {
    if (globalThis.__VITEST_COVERAGE__ === undefined) return undefined;
    globalThis.__coverage__ = globalThis.__VITEST_COVERAGE__;
    return this.#coverage.augmentWorkerOptionsWithBundle({ taskQueue: '', workflowBundle }).sinks;
  }

  /** Once, after all tests of a file. */
  merge(): void {
    if (globalThis.__VITEST_COVERAGE__ === undefined) return;
    this.#coverage.mergeIntoGlobalCoverage();
    globalThis.__VITEST_COVERAGE__ = globalThis.__coverage__;
  }
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkflowCoverage } from '@temporalio/nyc-test-coverage';
import type { BundleOptions } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { bundleWorkflows } from '../../src/workflow-bundle.js';
import { BUNDLE, buildWhenStale } from './build.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The workflows, bundled once for all test files. */
    workflowCodePath: string;
    /** Why worker processes cannot be started; null when they can. */
    buildFailure: string | null;
  }
}

/** Provides the build, and the workflows: those of the build, or with counters in them when coverage is measured. */
export async function provideWorkflowCode(project: TestProject): Promise<() => Promise<void>> {
  project.provide('buildFailure', await buildWhenStale());
  if (!project.config.coverage.enabled) {
    project.provide('workflowCodePath', BUNDLE);
    return () => Promise.resolve();
  }
  Object.assign(globalThis, { __coverage__: {} }); // where the instrumenter looks whether it is wanted
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-test-'));
  const path = join(folder, 'workflows.js');
  // What is loaded before the first workflow is frozen, and counters must count.
  const counting = (options: BundleOptions) =>
    new WorkflowCoverage().augmentBundleOptions({ ...options, preloadModules: [] });
  await writeFile(path, await bundleWorkflows(counting));
  project.provide('workflowCodePath', path);
  return () => rm(folder, { recursive: true });
}

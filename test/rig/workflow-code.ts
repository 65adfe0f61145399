import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkflowCoverage } from '@temporalio/nyc-test-coverage';
import type { BundleOptions } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { bundleWorkflows } from '../../src/worker/workflow-bundle.js';
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
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-test-'));
  const tidy = () => rm(folder, { recursive: true });
  const path = join(folder, 'workflows.js');
  project.provide('workflowCodePath', path);
  if (!project.config.coverage.enabled) {
    if (existsSync(BUNDLE)) await writeFile(path, withoutSourceMap(readFileSync(BUNDLE, 'utf8')));
    return tidy;
  }
  Object.assign(globalThis, { __coverage__: {} }); // where the instrumenter looks whether it is wanted
  // What is loaded before the first workflow is frozen, and counters must count.
  const counting = (options: BundleOptions) =>
    new WorkflowCoverage().augmentBundleOptions({ ...options, preloadModules: [] });
  await writeFile(path, await bundleWorkflows(counting));
  return tidy;
}

/** Two thirds of the bundle, which each worker of each test would read; the SDK wants one, so it gets an empty one. */
function withoutSourceMap(code: string): string {
  const start = code.lastIndexOf('\n//# sourceMappingURL=');
  const empty = JSON.stringify({ version: 3, file: 'workflows.js', sources: [], names: [], mappings: '' });
  return `${code.slice(0, start)}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(empty).toString('base64')}`;
}

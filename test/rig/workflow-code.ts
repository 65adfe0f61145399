import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkflowCoverage } from '@temporalio/nyc-test-coverage';
import type { BundleOptions } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { bundleWorkflows } from '../../src/worker/workflow-bundle.js';
import { BUNDLE, buildWhenStale } from './build.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The workflows, bundled once for all test files. */
    workflowCodePath: string;
    /** The same for the server that skips time. */
    timeSkippingWorkflowCodePath: string;
    /** Why worker processes cannot be started; null when they can. */
    buildFailure: string | null;
  }
}

/** Provides the build, and the workflows: those of the build, or with counters in them when coverage is measured. */
export async function provideWorkflowCode(project: TestProject): Promise<() => Promise<void>> {
  project.provide('buildFailure', await buildWhenStale());
  const [path, tidy] = await newFile();
  project.provide('workflowCodePath', path);
  if (project.config.coverage.enabled) await writeFile(path, await bundleWorkflows(counting(project)));
  else if (existsSync(BUNDLE)) await writeFile(path, withoutSourceMap(readFileSync(BUNDLE, 'utf8')));
  return tidy;
}

/** Provides them as the server that skips time needs them; recorded histories are replayed by the workflows as they are. */
export async function provideTimeSkippingWorkflowCode(project: TestProject): Promise<() => Promise<void>> {
  const [path, tidy] = await newFile();
  project.provide('timeSkippingWorkflowCodePath', path);
  const adapt = counting(project);
  const isRecording = process.env['RECORD_HISTORIES'] === '1';
  const code = await bundleWorkflows(isRecording ? adapt : (options) => withoutCancels(adapt(options)));
  await writeFile(path, withoutSourceMap(code));
  return tidy;
}

/** Why: see the interceptors it adds. */
export const withoutCancels = (options: BundleOptions): BundleOptions => ({
  ...options,
  workflowInterceptorModules: [
    ...(options.workflowInterceptorModules ?? []),
    fileURLToPath(new URL('./without-cancels.ts', import.meta.url)),
  ],
});

async function newFile(): Promise<readonly [path: string, tidy: () => Promise<void>]> {
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-test-'));
  return [join(folder, 'workflows.js'), () => rm(folder, { recursive: true })];
}

function counting({ config }: TestProject): (options: BundleOptions) => BundleOptions {
  if (!config.coverage.enabled) return (options) => options;
  Object.assign(globalThis, { __coverage__: {} }); // where the instrumenter looks whether it is wanted
  // What is loaded before the first workflow is frozen, and counters must count.
  return (options) => new WorkflowCoverage().augmentBundleOptions({ ...options, preloadModules: [] });
}

/** Two thirds of the bundle, which each worker of each test would read; the SDK wants one, so it gets an empty one. */
function withoutSourceMap(code: string): string {
  const start = code.lastIndexOf('\n//# sourceMappingURL=');
  const empty = JSON.stringify({ version: 3, file: 'workflows.js', sources: [], names: [], mappings: '' });
  return `${code.slice(0, start)}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(empty).toString('base64')}`;
}

import type { TestProject } from 'vitest/node';
import type { ServerSource } from '../../tools/engine/given-server.js';
import { findTimeSkippingServer } from '../../tools/engine/time-skipping-server.js';
import { provideTimeSkippingWorkflowCode, provideWorkflowCode } from './workflow-code.js';

declare module 'vitest' {
  interface ProvidedContext {
    timeSkippingServer: ServerSource;
  }
}

/** Finds it, or builds it, once; each test starts its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tidy = [await provideWorkflowCode(project), await provideTimeSkippingWorkflowCode(project)];
  project.provide('timeSkippingServer', await findTimeSkippingServer());
  return async () => {
    for (const step of tidy) await step();
  };
}

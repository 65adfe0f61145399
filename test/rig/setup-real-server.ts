import type { TestProject } from 'vitest/node';
import { startTemporalServer } from '../../tools/engine/temporal-server.js';
import { provideWorkflowCode } from './workflow-code.js';

declare module 'vitest' {
  interface ProvidedContext {
    temporalAddress: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tidy = await provideWorkflowCode(project);
  const server = await startTemporalServer();
  project.provide('temporalAddress', server.address);
  return async () => {
    await server.stop();
    await tidy();
  };
}

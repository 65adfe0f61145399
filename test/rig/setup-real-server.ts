import type { TestProject } from 'vitest/node';
import { startTemporalServer } from '../../tools/engine/temporal-server.js';
import { provideWorkflowCode } from './workflow-code.js';

declare module 'vitest' {
  interface ProvidedContext {
    temporalAddress: string;
    /** null on a server that ran before. */
    webUiUrl: string | null;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tidy = await provideWorkflowCode(project);
  const server = await startTemporalServer({ ui: 'on' });
  project.provide('temporalAddress', server.address);
  project.provide('webUiUrl', server.uiUrl);
  return async () => {
    await server.stop();
    await tidy();
  };
}

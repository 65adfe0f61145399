import { Connection } from '@temporalio/client';
import type { TestProject } from 'vitest/node';
import { OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../src/contract/names.js';
import { KEYWORD } from '../../src/search-attributes.js';
import { startTimeSkippingServer } from '../../tools/engine/time-skipping-server.js';
import { provideWorkflowCode } from './workflow-code.js';

declare module 'vitest' {
  interface ProvidedContext {
    timeSkippingAddress: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tidy = await provideWorkflowCode(project);
  const server = await startTimeSkippingServer();
  const connection = await Connection.connect({ address: server.address });
  // This server keeps no list of them, but refuses one that was never added.
  await connection.operatorService.addSearchAttributes({
    searchAttributes: Object.fromEntries([STATE_ATTRIBUTE, OWNER_ATTRIBUTE].map((name) => [name, KEYWORD])),
  });
  await connection.close();
  project.provide('timeSkippingAddress', server.address);
  return async () => {
    await server.stop();
    await tidy();
  };
}

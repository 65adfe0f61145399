import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, inject } from 'vitest';

const silently = () => undefined;

/** A worker of another team, on a queue of its own, for all tests of a file. To be called after `useRig`. */
export function useAnotherTeam(): { readonly taskQueue: string } {
  const taskQueue = `another-team-${randomUUID()}`;
  let stop: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./another-team.workflows.ts', import.meta.url)),
      logger: { log: silently, trace: silently, debug: silently, info: silently, warn: silently, error: silently },
    });
    const worker = await Worker.create({ connection, taskQueue, workflowBundle });
    const running = worker.run();
    stop = async () => {
      worker.shutdown();
      await running;
      await connection.close();
    };
  });
  afterAll(() => stop());
  return { taskQueue };
}

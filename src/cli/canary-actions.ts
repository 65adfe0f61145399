import type { Client } from '@temporalio/client';
import { removeCanary, runCanary, scheduleCanary } from '../client/canary-schedule.js';
import { translated } from '../client/temporal-errors.js';
import { ExitCode } from './exit-code.js';
import { withPigeonflow } from './temporal.js';

export interface CanaryFlags {
  readonly policy: string;
  readonly every: string;
  readonly within: string;
}

export const setUpCanary = (flags: CanaryFlags): Promise<ExitCode> =>
  withSchedule(async (temporal, taskQueue) => {
    const done = await scheduleCanary(temporal, taskQueue, flags);
    console.log(
      `The canary was ${done}: policy ${flags.policy}, every ${flags.every}, to be acknowledged within ${flags.within}. Try it: pigeonflow canary run`,
    );
    return true;
  });

export const runCanaryNow = (): Promise<ExitCode> =>
  withSchedule(async (temporal, taskQueue) => {
    const started = await runCanary(temporal, taskQueue);
    if (started) console.log(`A canary starts. How it ends: pigeonflow doctor, or the workflow canary/${taskQueue}-…`);
    return started;
  });

export const endCanary = (): Promise<ExitCode> =>
  withSchedule(async (temporal, taskQueue) => {
    const removed = await removeCanary(temporal, taskQueue);
    if (removed) console.log('The canary was removed.');
    return removed;
  });

async function withSchedule(act: (temporal: Client, taskQueue: string) => Promise<boolean>): Promise<ExitCode> {
  return await withPigeonflow(async (_, temporal, taskQueue) => {
    try {
      if (await act(temporal, taskQueue)) return ExitCode.done;
      console.log('No canary is set up: pigeonflow canary setup --policy <name>');
      return ExitCode.notAllowed;
    } catch (error) {
      throw translated(error, temporal, null);
    }
  });
}

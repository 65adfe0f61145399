import { join } from 'node:path';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { freePort } from '../../tools/engine/free-port.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { calling, escalateTo, open, policyWith, presses, QUICKLY, SATO, TANAKA } from '../incident/incident-world.js';
import { callTo, eventually, type useRig } from '../rig/rig.js';
import { startWorkerProcess } from '../rig/worker-process.js';
import { scrape, type Scrape } from './scrape.js';

/** What a worker offers to Prometheus at its start, and after it has seen everything that there is a metric for. */
export interface Scrapes {
  readonly atStart: Scrape;
  readonly after: Scrape;
}

/**
 * One incident that is exhausted after one unanswered call; one that is owned at its second level, and resolved; one call
 * that is blocked at first, answered then; one workflow that no worker knows, so that its workflow tasks fail.
 */
export async function scrapeBusyWorker(
  world: ReturnType<typeof useRig>,
  begins: (port: number) => Promise<unknown> = () => Promise.resolve(),
): Promise<Scrapes> {
  const people = { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: presses('1') };
  const here = await world({ ...QUICKLY, people, workers: 'none' });
  const { temporal, taskQueue, emulator } = here;
  const port = await freePort();
  const schedules = join(projectRoot, 'schedules');
  await startWorkerProcess(here, {
    PIGEONFLOW_METRICS_ADDRESS: `127.0.0.1:${port}`,
    PIGEONFLOW_SCHEDULES: schedules,
  });
  const atStart = await scrape(port);
  await begins(port);

  await (await open(here, policyWith({ primary: calling([TANAKA]) }), { until: 'acknowledged' })).result();
  const second = { primary: calling([TANAKA], { otherwise: escalateTo('second') }), second: calling([SATO]) };
  const owned = await open(here, policyWith(second));
  await owned.until(({ owner }) => owner !== null, 'is owned');
  await owned.ask('resolve');
  await owned.result();

  emulator.faults.inject('invoke', { kind: 'status', status: 403 });
  await (await here.pigeonflow.startCall(here.newId(), callTo(SATO.phone))).wait();

  const lost = await temporal.workflow.start('unheardOf', { taskQueue, workflowId: here.newId(), args: [] });
  const after = await eventually(async () => {
    const now = await scrape(port);
    const isAll = now.sum('pigeonflow_calls_ended_total') === 4;
    return isAll && now.sum('temporal_workflow_task_execution_failed_total') > 0 && now;
  }, 'everything is counted');
  await lost.terminate();
  return { atStart, after };
}

import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import type { IncidentAnswer } from '../../src/contract/incident-schema.js';
import type { incident } from '../../src/workflows/incident.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { runsOf } from '../rig/histories.js';
import { eventually, useRig, type World } from '../rig/rig.js';
import {
  alertFor,
  calling,
  follow,
  newIncidentId,
  open,
  type OpenIncident,
  policyWith,
  QUICKLY,
  refusalOf,
  refused,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useRig();
const WAITING = policyWith({ primary: refused({ attempts: 'unlimited', every: '1h' }) });
const ALERT = { summary: 'disk full', severity: 'critical', parameters: { server: 'web-1' } } as const;
const WORSE = { ...ALERT, summary: 'two disks full' };

/** As a program of any language opens it: in one request, which can be repeated safely. */
async function openByUpdate(
  { temporal, taskQueue }: World,
  id: string,
  alert: object = ALERT,
  policy: Policy | string = WAITING,
): Promise<IncidentAnswer> {
  return await temporal.workflow.executeUpdateWithStart<typeof incident, IncidentAnswer, [object]>('alert', {
    args: [{ alert }],
    startWorkflowOperation: new WithStartWorkflowOperation('incident', {
      workflowId: id,
      taskQueue,
      args: [alertFor(policy)],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
}

const openedBy = ({ temporal }: World, id: string): OpenIncident => follow(temporal.workflow.getHandle(id));

describe('an incident that is opened by Update-with-Start', SIDE_BY_SIDE, () => {
  test('says so; the same once more is unchanged, another is a change', async (context) => {
    const here = await world({ ...QUICKLY, context });
    const id = newIncidentId();
    expect(await openByUpdate(here, id)).toMatchObject({
      accepted: true,
      reported: 'opened',
      state: 'triggered',
      owner: null,
    });
    expect(await refusalOf(openByUpdate(here, id))).toMatchObject({ type: 'AlertUnchanged' });
    expect(await openByUpdate(here, id, WORSE)).toMatchObject({ accepted: true, reported: 'changed' });
    expect(await openByUpdate(here, id)).toMatchObject({ accepted: true, reported: 'changed' });
    const incident = openedBy(here, id);
    expect((await incident.timeline()).counts).toMatchObject({ opened: 1, alertChanged: 2 });
    await incident.ask('resolve');
  });

  test('by many at once is opened by one of them', async (context) => {
    const here = await world({ ...QUICKLY, workers: 'none', context });
    const id = newIncidentId();
    const reports = Array.from({ length: 5 }, () =>
      openByUpdate(here, id).then(
        ({ reported }) => reported,
        () => 'refused',
      ),
    );
    await here.startWorkers();
    expect((await Promise.all(reports)).toSorted((one = '', other = '') => one.localeCompare(other))).toEqual([
      'opened',
      ...Array<string>(4).fill('refused'),
    ]);
    await openedBy(here, id).ask('resolve');
  });

  test('with an alert other than that of its start has changed', async (context) => {
    const here = await world({ ...QUICKLY, context });
    const id = newIncidentId();
    expect(await openByUpdate(here, id, WORSE)).toMatchObject({ accepted: true, reported: 'changed' });
    expect(await openedBy(here, id).status()).toMatchObject({ summary: 'two disks full' });
    await openedBy(here, id).ask('resolve');
  });

  test('says so while its policy cannot be read', async (context) => {
    const here = await world({ ...QUICKLY, context });
    const id = newIncidentId();
    expect(await openByUpdate(here, id, ALERT, 'no-such')).toMatchObject({ reported: 'opened', state: 'blocked' });
    expect(await refusalOf(openByUpdate(here, id, ALERT, 'no-such'))).toMatchObject({ type: 'AlertUnchanged' });
    expect(await openByUpdate(here, id, WORSE, 'no-such')).toMatchObject({ reported: 'changed', state: 'blocked' });
    await openedBy(here, id).ask('resolve');
  });

  test('is not opened by what comes later, also where nothing has been reported since', async (context) => {
    const here = await world({ ...QUICKLY, context });
    const incident = await open(here, WAITING);
    await incident.told('waiting');
    expect(await refusalOf(openByUpdate(here, incident.id))).toMatchObject({ type: 'AlertUnchanged' });
    await incident.ask('resolve');
  });

  test('is not opened again by its next run, which knows what this one knew', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: neverPicksUp() }, context });
    const id = newIncidentId();
    await openByUpdate(here, id, ALERT, policyWith({ primary: calling([TANAKA]) }));
    const incident = openedBy(here, id);
    await incident.until(({ state }) => state === 'exhausted', 'is exhausted');
    await eventually(async () => (await runsOf(here.temporal, id)).length === 2, 'it has a second run');
    // It begins the policy again, in whatever task it comes.
    expect(await openByUpdate(here, id)).toMatchObject({ accepted: true, reported: 'changed' });
    await incident.ask('resolve');
  });

  test('is known to our client, which has not opened it', async (context) => {
    const here = await world({ ...QUICKLY, workers: 'none', context });
    const input = alertFor(WAITING, { dedupKey: randomUUID() });
    const { incidentId } = await here.pigeonflow.openIncident(input);
    const again = here.pigeonflow.openIncident(input);
    await here.startWorkers();
    expect(await again).toMatchObject({ incidentId, reported: 'known' });
    await openedBy(here, incidentId).ask('resolve');
  });
});

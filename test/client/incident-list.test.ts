import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPigeonflowClient, TemporalRefused, type IncidentFilter } from '../../src/client.js';
import { answers, neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { incidentTo } from './incident-input.js';
import { thrownBy } from './thrown-by.js';
import { Client } from '@temporalio/client';

const PRESSES_1 = '0300000001';
const NEVER = '0300000002';
const world = useSharedWorld(useRig(), {
  lines: 20,
  clock: realClock({ speed: 10 }),
  people: { [PRESSES_1]: answers(3_000, '1'), [NEVER]: neverPicksUp() },
  switches: { ringSeconds: 600 },
});
/** Other tests have incidents on the same server: ours are told by their summary. */
const listed = async (summary: string, filter: IncidentFilter = {}) =>
  (await world().pigeonflow.listIncidents({ limit: 1_000, ...filter })).filter((found) => found.summary === summary);

describe.concurrent('the list of incidents', () => {
  test('tells who owns each and what comes next, open ones first', async () => {
    const summary = `一覧 ${randomUUID()}`;
    const { pigeonflow } = world();
    const closed = await pigeonflow.openIncident(incidentTo(NEVER, { summary }));
    await closed.resolve({ by: '佐藤' });
    await closed.result();
    const owned = await pigeonflow.openIncident(incidentTo(PRESSES_1, { summary, severity: 'critical' }));
    await owned.waitUntilOwned();
    const rows = await eventually(async () => {
      const found = await listed(summary);
      return found.length === 2 && found[0]?.owner !== null && found[1]?.closedAt !== null && found;
    }, 'both are listed');
    expect(rows).toMatchObject([
      {
        incidentId: owned.incidentId,
        state: 'acknowledged',
        owner: '田中 (key 1 at "primary")',
        severity: 'critical',
        policy: 'test',
        next: expect.stringContaining('not resolved by then, "primary" is called') as string,
        closedAt: null,
      },
      { incidentId: closed.incidentId, state: 'resolved', owner: '佐藤', next: 'nothing' },
    ]);
    await owned.resolve();
  });

  test('is filtered by state and by the handle of the owner', async () => {
    const summary = `絞り込み ${randomUUID()}`;
    const { pigeonflow, temporal } = world();
    const nobody = createPigeonflowClient(temporal, { taskQueue: 'nobody-polls-this' });
    const open = await nobody.openIncident(incidentTo(NEVER, { summary }));
    const terminated = await nobody.openIncident(incidentTo(NEVER, { summary }));
    await temporal.workflow.getHandle(terminated.incidentId).terminate();
    const owned = await pigeonflow.openIncident(incidentTo(PRESSES_1, { summary }));
    await owned.waitUntilOwned();
    await eventually(async () => (await listed(summary, { owner: 'tanaka' })).length === 1, 'the owner is listed');
    await eventually(async () => (await listed(summary, { state: 'triggered' })).length === 1, 'one is terminated');
    const ids = async (filter: IncidentFilter) => (await listed(summary, filter)).map((found) => found.incidentId);
    expect(await ids({ state: 'triggered' })).toEqual([open.incidentId]);
    expect(await ids({ state: 'acknowledged', owner: 'tanaka' })).toEqual([owned.incidentId]);
    expect(await ids({ state: 'snoozed' })).toEqual([]);
    expect(await ids({ owner: 'external' })).toEqual([]);
    expect(await ids({ owner: `o'neill\\" OR 1 = 1` })).toEqual([]);
    expect((await listed(summary)).map(({ state }) => state).toSorted()).toEqual([
      'acknowledged',
      'terminated',
      'triggered',
    ]);
    await open.cancel();
    await owned.resolve();
  });

  test('is as long as it is wanted', async () => {
    const { pigeonflow } = world();
    const incidents = await Promise.all([1, 2, 3].map(() => pigeonflow.openIncident(incidentTo(NEVER))));
    await eventually(async () => (await pigeonflow.listIncidents({ limit: 3 })).length === 3, 'three are listed');
    expect(await pigeonflow.listIncidents({ limit: 2 })).toHaveLength(2);
    expect(await pigeonflow.listIncidents({ limit: 0 })).toEqual([]);
    for (const incident of incidents) await incident.resolve();
  });

  test('has an incident that others opened, without a memo or a search attribute', async () => {
    const { temporal, pigeonflow } = world();
    const workflowId = `incident/by-hand-${randomUUID()}`;
    await temporal.workflow.start('incident', {
      workflowId,
      taskQueue: 'nobody-polls-this',
      args: [incidentTo(NEVER)],
    });
    const row = await eventually(
      async () => (await pigeonflow.listIncidents({ state: 'triggered' })).find((one) => one.incidentId === workflowId),
      'it is listed',
    );
    expect(row).toMatchObject({ state: 'triggered', owner: null, summary: '', policy: '' });
    await pigeonflow.incident(workflowId).cancel();
  });

  test('cannot be had of a namespace that does not exist', async () => {
    const { connection } = world().temporal;
    const elsewhere = createPigeonflowClient(new Client({ connection, namespace: 'none' }));
    expect(await thrownBy(elsewhere.listIncidents())).toBeInstanceOf(TemporalRefused);
  });
});

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { eventually, useRig } from '../rig/rig.js';
import { runsOf } from '../rig/histories.js';
import {
  alertFor,
  calledIn,
  calling,
  open,
  policyWith,
  presses,
  QUICKLY,
  refused,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useRig();
const NOBODY = { ...QUICKLY, people: { [TANAKA.phone]: neverPicksUp() } };
const SILENT_THEN_THERE = { ...QUICKLY, people: { [TANAKA.phone]: [neverPicksUp(), presses('1')] } };
const POLICY = policyWith({ primary: calling([TANAKA]) });
const isExhausted = ({ state }: { readonly state: string }): boolean => state === 'exhausted';

describe('an incident that nobody took', SIDE_BY_SIDE, () => {
  test('stays open, says so, and is taken by a person', async (context) => {
    const here = await world({ ...NOBODY, context });
    const incident = await open(here, POLICY);
    const status = await incident.until(isExhausted, 'is exhausted');
    expect(status.message).toMatch(/^EXHAUSTED: .* nobody attends to it\.$/);
    expect(status.next).toMatch(/somebody must look; its next report calls "primary" again/);
    expect((await incident.handle.describe()).status.name).toBe('RUNNING');
    const answer = await here.pigeonflow.incident(incident.id).acknowledge({ by: 'sato' });
    expect(answer).toMatchObject({ accepted: true, state: 'acknowledged', owner: { by: 'sato' } });
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: 'sato' }, placedCalls: 1 });
  });

  test('is called again by an unchanged repeat of its alert, and by the same client', async (context) => {
    const here = await world({ ...SILENT_THEN_THERE, context });
    const input = alertFor(POLICY, { dedupKey: randomUUID() });
    const incident = await here.pigeonflow.openIncident(input);
    await eventually(async () => isExhausted(await incident.status()), 'it is exhausted');
    expect(await here.pigeonflow.openIncident(input)).toMatchObject({ reported: 'changed' });
    expect(await incident.waitUntilOwned()).toMatchObject({ owner: { by: '田中', via: 'key' } });
    expect(await here.pigeonflow.openIncident(input)).toMatchObject({ reported: 'known' });
    expect(calledIn(here.emulator)).toEqual(['田中', '田中']);
    await incident.resolve();
  });

  test('is the first in the list, before what was opened later', async (context) => {
    const here = await world({ ...NOBODY, context });
    const first = await open(here, POLICY);
    await first.until(isExhausted, 'is exhausted');
    const second = await open(here, policyWith({ primary: refused() }));
    await second.until(({ state }) => state === 'blocked', 'is blocked');
    const listed = await eventually(async () => {
      const found = await here.pigeonflow.listIncidents({ query: `TaskQueue = '${here.taskQueue}'` });
      return found.length === 2 && isExhausted(found[0] ?? { state: '' }) && found;
    }, 'both are listed');
    expect(listed.map(({ incidentId }) => incidentId)).toEqual([first.id, second.id]);
    expect(listed[0]).toMatchObject({ closedAt: null, next: expect.stringMatching(/somebody must look/) as string });
    await Promise.all([first.ask('resolve'), second.ask('resolve')]);
  });

  test('continues in a new run, which a worker of the version before can take up', async (context) => {
    const here = await world({ ...NOBODY, context });
    const incident = await open(here, POLICY);
    await incident.until(isExhausted, 'is exhausted');
    await eventually(async () => (await runsOf(here.temporal, incident.id)).length === 2, 'it has a second run');
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved', levels: [{ outcome: 'unanswered', calls: 1 }] });
  });
});

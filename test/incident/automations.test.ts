import { describe, expect, test, type TestContext } from 'vitest';
import { manual } from '../../src/emulator/emulator.js';
import type { Policy, AutomationAction } from '../../src/contract/policy-schema.js';
import { eventually, useRig, type World } from '../rig/rig.js';
import { useAnotherTeam } from './another-team.js';
import { childrenOf, eventsOf } from './incident-history.js';
import {
  calling,
  ENDLESSLY,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  presses,
  QUICKLY,
  rings,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useRig();
const anotherTeam = useAnotherTeam();

/** Key 5 starts a workflow. */
function policyThatRuns(workflow: string, part: Partial<AutomationAction> = {}): Policy {
  const run: AutomationAction = {
    kind: 'run',
    workflow,
    taskQueue: anotherTeam.taskQueue,
    input: { host: 'web-1' },
    within: '15m',
    then: { kind: 'acknowledge' },
    onFailure: escalateTo('manager'),
    ...part,
  };
  return policyWith({ primary: calling([TANAKA], { keys: { 5: run } }), manager: calling([SATO]) });
}

const repairing = (context: TestContext) =>
  world({ ...QUICKLY, people: { [TANAKA.phone]: [presses('5')], [SATO.phone]: [presses('1')] }, context });

/** Waits until the workflow has begun. */
async function begun({ temporal }: World, incident: OpenIncident) {
  return eventually(async () => {
    const [child] = childrenOf(await eventsOf(incident));
    const handle = temporal.workflow.getHandle(child?.id ?? '');
    await handle.describe();
    return handle;
  }, 'the workflow has begun');
}

describe('a key that starts a workflow of another team', SIDE_BY_SIDE, () => {
  // First, since it takes a minute.
  test('that nobody serves is cancelled by a resolve, and the incident closes anyway, and names it', async (context) => {
    const here = await repairing(context);
    const incident = await open(here, policyThatRuns('repair', { taskQueue: `nobody-${here.taskQueue}` }));
    const child = await begun(here, incident);
    expect(await incident.ask('resolve', { by: 'suzuki' })).toMatchObject({ accepted: true, state: 'resolved' });
    expect(await incident.status()).toMatchObject({
      state: 'resolved',
      message: expect.stringContaining('what still rings or runs is being ended') as string,
    });
    const result = await incident.result();
    expect(result.timeline.map(({ text }) => text).join('\n')).toContain(
      `it was cancelled and has not ended after 60 s; it is left to itself: ${child.workflowId}`,
    );
  });

  test('gives it the incident, the key, who pressed it, and what the policy says', async (context) => {
    const here = await repairing(context);
    const incident = await open(here, policyThatRuns('repair', { then: { kind: 'resolve' } }));
    await incident.result();
    const [child] = childrenOf(await eventsOf(incident));
    const { runId } = await incident.handle.describe();
    expect(child).toEqual({
      id: expect.stringMatching(new RegExp(`^${incident.id}/${runId.slice(0, 8)}/\\d+-run-5$`)) as string,
      type: 'repair',
    });
    expect(await here.temporal.workflow.getHandle(child?.id ?? '').result()).toEqual({
      incident: { id: incident.id, summary: 'disk full', severity: 'critical', parameters: { server: 'web-1' } },
      keyInput: '5',
      contact: '田中',
      input: { host: 'web-1' },
    });
  });

  test('is owned by its presser while it runs, and resolved by its end', async (context) => {
    const here = await repairing(context);
    const incident = await open(here, policyThatRuns('repairsUntilTold', { then: { kind: 'resolve' } }));
    const owner = { by: '田中', via: 'key', step: 'primary', keyInput: '5' };
    const child = await begun(here, incident);
    const { message } = await incident.until(({ state }) => state === 'acknowledged', 'is owned');
    expect(message).toContain('the workflow repairsUntilTold is running');
    await child.signal('done');
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner, keyInput: '5', placedCalls: 1 });
  });

  test('stays owned by its presser when it has ended, where the policy says nothing else', async (context) => {
    const incident = await open(await repairing(context), policyThatRuns('repair'));
    await incident.told('runEnded', ({ result }) => (result as { kind: string }).kind === 'ended');
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: '田中' } });
    await incident.ask('resolve');
  });

  test('continues as the policy says when it fails, and the timeline says why it failed', async (context) => {
    const incident = await open(await repairing(context), policyThatRuns('failsToRepair'), { until: 'acknowledged' });
    const result = await incident.result();
    expect(result).toMatchObject({ owner: { by: '佐藤', step: 'manager' } });
    expect(result.timeline.map(({ text }) => text)).toContain('The workflow failed: the disk is beyond repair.');
    expect(result.timeline).toContainEqual(
      expect.objectContaining({ kind: 'released', owner: expect.objectContaining({ by: '田中' }) as unknown }),
    );
  });

  test('is cancelled when it has not ended in time, and the policy continues', async (context) => {
    const here = await repairing(context);
    const incident = await open(here, policyThatRuns('repairsForHours', { within: '1s' }), { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({ owner: { by: '佐藤' } });
    const [child] = childrenOf(await eventsOf(incident));
    const { status } = await here.temporal.workflow.getHandle(child?.id ?? '').describe();
    expect(status.name).toBe('CANCELLED');
  });

  test('is cancelled when somebody resolves the incident meanwhile', async (context) => {
    const here = await repairing(context);
    const incident = await open(here, policyThatRuns('repairsForHours'));
    const child = await begun(here, incident);
    expect(await incident.ask('resolve', { by: 'suzuki' })).toMatchObject({ accepted: true, state: 'resolved' });
    const result = await incident.result();
    expect(result).toMatchObject({ state: 'resolved', owner: { by: '田中' } });
    expect(result.timeline).toContainEqual(
      expect.objectContaining({ kind: 'runEnded', result: { kind: 'cancelled' } }),
    );
    expect((await child.describe()).status.name).toBe('CANCELLED');
  });

  test('is waited for when it tidies up after it was cancelled: the incident does not close before', async (context) => {
    const here = await repairing(context);
    const incident = await open(here, policyThatRuns('tidiesUp'));
    const child = await begun(here, incident);
    await incident.ask('resolve');
    await incident.result();
    expect((await child.describe()).status.name).toBe('COMPLETED');
  });

  test('continues when somebody else takes the incident over', async (context) => {
    const here = await repairing(context);
    const incident = await open(here, policyThatRuns('repairsUntilTold', { then: { kind: 'resolve' } }));
    const child = await begun(here, incident);
    expect(await incident.ask('acknowledge', { by: 'suzuki', takeOver: true })).toMatchObject({ accepted: true });
    await child.signal('done');
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: 'suzuki', via: 'api' } });
  });

  test('continues as the policy says when somebody cancels the workflow itself', async (context) => {
    const here = await repairing(context);
    const incident = await open(here, policyThatRuns('repairsForHours'), { until: 'acknowledged' });
    await (await begun(here, incident)).cancel();
    expect(await incident.result()).toMatchObject({ owner: { by: '佐藤', step: 'manager' } });
  });

  test('continues as the policy says when it cannot be started, since its id is in use', async (context) => {
    const people = { [TANAKA.phone]: manual(), [SATO.phone]: presses('1') };
    const here = await world({ ...ENDLESSLY, people, context });
    const incident = await open(here, policyThatRuns('repair'), { until: 'acknowledged' });
    const call = await rings(here.emulator, TANAKA);
    const { runId } = await incident.handle.describe();
    const other = await here.temporal.workflow.start('repairsForHours', {
      workflowId: `${incident.id}/${runId.slice(0, 8)}/2-run-5`,
      taskQueue: anotherTeam.taskQueue,
    });
    here.emulator.space.pickUp(call);
    here.emulator.space.press(call, '5');
    const result = await incident.result();
    await other.terminate();
    expect(result).toMatchObject({ owner: { by: '佐藤', step: 'manager' } });
    expect(result.timeline).toContainEqual(
      expect.objectContaining({
        kind: 'runEnded',
        text: expect.stringMatching(/^The workflow failed: .*already/) as string,
      }),
    );
  });
});

import { describe, expect, test, type TestContext } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { eventually, useRig, type World } from '../rig/rig.js';
import { childrenOf, eventsOf } from './incident-history.js';
import {
  calledIn,
  calling,
  ENDLESSLY,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  presses,
  refused,
  rings,
  runsAre,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
} from './incident-world.js';

const world = useRig();
const POLICY = policyWith({
  primary: refused({ otherwise: escalateTo('manager') }),
  manager: calling([SATO], { otherwise: escalateTo('all') }),
  all: calling([YAMADA]),
});

const managerRings = async (context: TestContext) => {
  const people = { [SATO.phone]: neverPicksUp(), [YAMADA.phone]: presses('1'), [TANAKA.phone]: neverPicksUp() };
  const here = await world({ ...ENDLESSLY, people, context });
  const incident = await open(here, POLICY);
  await rings(here.emulator, SATO);
  return { here, incident, child: await childOf(here, incident) };
};

async function childOf({ temporal }: World, incident: OpenIncident) {
  const [child] = childrenOf(await eventsOf(incident));
  return temporal.workflow.getHandle(child?.id ?? '');
}

const statusOf = async (child: Awaited<ReturnType<typeof childOf>>) => (await child.describe()).status.name;
const isCancelled = (child: Awaited<ReturnType<typeof childOf>>) =>
  eventually(async () => (await statusOf(child)) === 'CANCELLED', 'the child is cancelled');

describe('the child of a level', SIDE_BY_SIDE, () => {
  test('that an operator cancels hangs up; the timeline names it, and the policy continues', async (context) => {
    const { here, incident, child } = await managerRings(context);
    await child.cancel();
    expect(await incident.until(({ owner }) => owner !== null, 'is owned')).toMatchObject({ owner: { by: '山田' } });
    await isCancelled(child);
    expect(here.emulator.space.runs()[0]?.status).toBe('aborted');
    expect((await incident.told('levelCancelled')).text).toBe(
      'Somebody cancelled the level "manager": it is hung up, and the policy continues.',
    );
    expect(calledIn(here.emulator)).toEqual(['佐藤', '山田']);
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({
      placedCalls: 2,
      levels: [{ step: 'primary' }, { step: 'manager', outcome: 'stoodDown', calls: 1 }, { step: 'all' }],
    });
  });

  test('that is cancelled, of a level without an end, begins again: cancelling it ends no incident', async (context) => {
    const here = await world({ ...ENDLESSLY, people: { [SATO.phone]: [neverPicksUp(), presses('1')] }, context });
    const policy = policyWith({
      primary: refused({ otherwise: escalateTo('manager') }),
      manager: calling([SATO], { attempts: 'unlimited' }),
    });
    const incident = await open(here, policy);
    await rings(here.emulator, SATO);
    await (await childOf(here, incident)).cancel();
    await incident.until(({ owner }) => owner !== null, 'is owned');
    expect(await incident.status()).toMatchObject({ owner: { by: '佐藤' }, level: 3, step: 'manager' });
    await incident.ask('resolve');
  });

  test('that an operator terminates is named in the timeline, and the policy continues', async (context) => {
    const { here, incident, child } = await managerRings(context);
    await child.terminate('by hand');
    expect(await incident.until(({ owner }) => owner !== null, 'is owned')).toMatchObject({ owner: { by: '山田' } });
    const lost = await incident.told('levelLost');
    expect(lost.text).toMatch(/^LOST: the level "manager" is gone: .*may keep ringing; the policy continues\.$/);
    // Nobody is left who could hang up.
    expect(here.emulator.space.runs()[0]?.status).toBe('started');
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: '山田' } });
  });

  test('whose id is in use begins under another: nobody is left out', async (context) => {
    const people = { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: presses('1') };
    const here = await world({ ...ENDLESSLY, people, context });
    const incident = await open(here, policyWith({ ...POLICY.steps, primary: calling([TANAKA]) }));
    await rings(here.emulator, TANAKA);
    const { runId } = await incident.handle.describe();
    const other = await here.temporal.workflow.start('somebody-elses', {
      workflowId: `${incident.id}/${runId.slice(0, 8)}/2-manager`,
      taskQueue: 'served-by-nobody',
    });
    await incident.ask('escalate', { to: 'manager' });
    await incident.until(({ owner }) => owner?.by === '佐藤', 'is owned');
    const ids = childrenOf(await eventsOf(incident)).map(({ id }) => id);
    expect(ids).toEqual([other.workflowId, `${incident.id}/${runId}/2-manager`]);
    expect((await incident.timeline()).counts['levelLost']).toBeUndefined();
    await other.terminate();
    await incident.ask('resolve');
  });

  test('that cannot begin at all is named in the timeline, and the policy continues', async (context) => {
    const people = { [TANAKA.phone]: neverPicksUp(), [YAMADA.phone]: presses('1') };
    const here = await world({ ...ENDLESSLY, people, context });
    const incident = await open(here, policyWith({ ...POLICY.steps, primary: calling([TANAKA]) }));
    await rings(here.emulator, TANAKA);
    const { runId } = await incident.handle.describe();
    const others = await Promise.all(
      [runId.slice(0, 8), runId].map((run) =>
        here.temporal.workflow.start('somebody-elses', {
          workflowId: `${incident.id}/${run}/2-manager`,
          taskQueue: 'served-by-nobody',
        }),
      ),
    );
    await incident.ask('escalate', { to: 'manager' });
    await incident.until(({ owner }) => owner?.by === '山田', 'is owned');
    expect((await incident.told('levelLost')).text).toMatch(/^LOST: the level "manager" is gone: .*already/);
    await Promise.all(others.map((other) => other.terminate()));
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ placedCalls: 2 });
  });

  test('that is terminated after an acknowledge keeps the incident from nothing', async (context) => {
    const { here, incident, child } = await managerRings(context);
    const gate = here.emulator.faults.hold('abort', 'beforeHandling');
    await incident.ask('acknowledge', { by: 'suzuki' });
    await gate.reached;
    await child.terminate('by hand');
    gate.release();
    await incident.ask('resolve');
    const result = await incident.result();
    expect(result).toMatchObject({ state: 'resolved', owner: { by: 'suzuki' } });
    expect(calledIn(here.emulator)).toEqual(['佐藤']);
  });

  test('hangs up when its incident is terminated', async (context) => {
    const { here, incident, child } = await managerRings(context);
    await incident.handle.terminate('by hand');
    await isCancelled(child);
    expect(here.emulator.space.runs().map(({ status }) => status)).toEqual(['aborted']);
  });

  test('that still hangs up when its incident opens again by the same id changes nothing there', async (context) => {
    const { here, incident, child } = await managerRings(context);
    const gate = here.emulator.faults.hold('abort', 'beforeHandling');
    await incident.handle.terminate('by hand');
    await gate.reached;
    const again = await open(here, POLICY, {}, incident.id);
    // At the same level as the old one, in a child of its own.
    await rings(here.emulator, SATO, 2);
    await again.until(({ ringing }) => ringing.join().includes('佐藤'), 'knows that it rings');
    const before = await again.timeline();
    gate.release();
    await isCancelled(child);
    await runsAre(here.emulator, 'aborted', 'started');
    expect(await again.timeline()).toEqual(before);
    expect(await again.status()).toMatchObject({ state: 'triggered', level: 2, step: 'manager' });
    await again.ask('resolve', { by: 'suzuki' });
    expect(await again.result()).toMatchObject({
      placedCalls: 1,
      levels: [{ step: 'primary' }, { step: 'manager', outcome: 'stoodDown' }],
    });
  });

  test('is what the incident waits for: it does not close before everything is hung up', async (context) => {
    const { here, incident, child } = await managerRings(context);
    const gate = here.emulator.faults.hold('abort', 'beforeHandling');
    expect(await incident.ask('resolve', { by: 'suzuki' })).toMatchObject({ accepted: true, state: 'resolved' });
    await gate.reached;
    expect((await incident.handle.describe()).status.name).toBe('RUNNING');
    expect(await statusOf(child)).toBe('RUNNING');
    gate.release();
    await incident.result();
    expect(await statusOf(child)).toBe('COMPLETED');
    expect(here.emulator.space.runs().map(({ status }) => status)).toEqual(['aborted']);
  });
});

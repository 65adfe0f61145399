import { describe, expect, test } from 'vitest';
import { busy, type Emulator, neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import { eventsOf, postsOf } from './incident-history.js';
import {
  calledIn,
  calling,
  ENDLESSLY,
  escalateTo,
  open,
  policyWith,
  presses,
  QUICKLY,
  refused,
  rings,
  runsAre,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useRig();
const NOBODY = { people: { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: neverPicksUp() } };
const MANAGER = { manager: calling([SATO]) };

const parametersOf = ({ journal }: Emulator) =>
  journal.invokes().map(({ body }) => (body as { params: { parameters: Record<string, string> } }).params.parameters);

describe('a changed alert', SIDE_BY_SIDE, () => {
  test.for([
    ['the next attempt', policyWith({ primary: calling([TANAKA], { attempts: 2, every: '2s' }) })],
    [
      'the next attempt in a child',
      policyWith({
        primary: refused({ otherwise: escalateTo('manager') }),
        manager: calling([TANAKA], { attempts: 2, every: '2s' }),
      }),
    ],
    [
      'the next level',
      policyWith({ primary: calling([TANAKA], { otherwise: escalateTo('manager') }), manager: calling([TANAKA]) }),
    ],
  ] as const)('is what %s says', async ([, policy], context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: [busy(), presses('1')] }, context });
    const incident = await open(here, policy, { parameters: { server: 'web-1', room: 'A' } });
    await rings(here.emulator, TANAKA);
    const alert = { summary: 'disk 99 % full', severity: 'error', parameters: { server: 'web-2', percent: 99 } };
    expect(await incident.ask('alert', { alert })).toMatchObject({ accepted: true, state: 'triggered' });
    await incident.until(({ state }) => state === 'acknowledged', 'is owned');
    const spoken = parametersOf(here.emulator);
    expect(spoken.at(-2)).toMatchObject({ server: 'web-1', room: 'A' });
    expect(spoken.at(-1)).toMatchObject({ server: 'web-2', room: 'A', percent: '99' });
    expect(await incident.status()).toMatchObject({ summary: 'disk 99 % full', severity: 'error' });
  });

  test('disturbs no telephone that rings', async (context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }));
    await rings(here.emulator, TANAKA);
    await incident.ask('alert', { alert: { summary: 'disk 99 % full', severity: 'critical' } });
    await here.sleep(1_500);
    expect(here.emulator.journal.aborts()).toEqual([]);
    expect(here.emulator.space.runs()).toHaveLength(1);
    await incident.ask('resolve');
  });

  test('that is graver is asked for sooner', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: [busy(), presses('1')] }, context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA], { attempts: 2 }) }), {
      severity: 'info',
    });
    await rings(here.emulator, TANAKA);
    await incident.ask('alert', { alert: { summary: 'disk full', severity: 'critical' } });
    await incident.until(({ state }) => state === 'acknowledged', 'is owned');
    expect(postsOf(await eventsOf(incident)).map(({ priority }) => priority)).toEqual([4, 1]);
  });
});

describe('an acknowledge with takeOver', SIDE_BY_SIDE, () => {
  test('changes the owner, and the time to resolve it begins again', async (context) => {
    const here = await world({ ...QUICKLY, context });
    const primary = refused({ attempts: 'unlimited', every: '1h' });
    const incident = await open(here, policyWith({ primary }));
    const { since } = await incident.ask('acknowledge', { by: 'suzuki' });
    const taken = await incident.ask('acknowledge', { by: 'kato', takeOver: true, note: 'my shift' });
    expect(taken).toMatchObject({
      accepted: true,
      owner: { by: 'kato' },
      message: 'kato owns the incident instead of suzuki.',
    });
    expect(taken.since > since).toBe(true);
    expect(await incident.told('takenOver')).toMatchObject({
      owner: { by: 'kato' },
      from: { by: 'suzuki' },
      note: 'my shift',
    });
    const { nextAt } = await incident.status();
    expect(Date.parse(nextAt ?? '') - Date.parse(taken.since)).toBe(4 * 3_600_000);
    await incident.ask('resolve', { by: 'suzuki' });
    expect(await incident.result()).toMatchObject({ owner: { by: 'kato' } });
  });

  test('by the owner is no take-over: an acknowledge can be repeated safely', async (context) => {
    const here = await world({ ...QUICKLY, context });
    const incident = await open(here, policyWith({ primary: refused({ attempts: 'unlimited', every: '1h' }) }));
    const first = await incident.ask('acknowledge', { by: 'suzuki' });
    const again = await incident.ask('acknowledge', { by: 'suzuki', takeOver: true });
    expect(again).toMatchObject({ accepted: true, owner: first.owner, since: first.since });
    expect((await incident.timeline()).counts).toMatchObject({ acknowledged: 1 });
    expect((await incident.timeline()).counts['takenOver']).toBeUndefined();
    await incident.ask('resolve');
  });
});

describe('hangUp', SIDE_BY_SIDE, () => {
  test.for([
    ['', policyWith({ primary: calling([TANAKA], { attempts: 2 }) })],
    [
      ' in a child',
      policyWith({
        primary: refused({ otherwise: escalateTo('manager') }),
        manager: calling([TANAKA], { attempts: 2 }),
      }),
    ],
  ] as const)('ends what rings%s, and the next attempt follows, owned by nobody', async ([, policy], context) => {
    const here = await world({ ...ENDLESSLY, people: { [TANAKA.phone]: [neverPicksUp(), presses('1')] }, context });
    const incident = await open(here, policy, { until: 'acknowledged' });
    await rings(here.emulator, TANAKA);
    await incident.until(({ ringing }) => ringing.length > 0, 'rings');
    const answer = await incident.ask('hangUp', { by: 'suzuki' });
    expect(answer).toMatchObject({ accepted: true, state: 'triggered', owner: null });
    expect(await incident.result()).toMatchObject({ owner: { by: '田中' }, placedCalls: 2 });
    expect(here.emulator.space.runs().map(({ status }) => status)).toEqual(['aborted', 'succeeded']);
  });

  test('of the last attempt continues to the next step', async (context) => {
    const here = await world({ ...ENDLESSLY, people: { ...NOBODY.people, [SATO.phone]: presses('1') }, context });
    const policy = policyWith({ primary: calling([TANAKA], { otherwise: escalateTo('manager') }), ...MANAGER });
    const incident = await open(here, policy, { until: 'acknowledged' });
    await rings(here.emulator, TANAKA);
    await incident.ask('hangUp');
    expect(await incident.result()).toMatchObject({ owner: { by: '佐藤', step: 'manager' } });
  });
});

describe('escalate', SIDE_BY_SIDE, () => {
  test.for([
    ['without a word calls what the policy says comes next', {}],
    ['to a step calls that step', { to: 'manager' }],
    ['from the step that is called continues', { from: 'primary' }],
  ] as const)('%s, when the telephone is hung up', async ([, argument], context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const policy = policyWith({
      primary: calling([TANAKA], { attempts: 9, otherwise: escalateTo('manager') }),
      ...MANAGER,
    });
    const incident = await open(here, policy);
    await rings(here.emulator, TANAKA);
    expect(await incident.ask('escalate', argument)).toMatchObject({ accepted: true, state: 'triggered', owner: null });
    await rings(here.emulator, SATO);
    expect(here.emulator.space.runs()[0]?.status).toBe('aborted');
    expect(await incident.told('escalated')).toMatchObject({ by: 'external', from: 'primary', to: 'manager' });
    await incident.ask('resolve');
  });

  test('from a level that is over changes nothing: the one who asked saw an older state', async (context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const policy = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), ...MANAGER });
    const incident = await open(here, policy);
    await rings(here.emulator, SATO);
    expect(await incident.ask('escalate', { from: 'primary', to: 'manager' })).toMatchObject({
      accepted: false,
      message: '"primary" is not being called: "manager" is. Nothing was changed.',
    });
    expect(calledIn(here.emulator)).toEqual(['佐藤']);
    await incident.ask('resolve');
  });

  test('takes the incident from its owner, and says so in the timeline', async (context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const policy = policyWith({ primary: calling([TANAKA]), ...MANAGER });
    const incident = await open(here, policy);
    await incident.ask('acknowledge', { by: 'suzuki' });
    expect(await incident.ask('escalate', { to: 'manager', by: 'suzuki' })).toMatchObject({
      accepted: true,
      owner: null,
    });
    await rings(here.emulator, SATO);
    expect(await incident.told('released')).toMatchObject({ owner: { by: 'suzuki' } });
    await incident.ask('resolve');
    await incident.result();
    await runsAre(here.emulator, ...here.emulator.space.runs().map(() => 'aborted'));
  });
});

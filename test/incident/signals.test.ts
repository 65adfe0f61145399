import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { childrenOf, eventsOf } from './incident-history.js';
import {
  calling,
  ENDLESSLY,
  escalateTo,
  open,
  policyWith,
  presses,
  refused,
  rings,
  runsAre,
  runTo,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const rig = useRig();
const world = useSharedWorld(rig, { ...ENDLESSLY, people: { [SATO.phone]: neverPicksUp() } });

/** Looked at once an hour. */
const unseen = calling([TANAKA], { call: [{ ...runTo([TANAKA]), waitTime: 3_600 }] });
const toChild = refused({ otherwise: escalateTo('manager') });

describe('the signal check', SIDE_BY_SIDE, () => {
  test.for([
    ['the first level', policyWith({ primary: unseen })],
    ['a level in a child', policyWith({ primary: toChild, manager: unseen })],
  ] as const)('makes the incident look at the calls of %s now', async ([, policy], context) => {
    const here = await rig({ ...ENDLESSLY, people: { [TANAKA.phone]: presses('1') }, context });
    const incident = await open(here, policy, { until: 'acknowledged' });
    await runsAre(here.emulator, 'succeeded');
    await incident.handle.signal('check');
    expect(await incident.result()).toMatchObject({ owner: { by: '田中' }, keyInput: '1' });
  });
});

const GARBAGE: readonly unknown[] = [null, '', 42, 'disk full', [], {}, { by: {} }, { level: null, timeline: null }];

describe('a signal that says nothing that can be read', SIDE_BY_SIDE, () => {
  test.for(['check', 'level', 'no-such-signal'])('%s changes nothing', async (signal) => {
    const here = world();
    const incident = await open(here, policyWith({ primary: refused({ attempts: 'unlimited', every: '1h' }) }));
    await incident.told('waiting');
    const { runId } = await incident.handle.describe();
    const before = await incident.timeline();
    await incident.handle.signal(signal);
    for (const garbage of [...GARBAGE, { run: runId }, { run: runId, level: {}, timeline: [], ringing: [] }]) {
      await incident.handle.signal(signal, garbage);
    }
    expect(await incident.timeline()).toEqual(before);
    expect(await incident.ask('resolve')).toMatchObject({ accepted: true });
    await incident.result();
    const failed = (await eventsOf(incident)).filter((event) => event.workflowTaskFailedEventAttributes);
    expect(failed).toEqual([]);
  });

  test('resolve resolves anyway: the person who sent it wanted the calls to end', async () => {
    const incident = await open(world(), policyWith({ primary: refused({ attempts: 'unlimited', every: '1h' }) }));
    await incident.told('waiting');
    await incident.handle.signal('resolve', [42]);
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: 'external', via: 'api' } });
  });

  test('of a child is not worse for it: it continues, and can be stood down', async () => {
    const here = world();
    const incident = await open(here, policyWith({ primary: toChild, manager: calling([SATO], { attempts: 2 }) }));
    await rings(here.emulator, SATO);
    const [child] = childrenOf(await eventsOf(incident));
    const level = here.temporal.workflow.getHandle(child?.id ?? '');
    for (const signal of ['alert', 'check', 'no-such-signal']) {
      await level.signal(signal);
      for (const garbage of GARBAGE) await level.signal(signal, garbage);
    }
    // The next attempt says what the alert says.
    await incident.ask('hangUp');
    await incident.told('callsPlaced', ({ attempt }) => attempt === 2);
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved', placedCalls: 2 });
    const failed = (await eventsOf({ handle: level })).filter((event) => event.workflowTaskFailedEventAttributes);
    expect(failed).toEqual([]);
  });
});

describe('a workflow of another team that sends a signal', SIDE_BY_SIDE, () => {
  test('to an incident that is owned already changes no owner', async (context) => {
    const here = await rig({ ...ENDLESSLY, people: { [TANAKA.phone]: neverPicksUp() }, context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }));
    await rings(here.emulator, TANAKA);
    await incident.ask('acknowledge', { by: 'suzuki' });
    await incident.handle.signal('acknowledge', { by: 'kato' });
    await incident.ask('resolve');
    const result = await incident.result();
    expect(result).toMatchObject({ owner: { by: 'suzuki' } });
    expect(result.timeline.filter(({ kind }) => kind === 'acknowledged')).toHaveLength(1);
  });
});

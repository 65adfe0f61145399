import { describe, expect, test, type TestContext } from 'vitest';
import { manual, neverPicksUp } from '../../src/emulator/emulator.js';
import type { Step } from '../../src/contract/policy-schema.js';
import { eventually, useRig } from '../rig/rig.js';
import {
  calledIn,
  calling,
  type Contact,
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
  TO_ACKNOWLEDGE,
  YAMADA,
} from './incident-world.js';

const world = useRig();
const KEYS: Step['keys'] = { ...TO_ACKNOWLEDGE, 2: escalateTo('manager'), 3: { kind: 'resolve' } };

/** Looked at once an hour: the incident does not know the key until it looks for another reason. */
const unseen = (contacts: readonly Contact[], part: Partial<Step> = {}): Step =>
  calling([], { keys: KEYS, call: contacts.map((one) => ({ ...runTo([one], KEYS), waitTime: 3_600 })), ...part });
const PRIMARY = policyWith({ primary: unseen([TANAKA]), manager: calling([SATO]) });
const IN_CHILD = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: unseen([TANAKA]) });

const pressing = (key: string, context: TestContext) =>
  world({ ...ENDLESSLY, people: { [TANAKA.phone]: presses(key), [SATO.phone]: neverPicksUp() }, context });

describe('a key that was pressed before the telephone was hung up', SIDE_BY_SIDE, () => {
  test.for([
    ['the first level', PRIMARY, 'primary'],
    ['a level in a child', IN_CHILD, 'manager'],
  ] as const)('at %s, and is heard of later, decides nothing and is kept', async ([, policy, step], context) => {
    const here = await pressing('1', context);
    const incident = await open(here, policy, { until: 'acknowledged' });
    await runsAre(here.emulator, 'succeeded');
    const { owner } = await incident.ask('acknowledge', { by: 'suzuki' });
    expect(owner).toMatchObject({ by: 'suzuki', via: 'api' });
    const result = await incident.result();
    expect(result).toMatchObject({
      owner,
      keyInput: null,
      alsoAcknowledged: [{ contact: '田中', step, keyInput: '1' }],
    });
    expect(result.timeline.filter(({ kind }) => kind === 'alsoAcknowledged')).toMatchObject([
      { text: `田中 pressed 1 at "${step}" to acknowledge, but that level was over: it changes nothing. Tell them.` },
    ]);
  });

  test.for([
    ['escalate', '2', PRIMARY, 'primary'],
    ['resolve', '3', PRIMARY, 'primary'],
    ['escalate, in a child,', '2', IN_CHILD, 'manager'],
  ] as const)('to %s: decides nothing, and the timeline tells it', async ([, key, policy, step], context) => {
    const here = await pressing(key, context);
    const incident = await open(here, policy);
    await runsAre(here.emulator, 'succeeded');
    await incident.ask('acknowledge', { by: 'suzuki' });
    const late = await incident.told('keyLate');
    expect(late.text).toBe(`田中 pressed ${key} at "${step}", but that level was over: it changes nothing.`);
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: 'suzuki' } });
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ alsoAcknowledged: [], owner: { by: 'suzuki' } });
    expect(calledIn(here.emulator)).toEqual(['田中']);
  });

  test('before the level moved on does not stop the next level, and is kept', async (context) => {
    const here = await pressing('1', context);
    const incident = await open(here, PRIMARY);
    await runsAre(here.emulator, 'succeeded');
    expect(await incident.ask('escalate', { by: 'suzuki', to: 'manager' })).toMatchObject({
      accepted: true,
      owner: null,
    });
    await rings(here.emulator, SATO);
    expect(await incident.status()).toMatchObject({ state: 'triggered', owner: null, step: 'manager' });
    await incident.ask('resolve', { by: 'suzuki' });
    expect(await incident.result()).toMatchObject({
      owner: { by: 'suzuki' },
      alsoAcknowledged: [{ contact: '田中', step: 'primary' }],
    });
  });

  test('together with another: one of the two owns the incident, the other is kept', async (context) => {
    const people = { [TANAKA.phone]: presses('1'), [YAMADA.phone]: presses('1') };
    const here = await world({ ...ENDLESSLY, people, context });
    const incident = await open(here, policyWith({ primary: unseen([TANAKA, YAMADA]), manager: calling([SATO]) }), {
      until: 'acknowledged',
    });
    await runsAre(here.emulator, 'succeeded', 'succeeded');
    await incident.handle.signal('check');
    const { owner, alsoAcknowledged, keyInput } = await incident.result();
    const pressers = [owner?.by, ...alsoAcknowledged.map(({ contact }) => contact)];
    expect(new Set(pressers)).toEqual(new Set(['田中', '山田']));
    expect(pressers).toHaveLength(2);
    expect(keyInput).toBe('1');
  });
});

describe('a key that is pressed while the telephone is being hung up', SIDE_BY_SIDE, () => {
  test('does not count', async (context) => {
    const here = await world({ ...ENDLESSLY, people: { [TANAKA.phone]: manual() }, context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }), { until: 'acknowledged' });
    const call = await rings(here.emulator, TANAKA);
    here.emulator.space.pickUp(call);
    await incident.ask('acknowledge', { by: 'suzuki' });
    await eventually(
      () => Promise.resolve(here.emulator.space.calls()[0]?.status === 'aborting'),
      'it is being hung up',
    );
    expect(here.emulator.space.press(call, '1')).toBe('notCounted');
    expect(await incident.result()).toMatchObject({ owner: { by: 'suzuki' }, alsoAcknowledged: [], placedCalls: 1 });
  });
});

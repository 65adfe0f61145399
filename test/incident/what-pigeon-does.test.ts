import { describe, expect, test } from 'vitest';
import { EMULATOR_TOKEN, type Emulator, neverPicksUp } from '../../src/emulator/emulator.js';
import { eventually, useRig } from '../rig/rig.js';
import { eventsOf, postsOf } from './incident-history.js';
import {
  calledIn,
  calling,
  callingTogether,
  type Contact,
  ENDLESSLY,
  escalateTo,
  open,
  policyWith,
  presses,
  QUICKLY,
  refused,
  rings,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useRig();

/** Somebody aborts every run by hand, in Pigeon. */
async function abortByHand({ url, space }: Emulator): Promise<void> {
  for (const { resultId } of space.runs()) {
    await fetch(`${url}/api/apps/pigeon/chain/abort`, {
      method: 'POST',
      headers: { 'X-Authorization': `Token ${EMULATOR_TOKEN}` },
      body: JSON.stringify({ resultId }),
    });
  }
}

describe('a full queue', SIDE_BY_SIDE, () => {
  test('keeps the incident waiting in its attempt, for all to see, and it calls as soon as there is room', async (context) => {
    const switches = { ...QUICKLY.switches, queueSize: 0 };
    const here = await world({ ...QUICKLY, switches, people: { [TANAKA.phone]: presses('1') }, context });
    const policy = policyWith({
      primary: calling([TANAKA], { otherwise: escalateTo('manager') }),
      manager: calling([SATO]),
    });
    const incident = await open(here, policy, { until: 'acknowledged' });
    const { ringing, attempt, step } = await incident.until((now) => now.ringing.join().includes('full'), 'waits');
    expect({ attempt, step }).toEqual({ attempt: 1, step: 'primary' });
    expect(ringing).toEqual([expect.stringMatching(/^The queue of the space is full .*\(reference /)]);
    here.emulator.space.switches.queueSize = 30;
    await incident.handle.signal('check');
    const result = await incident.result();
    expect(result).toMatchObject({ owner: { by: '田中' }, placedCalls: 1 });
    expect(result.timeline.find(({ kind }) => kind === 'callEnded')?.text).toContain('The queue of the space is full');
  });

  test('is asked no more once somebody owns the incident', async (context) => {
    const switches = { ...QUICKLY.switches, queueSize: 0 };
    const here = await world({ ...QUICKLY, switches, context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }), { until: 'acknowledged' });
    await incident.until((now) => now.ringing.join().includes('full'), 'waits');
    await incident.ask('acknowledge', { by: 'suzuki' });
    expect(await incident.result()).toMatchObject({ owner: { by: 'suzuki' }, placedCalls: 0 });
    const asked = here.emulator.journal.invokes().length;
    expect(postsOf(await eventsOf(incident))).toHaveLength(asked);
  });
});

describe('a run that somebody aborts in Pigeon', SIDE_BY_SIDE, () => {
  test.for([
    ['uses its attempt, and the next follows', policyWith({ primary: calling([TANAKA], { attempts: 2 }) })],
    [
      'in a child uses its attempt, and the next follows',
      policyWith({
        primary: refused({ otherwise: escalateTo('manager') }),
        manager: calling([TANAKA], { attempts: 2 }),
      }),
    ],
  ] as const)('%s', async ([, policy], context) => {
    const here = await world({ ...ENDLESSLY, people: { [TANAKA.phone]: [neverPicksUp(), presses('1')] }, context });
    const incident = await open(here, policy, { until: 'acknowledged' });
    await rings(here.emulator, TANAKA);
    await abortByHand(here.emulator);
    const result = await incident.result();
    expect(result).toMatchObject({ owner: { by: '田中' }, placedCalls: 2 });
    expect(result.timeline).toContainEqual(
      expect.objectContaining({ kind: 'callEnded', outcome: 'aborted', keyInput: null }),
    );
  });
});

describe('a budget that is used up', SIDE_BY_SIDE, () => {
  test('makes the level wait, says until when, and lets people decide meanwhile', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: neverPicksUp() }, context });
    const steps = { primary: calling([TANAKA], { attempts: 9 }), manager: calling([SATO]) };
    const incident = await open(here, policyWith(steps, { budget: { calls: 1, within: '2h' } }));
    const { until, text } = await incident.told('waiting', ({ reason }) => reason === 'budget');
    expect(text).toMatch(/^"primary" is called in .*: the budget of calls is used up until then\.$/);
    expect((await incident.status()).nextAt).toBe(until);
    // The budget is that of the incident, whatever the step.
    const escalated = await incident.ask('escalate', { to: 'manager' });
    expect(escalated).toMatchObject({ accepted: true, state: 'triggered' });
    expect(escalated.message).toMatch(/^"manager" is called in .*: the budget of calls is used up until then\.$/);
    await incident.told('waiting', ({ step, reason }) => step === 'manager' && reason === 'budget');
    expect(await incident.ask('acknowledge', { by: 'suzuki' })).toMatchObject({ accepted: true });
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ placedCalls: 1 });
    expect(calledIn(here.emulator)).toEqual(['田中']);
  });
});

describe('a level that calls thirty people together', SIDE_BY_SIDE, () => {
  const everybody = Array.from({ length: 30 }, (_, index): Contact => {
    const number = String(index).padStart(2, '0');
    return { handle: `person-${number}`, name: `担当${number}`, phone: `03000001${number}` };
  });
  const people = Object.fromEntries(everybody.map(({ phone }) => [phone, neverPicksUp()]));

  test.for([
    ['in the incident', policyWith({ primary: callingTogether(everybody) })],
    ['in a child', policyWith({ primary: refused({ otherwise: escalateTo('all') }), all: callingTogether(everybody) })],
  ] as const)('%s: an acknowledge hangs up every one of them', async ([, policy], context) => {
    const here = await world({ ...ENDLESSLY, people, context });
    const incident = await open(here, policy, { until: 'acknowledged' });
    await eventually(() => Promise.resolve(here.emulator.journal.calls().length === 30), 'all ring', 90_000);
    await incident.ask('acknowledge', { by: 'suzuki' });
    expect(await incident.result()).toMatchObject({ owner: { by: 'suzuki' }, placedCalls: 30, alsoAcknowledged: [] });
    expect(here.emulator.space.runs().filter(({ status }) => status !== 'aborted')).toEqual([]);
    expect(here.emulator.journal.invokes()).toHaveLength(policy.start === 'primary' && policy.steps['all'] ? 31 : 30);
  });
});

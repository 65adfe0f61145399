import { describe, expect, test } from 'vitest';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import type { KeyAction } from '../../src/contract/policy-schema.js';
import { useRig } from '../rig/rig.js';
import {
  calledIn,
  calling,
  escalateTo,
  open,
  policyWith,
  presses,
  QUICKLY,
  runTo,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
} from './incident-world.js';

const world = useRig();

const KEYS: Readonly<Record<string, KeyAction>> = {
  1: { kind: 'acknowledge' },
  2: { kind: 'resolve' },
  3: { kind: 'next' },
  4: { kind: 'leave' },
  5: escalateTo('manager'),
  6: { kind: 'snooze', for: '1s' },
};
const MANAGER = { manager: calling([SATO]) };
/** Each of them presses the keys in turn, one a call. */
const space = (keys: Readonly<Record<string, readonly string[]>>) => ({
  ...QUICKLY,
  people: Object.fromEntries(Object.entries(keys).map(([phone, pressed]) => [phone, pressed.map(presses)])),
});

describe('a key', SIDE_BY_SIDE, () => {
  test('"acknowledge" makes its presser the owner, and the incident stays open until it is resolved', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['1'] }), context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA], { keys: KEYS }), ...MANAGER }));
    const owner = { by: '田中', via: 'key', step: 'primary', keyInput: '1' };
    expect(await incident.until(({ state }) => state === 'acknowledged', 'is owned')).toMatchObject({ owner });
    await incident.ask('resolve', { by: 'sato' });
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner, keyInput: '1', placedCalls: 1 });
  });

  test('"resolve" ends the incident, owned by its presser', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['2'] }), context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA], { keys: KEYS }), ...MANAGER }));
    const result = await incident.result();
    expect(result).toMatchObject({ state: 'resolved', owner: { by: '田中', keyInput: '2' }, keyInput: '2' });
    expect(result.timeline).toContainEqual(expect.objectContaining({ kind: 'resolved', by: '田中', via: 'key' }));
  });

  test('"next" decides nothing: the next person is called, and this one again in the next pass', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['3', '1'], [YAMADA.phone]: ['3'] }), context });
    const call = [runTo([TANAKA, YAMADA], KEYS, 2)];
    const incident = await open(here, policyWith({ primary: calling([], { keys: KEYS, call }), ...MANAGER }));
    await incident.until(({ state }) => state === 'acknowledged', 'is owned');
    expect(calledIn(here.emulator)).toEqual(['田中', '山田', '田中']);
    expect(here.emulator.journal.invokes()).toHaveLength(1);
  });

  test('"leave" decides nothing: the next person is called, and this one no more in the same run', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['4'], [YAMADA.phone]: ['3', '1'] }), context });
    const call = [runTo([TANAKA, YAMADA], KEYS, 2)];
    const incident = await open(here, policyWith({ primary: calling([], { keys: KEYS, call }), ...MANAGER }));
    await incident.until(({ state }) => state === 'acknowledged', 'is owned');
    expect(calledIn(here.emulator)).toEqual(['田中', '山田', '山田']);
  });

  test('a run in which everybody presses "next" uses an attempt like one that nobody answers', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['3'] }), context });
    const policy = policyWith({ primary: calling([TANAKA], { keys: KEYS }), ...MANAGER });
    const incident = await open(here, policy, { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({
      state: 'exhausted',
      owner: null,
      keyInput: null,
      levels: [{ outcome: 'unanswered', keyInput: null, calls: 1 }],
    });
  });

  test('"escalate" calls that step at once, whatever attempts are left', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['5'], [SATO.phone]: ['1'] }), context });
    const primary = calling([TANAKA], { keys: KEYS, attempts: 'unlimited' });
    const incident = await open(here, policyWith({ primary, ...MANAGER }), { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({
      owner: { by: '佐藤', step: 'manager' },
      levels: [
        { step: 'primary', outcome: 'answered', keyInput: '5', contact: '田中' },
        { step: 'manager', outcome: 'answered', keyInput: '1', contact: '佐藤' },
      ],
    });
  });

  test('"snooze" calls nobody for a while, and then the same step again, owned by nobody meanwhile', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['6', '1'] }), context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA], { keys: KEYS }), ...MANAGER }));
    expect(await incident.until(({ state }) => state === 'snoozed', 'is snoozed')).toMatchObject({ owner: null });
    await incident.until(({ state }) => state === 'acknowledged', 'is owned');
    const { at, until } = await incident.told('snoozed');
    expect(Date.parse(String(until)) - Date.parse(at)).toBe(1_000);
    const [first, second] = here.emulator.journal.invokes();
    expect((second?.realAt ?? 0) - (first?.realAt ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(await incident.status()).toMatchObject({ level: 2, step: 'primary', attempt: 1 });
  });

  test('that the policy does not name counts as the step’s `otherwise`', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['9'], [SATO.phone]: ['1'] }), context });
    const call = [runTo([TANAKA], { ...KEYS, 9: { kind: 'acknowledge' } })];
    const primary = calling([TANAKA], { keys: KEYS, call, attempts: 5, otherwise: escalateTo('manager') });
    const incident = await open(here, policyWith({ primary, ...MANAGER }), { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({
      owner: { by: '佐藤' },
      levels: [{ step: 'primary', outcome: 'answered', keyInput: '9' }, { step: 'manager' }],
    });
  });

  test('0 only cuts the call: nobody owns the incident, and the next attempt follows', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['0', '1'] }), context });
    const primary = calling([TANAKA], { keys: KEYS, attempts: 2 });
    const incident = await open(here, policyWith({ primary, ...MANAGER }), { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({ owner: { by: '田中', keyInput: '1' }, placedCalls: 2 });
  });

  test('in a further level does what it does in the first', async (context) => {
    const pressed = { [TANAKA.phone]: ['5'], [SATO.phone]: ['6', '2'] };
    const here = await world({ ...space(pressed), context });
    const steps = { primary: calling([TANAKA], { keys: KEYS }), manager: calling([SATO], { keys: KEYS }) };
    const incident = await open(here, policyWith(steps));
    expect(await incident.result()).toMatchObject({
      state: 'resolved',
      owner: { by: '佐藤', via: 'key', step: 'manager', keyInput: '2' },
      levels: [{ step: 'primary' }, { step: 'manager', keyInput: '6' }, { step: 'manager', keyInput: '2' }],
    });
  });
});

describe('an incident that is owned', SIDE_BY_SIDE, () => {
  test('and not resolved in time is released, and the calls start again', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['1', '2'] }), context });
    const policy = policyWith(
      { primary: calling([TANAKA], { keys: KEYS }), ...MANAGER },
      { acknowledged: { resolveWithin: '2s', otherwise: escalateTo('primary') } },
    );
    const result = await (await open(here, policy)).result();
    expect(result).toMatchObject({ state: 'resolved', owner: { by: '田中', keyInput: '2' }, placedCalls: 2 });
    const told = result.timeline.map(({ kind }) => kind);
    const expected = ['acknowledged', 'notResolvedInTime', 'released', 'levelBegan', 'resolved', 'closed'];
    expect(told.filter((kind) => expected.includes(kind))).toEqual(['levelBegan', ...expected]);
  });

  test('and was opened only until somebody owns it, closes with the key', async (context) => {
    const here = await world({ ...space({ [TANAKA.phone]: ['1'] }), context });
    const policy = policyWith({ primary: calling([TANAKA], { keys: KEYS }), ...MANAGER });
    const { result } = await open(here, policy, { until: 'acknowledged' });
    expect(await result()).toMatchObject({ state: 'acknowledged', owner: { by: '田中' }, keyInput: '1' });
  });
});

describe('nobody who presses a key', SIDE_BY_SIDE, () => {
  test.for([
    ['never picks up', neverPicksUp()],
    ['listens and presses nothing', answers(100)],
  ] as const)('%s: the incident ends as exhausted', async ([, person], context) => {
    const switches = { ringSeconds: 1, keyWaitSeconds: 1 };
    const here = await world({ ...QUICKLY, switches, people: { [TANAKA.phone]: person }, context });
    const { result } = await open(here, policyWith({ primary: calling([TANAKA]) }), { until: 'acknowledged' });
    expect(await result()).toMatchObject({ state: 'exhausted', owner: null, keyInput: null, placedCalls: 1 });
  });
});

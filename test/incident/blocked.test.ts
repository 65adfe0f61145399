import { defineSearchAttributeKey } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { STATE_ATTRIBUTE } from '../../src/contract/names.js';
import { EMULATOR_TOKEN, type Emulator, type Fault } from '../../src/emulator/emulator.js';
import { eventually, useRig } from '../rig/rig.js';
import { acknowledgedAt, eventsOf, postsOf } from './incident-history.js';
import {
  calledIn,
  calling,
  callingTogether,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  presses,
  QUICKLY,
  refused,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
} from './incident-world.js';

const world = useRig();
const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');
const EVERYBODY = {
  ...QUICKLY,
  people: Object.fromEntries([TANAKA, YAMADA, SATO].map(({ phone }) => [phone, presses('1')])),
};
/** A blocked call that used an attempt would continue to the manager. */
const POLICY = policyWith({
  primary: calling([TANAKA], { otherwise: escalateTo('manager') }),
  manager: calling([SATO]),
});

type Block = (emulator: Emulator) => Promise<() => Promise<void>>;
const fault =
  (fault: Fault): Block =>
  async ({ faults }) => {
    const injected = faults.inject('invoke', fault, { times: 'always' });
    return async () => injected.remove();
  };
const revokedToken: Block = async ({ tokens }) => {
  tokens.revoke(EMULATOR_TOKEN);
  return async () => tokens.add(EMULATOR_TOKEN);
};
const outOfReach: Block = async ({ faults }) => {
  await faults.refuse();
  return () => faults.restore();
};

const isBlocked = (incident: OpenIncident) => incident.until(({ state }) => state === 'blocked', 'is blocked');

/** Waits until each call has been refused twice, so that nobody can say that it was tried once. */
const isTriedTwice = (incident: OpenIncident) =>
  eventually(async () => postsOf(await eventsOf(incident)).length >= 2, 'it is tried again automatically');

describe('a space that refuses us', SIDE_BY_SIDE, () => {
  test.for([
    ['401: the token is not known', revokedToken, /401/],
    ['403: the token may not call', fault({ kind: 'status', status: 403 }), /403/],
    ['429: too many requests', fault({ kind: 'status', status: 429, headers: { 'retry-after': '1' } }), /429/],
    ['out of reach', outOfReach, /ECONNREFUSED|refused|reach/],
  ] as const)(
    '%s: blocks the incident loudly, uses no attempt, and it continues',
    async ([, block, words], context) => {
      const here = await world({ ...EVERYBODY, context });
      const unblock = await block(here.emulator);
      const incident = await open(here, POLICY);
      const status = await isBlocked(incident);
      expect(status).toMatchObject({ step: 'primary', attempt: 1, owner: null, placedCalls: 0 });
      expect(status.message).toMatch(/^BLOCKED, nobody is called: /);
      expect(status.message).toMatch(words);
      const { typedSearchAttributes } = await incident.handle.describe();
      expect(typedSearchAttributes.get(STATE)).toBe('blocked');
      await isTriedTwice(incident);
      await unblock();
      await incident.handle.signal('check');
      expect(await incident.until(({ owner }) => owner !== null, 'is owned')).toMatchObject({ owner: { by: '田中' } });
      expect(calledIn(here.emulator)).toEqual(['田中']);
      // Written at the end of the step that the status is ahead of.
      const listed = async () => (await incident.handle.describe()).typedSearchAttributes.get(STATE);
      await eventually(async () => (await listed()) === 'acknowledged', 'it is listed as owned');
      const { counts } = await incident.timeline();
      expect(counts).toMatchObject({ callsPlaced: 1, callBlocked: 1, callUnblocked: 1 });
    },
  );

  test('blocks it in a child as well: the incident itself says so', async (context) => {
    const here = await world({ ...EVERYBODY, context });
    const unblock = await fault({ kind: 'status', status: 403 })(here.emulator);
    const policy = policyWith({ primary: calling([TANAKA]), manager: calling([SATO]) });
    const incident = await open(here, policy);
    await isBlocked(incident);
    await incident.ask('escalate', { to: 'manager' });
    const { message } = await incident.until(
      ({ state, step }) => state === 'blocked' && step === 'manager',
      'is blocked',
    );
    expect(message).toMatch(/^BLOCKED, nobody is called: .*403.*\(level 2 "manager"\)$/);
    await unblock();
    await incident.until(({ owner }) => owner?.by === '佐藤', 'is owned');
  });

  test('blocks the calls of a level each, and both are placed when it is over', async (context) => {
    const here = await world({ ...EVERYBODY, context });
    const unblock = await revokedToken(here.emulator);
    const incident = await open(here, policyWith({ primary: callingTogether([TANAKA, YAMADA]) }));
    await eventually(async () => (await incident.timeline()).counts['callBlocked'] === 2, 'both are blocked');
    await unblock();
    await incident.handle.signal('check');
    await incident.until(({ owner }) => owner !== null, 'is owned');
    expect((await incident.timeline()).counts).toMatchObject({ callsPlaced: 1 });
  });

  test('is asked no more once somebody owns the incident', async (context) => {
    const here = await world({ ...EVERYBODY, context });
    const unblock = await revokedToken(here.emulator);
    const incident = await open(here, POLICY);
    await isBlocked(incident);
    expect(await incident.ask('acknowledge', { by: 'suzuki' })).toMatchObject({
      accepted: true,
      state: 'acknowledged',
    });
    await incident.until(({ ringing }) => ringing.length === 0, 'has nothing live');
    await unblock();
    const events = await eventsOf(incident);
    expect(postsOf(events).filter(({ eventId }) => eventId > acknowledgedAt(events))).toEqual([]);
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ placedCalls: 0, owner: { by: 'suzuki' } });
  });

  test('after the call was placed loses no key: the result is read when the token is back', async (context) => {
    const here = await world({ ...EVERYBODY, context });
    const gate = here.emulator.faults.hold('invoke', 'afterHandling');
    const incident = await open(here, POLICY);
    await gate.reached;
    const unblock = await revokedToken(here.emulator);
    gate.release();
    const { message } = await isBlocked(incident);
    expect(message).toContain('The call was placed, but its result cannot be read: ');
    await unblock();
    await incident.until(({ owner }) => owner?.by === '田中', 'is owned');
    expect(here.emulator.journal.invokes()).toHaveLength(1);
  });
});

describe('a call that Pigeon refuses for what it asks', SIDE_BY_SIDE, () => {
  test.for([400, 404, 422])('with %i uses its attempt, and the next attempt follows', async (status, context) => {
    const here = await world({ ...EVERYBODY, context });
    here.emulator.faults.inject('invoke', { kind: 'status', status });
    const incident = await open(here, policyWith({ primary: calling([TANAKA], { attempts: 2 }) }));
    await incident.until(({ owner }) => owner?.by === '田中', 'is owned');
    const ended = await incident.told('callEnded', ({ outcome }) => outcome === 'refused');
    expect(ended.text).toContain(`${status}`);
    expect(here.emulator.journal.invokes().map(({ outcome }) => outcome)).toEqual([
      { kind: 'answered', status },
      { kind: 'answered', status: 201 },
    ]);
  });

  test.for(['resolved', 'acknowledged'] as const)(
    'in every step (until %s): it is blocked, says who and why, and begins again; it neither ends nor fails',
    async (until, context) => {
      const here = await world({ ...QUICKLY, context });
      const policy = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: refused() });
      const incident = await open(here, policy, { until });
      const status = await incident.until(({ state, level }) => state === 'blocked' && level === 2, 'is blocked');
      expect(status).toMatchObject({ placedCalls: 0, owner: null, result: null });
      expect(status.message).toMatch(/^BLOCKED, nobody is called: .*"manager": Pigeon refuses/);
      expect(status.next).toMatch(/"primary" is called again/);
      await incident.until(({ level }) => level >= 3, 'begins again');
      expect(await incident.ask('acknowledge', { by: 'sato' })).toMatchObject({ accepted: true });
      if (until === 'resolved') await incident.ask('resolve');
      expect(await incident.result()).toMatchObject({ state: until, owner: { by: 'sato' }, placedCalls: 0 });
    },
  );
});

describe('a POST of which nobody knows what became', SIDE_BY_SIDE, () => {
  test('is looked for and followed: its key decides, nobody is called twice, and the timeline says so', async (context) => {
    const here = await world({ ...EVERYBODY, context });
    here.emulator.faults.inject('invoke', { kind: 'statusAfterHandling', status: 502 });
    const incident = await open(here, POLICY, { until: 'acknowledged' });
    const result = await incident.result();
    expect(result).toMatchObject({ owner: { by: '田中' }, placedCalls: 1 });
    const ended = result.timeline.find(({ kind }) => kind === 'callEnded')?.text;
    expect(ended).toMatch(/was not confirmed: .*was found as run/);
    expect(here.emulator.journal.invokes()).toHaveLength(1);
  });
});

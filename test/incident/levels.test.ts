import { describe, expect, test } from 'vitest';
import { busy, manual, neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import {
  calledIn,
  calling,
  callingTogether,
  ENDLESSLY,
  escalateTo,
  newIncidentId,
  open,
  policyWith,
  presses,
  QUICKLY,
  refused,
  rings,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
} from './incident-world.js';
import { childrenOf, eventsOf, postsOf } from './incident-history.js';

const world = useRig();

describe('the tree of an incident', SIDE_BY_SIDE, () => {
  test('the first level rings in the incident itself, without a child', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: presses('1') }, context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }));
    await incident.until(({ state }) => state === 'acknowledged', 'is acknowledged');
    expect(childrenOf(await eventsOf(incident))).toEqual([]);
    expect(here.emulator.journal.invokes()[0]?.body).toMatchObject({
      params: { parameters: { server: 'web-1', pigeonflowRef: `${incident.id}#1` } },
    });
  });

  test('each further level is a child, named by the incident, its run, its number and its step', async (context) => {
    const here = await world({ ...QUICKLY, people: { [SATO.phone]: presses('1') }, context });
    const policy = policyWith({
      primary: refused({ otherwise: escalateTo('database') }),
      database: refused({ otherwise: escalateTo('manager') }),
      manager: calling([SATO]),
    });
    const incident = await open(here, policy);
    await incident.until(({ state }) => state === 'acknowledged', 'is acknowledged');
    const { runId } = await incident.handle.describe();
    const prefix = `${incident.id}/${runId.slice(0, 8)}`;
    expect(childrenOf(await eventsOf(incident)).map(({ id, type }) => ({ id, type }))).toEqual([
      { id: `${prefix}/2-database`, type: 'escalation' },
      { id: `${prefix}/3-manager`, type: 'escalation' },
    ]);
    const calls = here.emulator.journal.invokes().map(({ body }) => body);
    expect(calls.at(-1)).toMatchObject({ params: { parameters: { pigeonflowRef: `${prefix}/3-manager#1` } } });
  });

  test('a child has at most 200 bytes of id, however long and Japanese that of its incident is', async (context) => {
    const here = await world({ ...QUICKLY, people: { [SATO.phone]: presses('1') }, context });
    const policy = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: calling([SATO]) });
    const incident = await open(here, policy, {}, `${newIncidentId()}/${'障害'.repeat(27)}`);
    await incident.until(({ state }) => state === 'acknowledged', 'is acknowledged');
    const [child] = childrenOf(await eventsOf(incident));
    expect(Buffer.byteLength(child?.id ?? '')).toBeLessThanOrEqual(200);
    expect(child?.id).toMatch(/^incident\/test-.*\/2-manager$/);
  });

  test('the result names each level, how it ended, who pressed what, and its calls', async (context) => {
    const people = { [TANAKA.phone]: neverPicksUp(), [YAMADA.phone]: busy(), [SATO.phone]: presses('1') };
    const here = await world({ ...QUICKLY, people, context });
    const policy = policyWith({
      primary: calling([TANAKA], { otherwise: escalateTo('database') }),
      database: calling([YAMADA, TANAKA], { otherwise: escalateTo('manager') }),
      manager: calling([SATO]),
    });
    const incident = await open(here, policy, { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({
      state: 'acknowledged',
      owner: { by: '佐藤', via: 'key', step: 'manager', keyInput: '1' },
      keyInput: '1',
      placedCalls: 4,
      levels: [
        { step: 'primary', outcome: 'unanswered', keyInput: null, contact: null, calls: 1 },
        { step: 'database', outcome: 'unanswered', keyInput: null, contact: null, calls: 2 },
        { step: 'manager', outcome: 'answered', keyInput: '1', contact: '佐藤', calls: 1 },
      ],
    });
  });

  test('a child that answered completes, with its level as its result', async (context) => {
    const here = await world({ ...QUICKLY, people: { [SATO.phone]: presses('1') }, context });
    const policy = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: calling([SATO]) });
    const incident = await open(here, policy, { until: 'acknowledged' });
    await incident.result();
    const [child] = childrenOf(await eventsOf(incident));
    expect(await here.temporal.workflow.getHandle(child?.id ?? '').result()).toMatchObject({
      step: 'manager',
      outcome: 'answered',
      keyInput: '1',
      contact: '佐藤',
      calls: 1,
    });
  });
});

describe('levels follow one another', SIDE_BY_SIDE, () => {
  test('the next level calls only when nothing of the last rings any more', async (context) => {
    const people = { [TANAKA.phone]: neverPicksUp(), [YAMADA.phone]: neverPicksUp(), [SATO.phone]: presses('1') };
    const here = await world({ ...QUICKLY, people, context });
    const policy = policyWith({
      primary: callingTogether([TANAKA, YAMADA], { otherwise: escalateTo('manager') }),
      manager: calling([SATO]),
    });
    const { result } = await open(here, policy, { until: 'acknowledged' });
    await result();
    const ended = here.emulator.space.runs().map(({ finishedAt }) => finishedAt ?? Infinity);
    const third = here.emulator.journal.invokes()[2];
    expect(third?.at).toBeGreaterThanOrEqual(Math.max(...ended.slice(0, 2)));
  });

  test('a level calls again, `every` after its last call, as often as its attempts say', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: neverPicksUp() }, context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA], { attempts: 3, every: '2s' }) }), {
      until: 'acknowledged',
    });
    expect(await incident.result()).toMatchObject({ state: 'exhausted', placedCalls: 3 });
    const [, second, third] = here.emulator.journal.invokes();
    const [first, next] = here.emulator.space.runs();
    expect((second?.at ?? 0) - (first?.finishedAt ?? Infinity)).toBeGreaterThanOrEqual(2_000);
    expect((third?.at ?? 0) - (next?.finishedAt ?? Infinity)).toBeGreaterThanOrEqual(2_000);
    expect(postsOf(await eventsOf(incident))).toHaveLength(3);
  });

  test('a level in a child calls again as well, in the same child', async (context) => {
    const here = await world({ ...QUICKLY, people: { [SATO.phone]: [busy(), neverPicksUp(), presses('1')] }, context });
    const policy = policyWith({
      primary: refused({ otherwise: escalateTo('manager') }),
      manager: calling([SATO], { attempts: 'unlimited' }),
    });
    const incident = await open(here, policy, { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({ placedCalls: 3, levels: [{}, { step: 'manager', calls: 3 }] });
    expect(childrenOf(await eventsOf(incident))).toHaveLength(1);
  });

  test('a policy in a circle without a telephone that rings goes round once, and begins again after a pause', async (context) => {
    const here = await world({ ...QUICKLY, context });
    const policy = policyWith({
      one: refused({ every: '1h', otherwise: escalateTo('two') }),
      two: refused({ every: '1h', otherwise: escalateTo('one') }),
    });
    const incident = await open(here, policy);
    await incident.told('nothingRang');
    expect(await incident.status()).toMatchObject({ state: 'blocked' });
    expect(here.emulator.journal.invokes()).toHaveLength(2);
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved', placedCalls: 0 });
  });
});

describe('the calls of one level', SIDE_BY_SIDE, () => {
  test('are placed together, and the first key that decides hangs the others up', async (context) => {
    const people = { [TANAKA.phone]: manual(), [YAMADA.phone]: neverPicksUp(), [SATO.phone]: neverPicksUp() };
    const here = await world({ ...ENDLESSLY, people, context });
    const policy = policyWith({ primary: callingTogether([TANAKA, YAMADA, SATO]) });
    const incident = await open(here, policy, { until: 'acknowledged' });
    const [call] = await Promise.all([TANAKA, YAMADA, SATO].map((contact) => rings(here.emulator, contact)));
    here.emulator.space.pickUp(call ?? '');
    here.emulator.space.press(call ?? '', '1');
    expect(await incident.result()).toMatchObject({
      owner: { by: '田中', keyInput: '1' },
      alsoAcknowledged: [],
      levels: [{ outcome: 'answered', contact: '田中', calls: 3 }],
    });
    expect(
      here.emulator.space
        .runs()
        .map(({ status }) => status)
        .toSorted(),
    ).toEqual(['aborted', 'aborted', 'succeeded']);
    expect(here.emulator.journal.aborts()).toHaveLength(2);
  });

  test('a run that ends without a key leaves the others ringing', async (context) => {
    const people = { [TANAKA.phone]: busy(), [YAMADA.phone]: manual() };
    const here = await world({ ...ENDLESSLY, people, context });
    const incident = await open(here, policyWith({ primary: callingTogether([TANAKA, YAMADA], { attempts: 2 }) }));
    await incident.told('callEnded', ({ outcome }) => outcome === 'unanswered');
    expect(await incident.status()).toMatchObject({
      state: 'triggered',
      attempt: 1,
      ringing: [expect.stringContaining('山田')],
    });
    const call = await rings(here.emulator, YAMADA);
    here.emulator.space.pickUp(call);
    here.emulator.space.press(call, '1');
    await incident.until(({ owner }) => owner?.by === '山田', 'is owned by 山田');
    expect(new Set(calledIn(here.emulator))).toEqual(new Set(['田中', '山田']));
    expect(here.emulator.journal.calls()).toHaveLength(2);
  });
});

import { describe, expect, test } from 'vitest';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import { calledIn, calling, escalateTo, open, policyWith, runTo, SATO, TANAKA } from '../incident/incident-world.js';
import { callTo, useRig } from '../rig/rig.js';

const world = useRig('timeSkipping');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const inTwoLevels = policyWith({
  primary: calling([TANAKA], {
    call: [{ ...runTo([TANAKA]), waitTime: 300 }],
    attempts: 3,
    every: '5m',
    otherwise: escalateTo('manager'),
  }),
  manager: calling([SATO]),
});
const people = { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: answers(1_000, '1') };

describe('a run of an incident in which nothing happens any more', () => {
  test('is hung up half an hour after its last telephone began to ring, and counts as an attempt', async () => {
    const here = await world({ people, switches: { ringSeconds: 864_000 } });
    const incident = await open(here, inTwoLevels);
    await here.sleep(29 * MINUTE_MS);
    expect(await incident.status()).toMatchObject({ level: 1, attempt: 1, placedCalls: 0 });
    await here.sleep(2 * HOUR_MS);
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: SATO.name } });
    expect(calledIn(here.emulator)).toEqual([TANAKA.name, TANAKA.name, TANAKA.name, SATO.name]);
    await incident.ask('resolve');
    const { timeline } = await incident.result();
    const ended = timeline.filter(({ kind }) => kind === 'callEnded').map((entry) => entry['outcome']);
    expect(ended).toEqual(['timedOut', 'timedOut', 'timedOut', 'answered']);
    expect(timeline.map(({ text }) => text).join('\n')).toContain('nothing happens in its run any more');
  });

  test('is hung up after three hours where it only waits for a line, and its level gives way', async () => {
    const here = await world({ people, lines: 1, switches: { ringSeconds: 864_000 } });
    const blocker = await here.pigeonflow.startCall(here.newId(), callTo(TANAKA.phone, { waitTime: 300 }));
    await here.sleep(MINUTE_MS);
    const incident = await open(here, inTwoLevels);
    await here.sleep(2.9 * HOUR_MS);
    expect(await incident.status()).toMatchObject({ level: 1, step: 'primary', attempt: 1 });
    await here.sleep(HOUR_MS / 3);
    expect(await incident.status()).toMatchObject({ level: 2, step: 'manager', placedCalls: 0 });
    await blocker.hangUp();
    await here.sleep(5 * MINUTE_MS);
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: SATO.name } });
    await incident.ask('resolve');
    const { levels } = await incident.result();
    expect(levels.map(({ outcome }) => outcome)).toEqual(['notPlaced', 'answered']);
  });

  test('is given up when Pigeon has said for half an hour that there is none', async () => {
    const here = await world({ people, switches: { ringSeconds: 864_000 } });
    const incident = await open(here, inTwoLevels);
    await here.sleep(6 * MINUTE_MS);
    for (const request of ['result', 'abort'] as const) {
      here.emulator.faults.inject(request, { kind: 'status', status: 404 }, { times: Infinity });
    }
    // Ten of them it tries to hang up.
    await here.sleep(60 * MINUTE_MS);
    expect(here.emulator.journal.invokes()).toHaveLength(2);
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved' });
  });

  test('is not given up while Pigeon cannot be asked', async () => {
    const here = await world({ people, switches: { ringSeconds: 864_000 } });
    const incident = await open(here, inTwoLevels);
    await here.sleep(6 * MINUTE_MS);
    here.emulator.faults.inject('result', { kind: 'status', status: 503 }, { times: Infinity });
    await here.sleep(3 * HOUR_MS);
    expect(here.emulator.journal.invokes()).toHaveLength(1);
    expect(await incident.status()).toMatchObject({ state: 'blocked', level: 1 });
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved' });
  });
});

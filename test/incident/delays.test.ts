import { describe, expect, test } from 'vitest';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { countOpenings } from '../../src/client/listed-incident.js';
import {
  calling,
  ENDLESSLY,
  escalateTo,
  newIncidentId,
  open,
  policyWith,
  rings,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useSharedWorld(useRig(), {
  ...ENDLESSLY,
  people: { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: neverPicksUp() },
});
const DELAYED = policyWith({ primary: calling([TANAKA], { after: { error: '1h' } }), manager: calling([SATO]) });

describe('a policy that waits before its first call', SIDE_BY_SIDE, () => {
  test('shows when it calls whom, and wakes nobody of what ends before', async () => {
    const incident = await open(world(), DELAYED, { severity: 'error' });
    const { message, next, nextAt, placedCalls } = await incident.until(({ nextAt }) => nextAt !== null, 'waits');
    expect({ message, next, placedCalls }).toEqual({
      message: expect.stringMatching(
        /^Waiting: level 1 "primary", attempt 1 of 1 at .* Nobody is ringing\.$/,
      ) as string,
      next: expect.stringMatching(/^.*: "primary" is called$/) as string,
      placedCalls: 0,
    });
    expect(Date.parse(nextAt ?? '') - Date.now()).toBeGreaterThan(50 * 60_000);
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved', placedCalls: 0 });
  });

  test('calls at once when it gets worse, whichever level waits', async () => {
    const here = world();
    const incident = await open(here, DELAYED, { severity: 'error' });
    await incident.until(({ nextAt }) => nextAt !== null, 'waits');
    await incident.ask('alert', {
      alert: { summary: 'disk full', severity: 'critical', parameters: { server: 'web-1' } },
    });
    await incident.until(
      ({ step, placedCalls, ringing }) => step === 'primary' && placedCalls === 0 && ringing.length > 0,
      'rings',
    );
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved', levels: [{ calls: 0 }, { step: 'primary' }] });
  });

  test('calls at once what opens for the third time within half an hour', async () => {
    const here = world();
    const id = newIncidentId();
    const since = Date.now() - 60_000;
    for (let opening = 1; opening <= 2; opening += 1) {
      const incident = await open(here, DELAYED, { severity: 'error' }, id);
      await incident.until(({ nextAt }) => nextAt !== null, 'waits');
      await incident.ask('resolve');
      await incident.result();
      await eventually(async () => (await countOpenings(here.temporal, id, since)) === opening, 'it is counted');
    }
    const third = await open(here, DELAYED, { severity: 'error' }, id);
    await third.until(({ ringing, nextAt }) => ringing.length > 0 && nextAt === null, 'is called');
    await third.ask('resolve');
    expect(await third.result()).toMatchObject({ state: 'resolved', levels: [{ step: 'primary' }] });
  });
});

test(
  'a level that waits runs in its child: taken meanwhile, it calls nobody; escalated to, it calls at once',
  SIDE_BY_SIDE,
  async () => {
    const here = world();
    const policy = policyWith({
      primary: calling([TANAKA], { otherwise: { ...escalateTo('manager'), after: '1h' } }),
      manager: calling([SATO]),
    });
    const waits = async () => {
      const incident = await open(here, policy);
      await incident.until(({ ringing }) => ringing.length > 0, 'rings');
      await incident.ask('hangUp');
      await incident.until(({ step, nextAt }) => step === 'manager' && nextAt !== null, 'waits for the manager');
      return incident;
    };
    const [taken, escalated] = await Promise.all([waits(), waits()]);
    await taken.ask('acknowledge', { by: '佐藤' });
    await escalated.ask('escalate', { to: 'manager' });
    await rings(here.emulator, SATO);
    expect(here.emulator.journal.calls().filter(({ phoneNumber }) => phoneNumber === SATO.phone)).toHaveLength(1);
    for (const incident of [taken, escalated]) {
      await incident.ask('resolve');
      await incident.result();
    }
  },
);

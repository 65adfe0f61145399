import { expect, test } from 'vitest';
import { manual } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import { calledIn, calling, ENDLESSLY, open, policyWith, presses, rings, TANAKA, YAMADA } from './incident-world.js';

const world = useRig();

test('an owned incident that gets worse rings its owner alone, who owns it meanwhile', async () => {
  const here = await world({ ...ENDLESSLY, people: { [TANAKA.phone]: [presses('1'), manual()] } });
  const policy = policyWith({ primary: calling([TANAKA, YAMADA]) }, { worse: 'call' });
  const incident = await open(here, policy, { severity: 'warning' });
  await incident.until(({ state }) => state === 'acknowledged', 'is acknowledged');
  const worse = { summary: 'database is down', severity: 'critical' };
  expect(await incident.ask('alert', { alert: worse })).toMatchObject({ accepted: true, state: 'acknowledged' });
  const again = await rings(here.emulator, TANAKA, 2);
  const status = await incident.until(({ ringing }) => ringing.length > 0, 'it rings');
  expect(status).toMatchObject({ state: 'acknowledged', owner: { by: TANAKA.name }, level: 2, step: 'primary@tanaka' });
  expect(status.message).toMatch(/^It has got worse; 田中 \(key 1 at "primary"\) owns it\. Calling/);
  here.emulator.space.pickUp(again);
  here.emulator.space.press(again, '1');
  await incident.until(({ ringing, state }) => ringing.length === 0 && state === 'acknowledged', 'is taken again');
  await incident.ask('resolve', { by: TANAKA.name });
  expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: TANAKA.name }, placedCalls: 2 });
  expect(calledIn(here.emulator)).toEqual([TANAKA.name, TANAKA.name]);
});

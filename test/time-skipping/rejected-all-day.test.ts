import { describe, expect, test } from 'vitest';
import type { Severity } from '../../src/contract/severity.js';
import { childrenOf, eventsOf } from '../incident/incident-history.js';
import { calling, escalateTo, open, policyWith, presses, SATO, TANAKA } from '../incident/incident-world.js';
import { runsOf } from '../rig/histories.js';
import { callTo, useRig, type World } from '../rig/rig.js';
import { pass } from './pass.js';

const world = useRig('timeSkipping');
const HOUR_MS = 3_600_000;
const FULL = { queueSize: 0 } as const;
const long = { timeout: 300_000 };

describe('24 hours of rejection', () => {
  const atMost550 = async (here: World, ids: readonly string[]) => {
    for (const id of ids) {
      const events = (await runsOf(here.temporal, id)).map((run) => run.events);
      expect(Math.max(...events)).toBeLessThanOrEqual(550);
    }
  };

  /** With `critical`, which asks every 2 s, it takes an hour: `REJECTED=critical npx vitest run --project time-skipping test/time-skipping/rejected-all-day.test.ts`. */
  const severity = (process.env['REJECTED'] ?? 'warning') as Severity;
  test(`a call of its own, ${severity}: each run is short`, { timeout: 10_800_000 }, async () => {
    const here = await world({ switches: FULL });
    const id = here.newId();
    // Among thousands of POSTs one may not be confirmed, on a machine that does much else; the call continues after it.
    const call = await here.pigeonflow.startCall(id, callTo(TANAKA.phone, { severity, onUnknownOutcome: 'callAgain' }));
    const result = await call.wait();
    await atMost550(here, [id]);
    expect(result).toMatchObject({ outcome: 'rejected' });
    expect((await runsOf(here.temporal, id)).length).toBeGreaterThan(1);
  });

  test('an incident, and a level of its own that calls until somebody takes it', long, async () => {
    const here = await world({
      switches: FULL,
      people: { [TANAKA.phone]: presses('1') },
    });
    const policy = policyWith({
      primary: calling([SATO], { otherwise: escalateTo('duty') }),
      duty: calling([TANAKA], { attempts: 'unlimited' }),
    });
    const incident = await open(here, policy, { severity: 'info', until: 'acknowledged' });
    await pass(here, 24 * HOUR_MS);
    expect(await incident.status()).toMatchObject({ state: 'triggered', level: 2, placedCalls: 0 });
    here.emulator.space.switches.queueSize = 30;
    expect(await incident.result()).toMatchObject({ state: 'acknowledged', owner: { by: TANAKA.name } });
    const [child] = childrenOf(await eventsOf(incident));
    await atMost550(here, [incident.id, child?.id ?? '']);
    expect((await runsOf(here.temporal, child?.id ?? '')).length).toBeGreaterThan(1);
  });
});

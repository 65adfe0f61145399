import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig, type World } from '../rig/rig.js';
import {
  calling,
  callingTogether,
  ENDLESSLY,
  escalateTo,
  open,
  policyWith,
  refused,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
} from './incident-world.js';

const world = useRig();

/** What the Web UI shows of a workflow that a worker has. */
async function detailsOf({ temporal }: World, id: string): Promise<string> {
  const { currentDetails } = await temporal.workflow
    .getHandle(id)
    .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return currentDetails ?? '';
}

describe('the current details', SIDE_BY_SIDE, () => {
  test('name who rings, what comes next, and how to take it', async (context) => {
    const people = { [TANAKA.phone]: neverPicksUp(), [YAMADA.phone]: neverPicksUp() };
    const here = await world({ ...ENDLESSLY, people, context });
    const policy = policyWith({
      primary: callingTogether([TANAKA, YAMADA], { otherwise: escalateTo('manager') }),
      manager: calling([SATO]),
    });
    const incident = await open(here, policy);
    await incident.until(({ ringing }) => ringing.join().includes('田中') && ringing.join().includes('山田'), 'rings');
    const details = await detailsOf(here, incident.id);
    expect(details).toContain('**TRIGGERED** (critical): disk full');
    expect(details).toMatch(/田中 is being called/);
    expect(details).toMatch(/山田 is being called/);
    expect(details).toContain('when these calls have ended and nobody took it, "manager" is called');
    expect(details).toContain('| Owner | **nobody** |');
    // On the screen of a telephone, before everything else.
    expect(details.split('\n').slice(0, 3).join()).toMatch(/To take it.*`acknowledge`.*`\{"by": "sato"\}`/);
    await incident.ask('acknowledge', { by: 'suzuki|`*' });
    const owned = await detailsOf(here, incident.id);
    expect(owned).toContain('**ACKNOWLEDGED**');
    // What people write cannot break the table.
    expect(owned).toContain('| Owner | suzuki\\|\\`\\* |');
    await incident.ask('resolve');
  });

  test('of a child say whose level it is and who rings', async (context) => {
    const here = await world({ ...ENDLESSLY, people: { [SATO.phone]: neverPicksUp() }, context });
    const policy = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: calling([SATO]) });
    const incident = await open(here, policy);
    const ringing = await incident.until(({ ringing }) => ringing.join().includes('佐藤'), 'rings at the manager');
    expect(ringing.ringing).toEqual([expect.stringContaining('佐藤 is being called')]);
    const { runId } = await incident.handle.describe();
    const details = await detailsOf(here, `${incident.id}/${runId.slice(0, 8)}/2-manager`);
    expect(details).toContain('Calling: level 2 "manager", attempt 1 of 1.');
    expect(details).toContain(`Of the incident \`${incident.id}\`: acknowledge, resolve or escalate there.`);
    expect(details).toContain('佐藤 is being called');
    expect(await detailsOf(here, incident.id)).toContain('佐藤 is being called');
    await incident.ask('resolve');
  });

  test('say of a run that Pigeon has no line for that it waits for one, and who rings when it has', async (context) => {
    const people = { [TANAKA.phone]: neverPicksUp(), [YAMADA.phone]: neverPicksUp() };
    const here = await world({ ...ENDLESSLY, lines: 1, people, context });
    const first = await open(here, policyWith({ primary: calling([TANAKA]) }));
    await first.until(({ ringing }) => ringing.join().includes('田中'), 'rings');
    const second = await open(here, policyWith({ primary: calling([YAMADA]) }));
    await second.until(({ ringing }) => ringing.join().includes('it waits for a free line'), 'waits for a line');
    await first.ask('resolve');
    const { ringing } = await second.until((now) => now.ringing.join().includes('山田'), 'rings');
    expect(ringing).toEqual([expect.stringContaining('山田 is being called')]);
    await second.ask('resolve');
  });
});

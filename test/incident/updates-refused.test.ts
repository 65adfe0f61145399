import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import type { Update } from '../../src/incident/events.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { eventsOf } from './incident-history.js';
import {
  calling,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  QUICKLY,
  refusalOf,
  refused,
  SATO,
  SIDE_BY_SIDE,
} from './incident-world.js';

const rig = useRig();
const world = useSharedWorld(rig, { ...QUICKLY, people: { [SATO.phone]: neverPicksUp() } });

/** It waits, so that nothing but the test makes events. */
const WAITING = policyWith({
  primary: refused({ attempts: 'unlimited', every: '1h', otherwise: escalateTo('manager') }),
  manager: calling([SATO]),
});

async function owned(): Promise<OpenIncident> {
  const incident = await open(world(), WAITING);
  await incident.told('waiting');
  await incident.ask('acknowledge', { by: 'suzuki' });
  return incident;
}

const REFUSED: readonly (readonly [Update['kind'], object, RegExp])[] = [
  ['acknowledge', { by: 'kato' }, /^suzuki has owned the incident for .* Acknowledge with takeOver/],
  ['acknowledge', {}, /^suzuki has owned the incident for/],
  ['escalate', { to: 'nobody' }, /^The policy has no step "nobody"/],
  ['escalate', { from: 'primary' }, /^"primary" is not being called: nobody is/],
  ['snooze', { for: '300d' }, /^"300d" is too long/],
  ['hangUp', { by: 'kato' }, /^No call is live/],
];

describe('what the state does not allow', SIDE_BY_SIDE, () => {
  test.for(REFUSED)('%s %j fails with the answer, and costs no event', async ([update, argument, message]) => {
    const incident = await owned();
    const before = (await eventsOf(incident)).length;
    const refusal = await refusalOf(incident.handle.executeUpdate(update, { args: [argument] }));
    expect(refusal).toMatchObject({
      type: 'NotAccepted',
      nonRetryable: true,
      message: expect.stringMatching(message) as string,
    });
    const { owner, since } = await incident.status();
    expect(owner).toMatchObject({ by: 'suzuki' });
    expect(refusal.details).toEqual([
      { accepted: false, state: 'acknowledged', owner, since, message: refusal.message },
    ]);
    expect(await eventsOf(incident)).toHaveLength(before);
  });

  test.for(REFUSED)('%s %j is an answer to anyone who wants one: soft', async ([update, argument, message]) => {
    const incident = await owned();
    const answer = await incident.handle.executeUpdate(update, { args: [{ ...argument, soft: true }] });
    expect(answer).toEqual({
      accepted: false,
      state: 'acknowledged',
      owner: (await incident.status()).owner,
      since: expect.any(String) as string,
      message: expect.stringMatching(message) as string,
    });
  });

  test.for([{ soft: null }, { soft: false }])('fails with %j as without', async (soft) => {
    const incident = await owned();
    expect(await refusalOf(incident.handle.executeUpdate('hangUp', { args: [soft] }))).toMatchObject({
      type: 'NotAccepted',
    });
  });

  test.for(['acknowledge', 'escalate', 'snooze', 'hangUp'] as const)(
    '%s fails when it is over and only not yet closed',
    async (update, context) => {
      const here = await rig({ ...QUICKLY, people: { [SATO.phone]: neverPicksUp() }, context });
      const gate = here.emulator.faults.hold('abort', 'beforeHandling');
      const incident = await open(here, policyWith({ primary: calling([SATO]) }));
      await here.emulator.journal.waitFor(() => here.emulator.journal.calls().length > 0, 60_000);
      await incident.ask('resolve', { by: 'suzuki' });
      await gate.reached;
      expect(await refusalOf(incident.handle.executeUpdate(update, { args: [{ by: 'kato' }] }))).toMatchObject({
        type: 'NotAccepted',
        message: expect.stringMatching(/^The incident has been resolved for/) as string,
      });
      gate.release();
      await incident.result();
    },
  );

  test('fails also where only its handler can tell, since all came at once', async (context) => {
    const here = await rig({ ...QUICKLY, workers: 'none', context });
    const incident = await open(here, WAITING);
    const asked = ['suzuki', 'kato', 'sato'].map((by) =>
      incident.handle.executeUpdate('acknowledge', { args: [{ by }] }).then(
        () => 'accepted',
        async () => 'refused',
      ),
    );
    await here.startWorkers();
    expect((await Promise.all(asked)).toSorted()).toEqual(['accepted', 'refused', 'refused']);
    expect((await incident.timeline()).counts).toMatchObject({ acknowledged: 1 });
    await incident.ask('resolve');
  });

  test('does not fail what is so already: an update can be repeated safely', async () => {
    const incident = await owned();
    expect(await incident.handle.executeUpdate('acknowledge', { args: [{ by: 'suzuki' }] })).toMatchObject({
      accepted: true,
    });
  });
});

import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { eventsOf } from './incident-history.js';
import {
  answerOrClosed,
  calling,
  ENDLESSLY,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  refused,
  rings,
  runsAre,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const rig = useRig();
const world = useSharedWorld(rig, ENDLESSLY);
const idle = refused({ attempts: 'unlimited', every: '1h', otherwise: escalateTo('manager') });
const WAITING = policyWith({ primary: idle, manager: idle });

/** Each update, and what the timeline tells when it has been done. */
const ASKED = {
  acknowledge: [{ by: 'kato' }, 'acknowledged'],
  escalate: [{ by: 'kato' }, 'escalated'],
  snooze: [{ by: 'kato' }, 'snoozed'],
  alert: [{ alert: { summary: 'disk 99 % full', severity: 'critical' } }, 'alertChanged'],
} as const;

async function waiting(): Promise<OpenIncident> {
  const incident = await open(world(), WAITING);
  await incident.told('waiting');
  return incident;
}

describe('an update in the instant in which the incident closes', () => {
  test.for(Object.keys(ASKED) as (keyof typeof ASKED)[])(
    '%s: is done, or is told that it is too late',
    async (update) => {
      const [argument, told] = ASKED[update];
      const incidents = await Promise.all(Array.from({ length: 10 }, waiting));
      await Promise.all(
        incidents.map(async (incident) => {
          const [, answer] = await Promise.all([
            incident.ask('resolve', { by: 'suzuki' }),
            answerOrClosed(incident.ask(update, argument)),
          ]);
          const { state, timeline } = await incident.result();
          expect(state).toBe('resolved');
          const done = answer !== 'closed' && answer.accepted;
          expect(timeline.filter(({ kind }) => kind === told)).toHaveLength(done ? 1 : 0);
          const events = await eventsOf(incident);
          expect(events.filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
        }),
      );
    },
  );

  test('a second resolve: is told that it is resolved', async () => {
    const incident = await waiting();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => answerOrClosed(incident.ask('resolve', { by: `person-${index}` }))),
    );
    const { timeline } = await incident.result();
    expect(timeline.filter(({ kind }) => kind === 'resolved')).toHaveLength(1);
    for (const answer of answers) {
      expect(answer === 'closed' ? { accepted: true, state: 'resolved' } : answer).toMatchObject({
        accepted: true,
        state: 'resolved',
      });
    }
  });

  test('many at a time: every one is answered in the words of what is true, or told that it is closed', async () => {
    const incident = await waiting();
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, (_, index) =>
        answerOrClosed(incident.ask('acknowledge', { by: `person-${index}` })),
      ),
      answerOrClosed(incident.ask('resolve', { by: 'suzuki' })),
      ...Array.from({ length: 4 }, (_, index) => answerOrClosed(incident.ask('snooze', { by: `person-${index}` }))),
    ]);
    const { state, timeline } = await incident.result();
    expect(state).toBe('resolved');
    const owners = timeline.filter(({ kind }) => kind === 'acknowledged').length;
    const done = answers.filter((answer) => answer !== 'closed' && answer.accepted && answer.state === 'acknowledged');
    expect(done).toHaveLength(owners);
  });
});

describe('an incident that closes', SIDE_BY_SIDE, () => {
  test('while it hangs up can be opened again by its id only when nothing rings any more', async (context) => {
    const here = await rig({ ...ENDLESSLY, people: { [TANAKA.phone]: neverPicksUp() }, context });
    const policy = policyWith({ primary: calling([TANAKA]) });
    const incident = await open(here, policy);
    await rings(here.emulator, TANAKA);
    const gate = here.emulator.faults.hold('abort', 'beforeHandling');
    await incident.ask('resolve', { by: 'suzuki' });
    await gate.reached;
    await expect(open(here, policy, {}, incident.id)).rejects.toThrow(/already/i);
    // The same alert meanwhile is answered: too late, and not lost in silence.
    expect(await incident.ask('alert', { alert: { summary: 'disk full', severity: 'critical' } })).toMatchObject({
      accepted: false,
      state: 'resolved',
      message: expect.stringMatching(/^The incident has been resolved for /) as string,
    });
    gate.release();
    await incident.result();
    const again = await open(here, policy, {}, incident.id);
    await runsAre(here.emulator, 'aborted', 'started');
    await again.ask('resolve');
    expect(await again.result()).toMatchObject({ placedCalls: 1 });
  });

  test('answers queries still: status and timeline are those of its end', async (context) => {
    const here = await rig({ ...ENDLESSLY, context });
    const incident = await open(here, WAITING);
    await incident.told('waiting');
    await incident.ask('resolve', { by: 'suzuki' });
    const result = await incident.result();
    expect(await incident.status()).toMatchObject({ state: 'resolved', ringing: [], nextAt: null, result });
    expect((await incident.timeline()).entries).toEqual(result.timeline);
  });
});

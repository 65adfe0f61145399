import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import { acknowledgedAt, childrenOf, eventsOf, postsOf } from './incident-history.js';
import {
  answerOrClosed,
  calledIn,
  calling,
  ENDLESSLY,
  open,
  type OpenIncident,
  policyWith,
  refused,
  rings,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
} from './incident-world.js';

const world = useRig();
const NOBODY = {
  ...ENDLESSLY,
  people: Object.fromEntries([TANAKA, YAMADA, SATO].map(({ phone }) => [phone, neverPicksUp()])),
};
const STEPS = { manager: calling([SATO]), all: calling([YAMADA]) };
const RINGING = policyWith({ primary: calling([TANAKA], { attempts: 'unlimited' }), ...STEPS });
const IDLE = policyWith({ primary: refused({ attempts: 'unlimited', every: '1h' }), ...STEPS });

const settled = (incident: OpenIncident) => incident.until(({ ringing }) => ringing.length === 0, 'has nothing live');

describe('decisions that come before the last one has taken effect', SIDE_BY_SIDE, () => {
  test('an acknowledge while it hangs up for the next level: the next level is never called', async (context) => {
    const here = await world({ ...NOBODY, context });
    const incident = await open(here, RINGING, { until: 'acknowledged' });
    await rings(here.emulator, TANAKA);
    const gate = here.emulator.faults.hold('abort', 'beforeHandling');
    expect(await incident.ask('escalate', { to: 'manager' })).toMatchObject({ accepted: true, state: 'triggered' });
    await gate.reached;
    expect(await incident.ask('acknowledge', { by: 'suzuki' })).toMatchObject({ accepted: true });
    gate.release();
    expect(await incident.result()).toMatchObject({ owner: { by: 'suzuki' }, levels: [{ step: 'primary' }] });
    expect(calledIn(here.emulator)).toEqual(['田中']);
  });

  test('two escalations while it hangs up: only the last is called', async (context) => {
    const here = await world({ ...NOBODY, context });
    const incident = await open(here, RINGING);
    await rings(here.emulator, TANAKA);
    const gate = here.emulator.faults.hold('abort', 'beforeHandling');
    await incident.ask('escalate', { to: 'manager' });
    await gate.reached;
    expect((await incident.status()).message).toBe('Hanging up; then "manager" is called.');
    expect(await incident.ask('escalate', { to: 'all' })).toMatchObject({ accepted: true });
    gate.release();
    await rings(here.emulator, YAMADA);
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ levels: [{ step: 'primary' }, { step: 'all' }], placedCalls: 2 });
    expect(calledIn(here.emulator)).toEqual(['田中', '山田']);
  });

  test('a snooze while it hangs up: nobody is called', async (context) => {
    const here = await world({ ...NOBODY, context });
    const incident = await open(here, RINGING);
    await rings(here.emulator, TANAKA);
    await incident.ask('escalate', { to: 'manager' });
    expect(await incident.ask('snooze', { for: '1h' })).toMatchObject({
      accepted: true,
      state: 'snoozed',
      message: 'Nobody is called for 1h; then "manager" is called again.',
    });
    await settled(incident);
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ placedCalls: 1 });
  });

  test('hangUp twice hangs up once', async (context) => {
    const here = await world({ ...NOBODY, context });
    const incident = await open(here, RINGING);
    await rings(here.emulator, TANAKA);
    const gate = here.emulator.faults.hold('abort', 'beforeHandling');
    await incident.ask('hangUp');
    await gate.reached;
    const again = await incident.ask('hangUp');
    expect(again).toMatchObject({ accepted: true, message: 'Every live call is being hung up already.' });
    gate.release();
    await rings(here.emulator, TANAKA, 2);
    expect(here.emulator.journal.aborts()).toHaveLength(1);
    await incident.ask('resolve');
  });

  test.for([
    ['acknowledge', { by: 'suzuki' }],
    ['resolve', { by: 'suzuki' }],
    ['snooze', { for: '1h' }],
  ] as const)('%s in the instant in which a child begins: it is stood down', async ([update, argument], context) => {
    const here = await world({ ...NOBODY, context });
    const incidents = await Promise.all(Array.from({ length: 8 }, () => open(here, IDLE)));
    await Promise.all(incidents.map(({ told }) => told('waiting')));
    await Promise.all(
      incidents.map((incident) =>
        Promise.all([answerOrClosed(incident.ask('escalate', { to: 'manager' })), incident.ask(update, argument)]),
      ),
    );
    for (const incident of incidents) {
      await answerOrClosed(incident.ask('resolve', { by: 'kato' }));
      const { state, levels } = await incident.result();
      expect(state).toBe('resolved');
      const children = childrenOf(await eventsOf(incident));
      expect(levels).toHaveLength(1 + children.length);
      for (const { id } of children) {
        expect(await here.temporal.workflow.getHandle(id).result()).toMatchObject({ outcome: 'stoodDown' });
      }
    }
    expect(here.emulator.space.runs().filter(({ status }) => status !== 'aborted')).toEqual([]);
  });

  test('twenty acknowledges at once: one owner, nineteen who are told who it is', async (context) => {
    const here = await world({ ...NOBODY, context });
    const incident = await open(here, RINGING);
    await rings(here.emulator, TANAKA);
    // Ten updates may be in flight.
    const ask = (index: number) => incident.ask('acknowledge', { by: `person-${index}` });
    const answers = [
      ...(await Promise.all(Array.from({ length: 10 }, (_, index) => ask(index)))),
      ...(await Promise.all(Array.from({ length: 10 }, (_, index) => ask(10 + index)))),
    ];
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
    expect(new Set(answers.map(({ owner }) => owner?.by)).size).toBe(1);
    await settled(incident);
    const events = await eventsOf(incident);
    expect(postsOf(events).filter(({ eventId }) => eventId > acknowledgedAt(events))).toEqual([]);
    await incident.ask('resolve');
  });
});

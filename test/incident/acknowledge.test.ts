import { describe, expect, test } from 'vitest';
import { busy, type Emulator, neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import { activityIs } from '../rig/history.js';
import { acknowledgedAt, childrenOf, eventsOf, postsOf } from './incident-history.js';
import {
  calling,
  callingTogether,
  ENDLESSLY,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  QUICKLY,
  refused,
  rings,
  runsAre,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
} from './incident-world.js';

const world = useRig();
const NOBODY = { people: Object.fromEntries([TANAKA, YAMADA, SATO].map(({ phone }) => [phone, neverPicksUp()])) };

const PRIMARY = policyWith({ primary: calling([TANAKA], { attempts: 'unlimited' }) });
const IN_CHILD = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: calling([SATO]) });

const statuses = ({ space }: Emulator) => space.runs().map(({ status }) => status);
/** Waits until nothing is live, so that the next assertion speaks of the end. */
const settled = (incident: OpenIncident) => incident.until(({ ringing }) => ringing.length === 0, 'has nothing live');

describe('an acknowledge meets a POST that nobody has answered', SIDE_BY_SIDE, () => {
  test('in flight, whose answer never comes: its run is looked for, and hung up', async (context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    here.emulator.faults.inject('invoke', { kind: 'hangAfterHandling' });
    const incident = await open(here, PRIMARY, { until: 'acknowledged' });
    await rings(here.emulator, TANAKA);
    expect(await incident.ask('acknowledge', { by: 'suzuki' })).toMatchObject({ accepted: true });
    const result = await incident.result();
    expect(result).toMatchObject({ owner: { by: 'suzuki' }, placedCalls: 1 });
    expect(result.timeline.find(({ kind }) => kind === 'callEnded')?.text).toContain('was found as run');
    expect(statuses(here.emulator)).toEqual(['aborted']);
    expect(here.emulator.journal.invokes()).toHaveLength(1);
  });

  test('queued, without a worker that takes it: it is provably never sent', async (context) => {
    const here = await world({ ...ENDLESSLY, people: { [SATO.phone]: neverPicksUp() }, workers: 'none', context });
    await here.startWorkers({ serve: 'workflows' });
    const incident = await open(here, PRIMARY, { until: 'acknowledged' });
    await activityIs(here, incident.id, 'invoke', 'scheduled');
    await incident.ask('acknowledge', { by: 'suzuki' });
    expect(await incident.result()).toMatchObject({ owner: { by: 'suzuki' }, placedCalls: 0 });
    await here.startWorkers({ serve: 'invoke' });
    const next = await open(here, policyWith({ primary: calling([SATO]) }));
    await rings(here.emulator, SATO);
    await next.ask('resolve');
    await next.result();
    expect(here.emulator.journal.invokes()).toHaveLength(1);
  });

  test('queued by a child: it is provably never sent', async (context) => {
    const here = await world({ ...ENDLESSLY, people: { [TANAKA.phone]: neverPicksUp() }, workers: 'none', context });
    await here.startWorkers({ serve: 'workflows' });
    const policy = policyWith({ primary: calling([TANAKA]), manager: calling([SATO]) });
    const incident = await open(here, policy, { until: 'acknowledged' });
    await activityIs(here, incident.id, 'invoke', 'scheduled');
    await incident.ask('escalate', { to: 'manager' });
    await incident.until(({ step }) => step === 'manager', 'calls the manager');
    const { runId } = await incident.handle.describe();
    await activityIs(here, `${incident.id}/${runId.slice(0, 8)}/2-manager`, 'invoke', 'scheduled');
    await incident.ask('acknowledge', { by: 'suzuki' });
    expect(await incident.result()).toMatchObject({ placedCalls: 0, levels: [{}, { outcome: 'stoodDown', calls: 0 }] });
    await here.startWorkers({ serve: 'invoke' });
    const next = await open(here, PRIMARY);
    await rings(here.emulator, TANAKA);
    await next.ask('resolve');
    await next.result();
    expect(here.emulator.journal.invokes()).toHaveLength(1);
  });

  test('in flight: its telephone is hung up as soon as its run is known', async (context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const gate = here.emulator.faults.hold('invoke', 'afterHandling');
    const incident = await open(here, PRIMARY, { until: 'acknowledged' });
    await gate.reached;
    await incident.ask('acknowledge', { by: 'suzuki' });
    expect(here.emulator.journal.aborts()).toEqual([]);
    gate.release();
    expect(await incident.result()).toMatchObject({ owner: { by: 'suzuki' } });
    expect(statuses(here.emulator)).toEqual(['aborted']);
    expect(here.emulator.journal.invokes()).toHaveLength(1);
  });
});

describe('the person who acknowledges hangs up every telephone that rings', SIDE_BY_SIDE, () => {
  test('by an update, which is answered at once', async (context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const incident = await open(here, PRIMARY);
    await rings(here.emulator, TANAKA);
    const answer = await incident.ask('acknowledge', { by: 'suzuki', note: 'on it' });
    expect(answer).toMatchObject({
      accepted: true,
      state: 'acknowledged',
      owner: { by: 'suzuki', via: 'api', step: null, keyInput: null },
      message: 'suzuki owns the incident. Resolve it within 4h, or the calls start again.',
    });
    await runsAre(here.emulator, 'aborted');
    expect((await incident.told('acknowledged'))['note']).toBe('on it');
  });

  test('by a signal, as other workflows and the Web UI send it', async (context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const incident = await open(here, PRIMARY);
    await rings(here.emulator, TANAKA);
    await incident.handle.signal('acknowledge', { by: 'suzuki' });
    await runsAre(here.emulator, 'aborted');
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: 'suzuki', via: 'api' } });
  });

  test('by a signal without a word, or with garbage: somebody outside owns it', async (context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const [silent, garbled] = await Promise.all([open(here, PRIMARY), open(here, PRIMARY)]);
    await Promise.all([rings(here.emulator, TANAKA, 1), rings(here.emulator, TANAKA, 2)]);
    await silent.handle.signal('acknowledge');
    await garbled.handle.signal('acknowledge', { by: ['a', 'list'], takeOver: 'yes' });
    await runsAre(here.emulator, 'aborted', 'aborted');
    expect((await silent.status()).owner?.by).toBe('external');
    expect((await garbled.status()).owner?.by).toBe('external');
  });

  test('in a child: it is stood down, completes and says so', async (context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const incident = await open(here, IN_CHILD, { until: 'acknowledged' });
    await rings(here.emulator, SATO);
    await incident.ask('acknowledge', { by: 'suzuki' });
    expect(await incident.result()).toMatchObject({
      owner: { by: 'suzuki' },
      levels: [{ step: 'primary' }, { step: 'manager', outcome: 'stoodDown', keyInput: null, calls: 1 }],
    });
    expect(statuses(here.emulator)).toEqual(['aborted']);
    const [child] = childrenOf(await eventsOf(incident));
    expect(await here.temporal.workflow.getHandle(child?.id ?? '').result()).toMatchObject({ outcome: 'stoodDown' });
  });

  test('of a level that calls several together, in one go', async (context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const policy = policyWith({ primary: callingTogether([TANAKA, YAMADA, SATO]) });
    const incident = await open(here, policy, { until: 'acknowledged' });
    await Promise.all([TANAKA, YAMADA, SATO].map((contact) => rings(here.emulator, contact)));
    await incident.ask('acknowledge');
    expect(await incident.result()).toMatchObject({ owner: { by: 'external' }, placedCalls: 3 });
    expect(statuses(here.emulator)).toEqual(['aborted', 'aborted', 'aborted']);
    expect(here.emulator.journal.aborts()).toHaveLength(3);
  });
});

describe('after an acknowledge nobody is called', SIDE_BY_SIDE, () => {
  test('that came while the level waited for its next attempt', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: busy() }, context });
    const policy = policyWith({ primary: calling([TANAKA], { attempts: 'unlimited', every: '3s' }) });
    const incident = await open(here, policy);
    await incident.told('waiting');
    await incident.ask('acknowledge', { by: 'suzuki' });
    await here.sleep(5_000);
    const events = await eventsOf(incident);
    expect(postsOf(events)).toHaveLength(1);
    expect(
      events.some(
        ({ timerFiredEventAttributes, eventId }) =>
          timerFiredEventAttributes && Number(eventId) > acknowledgedAt(events),
      ),
    ).toBe(false);
  });

  test.for([
    ['in the incident', PRIMARY, TANAKA],
    ['in a child', IN_CHILD, SATO],
  ] as const)('%s: not one POST is asked for in its history', async ([, policy, contact], context) => {
    const here = await world({ ...ENDLESSLY, ...NOBODY, context });
    const incident = await open(here, policy);
    await rings(here.emulator, contact);
    await incident.ask('acknowledge', { by: 'suzuki' });
    await settled(incident);
    await runsAre(here.emulator, 'aborted');
    const events = await eventsOf(incident);
    expect(postsOf(events).filter(({ eventId }) => eventId > acknowledgedAt(events))).toEqual([]);
    for (const { id } of childrenOf(events)) {
      const child = await eventsOf({ handle: here.temporal.workflow.getHandle(id) });
      expect(postsOf(child)).toHaveLength(1);
    }
  });
});

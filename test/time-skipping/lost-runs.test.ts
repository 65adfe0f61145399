import { describe, expect, test } from 'vitest';
import { answers, neverPicksUp, type Emulator, type Fault } from '../../src/emulator/emulator.js';
import { calling, escalateTo, open, policyWith, presses, SATO, TANAKA } from '../incident/incident-world.js';
import { callTo, useRig } from '../rig/rig.js';
import { holdingTheLine, many, OTHER } from './the-only-line.js';

/** Runs whose POST was not confirmed, and that nobody has found: they may ring, and are never forgotten. */
const world = useRig('timeSkipping');
const NUMBER = '0300000001';
const MINUTE = 60_000;
const GATEWAY = { body: '<html>404</html>' };

const POLICY = policyWith({
  primary: calling([TANAKA], { otherwise: escalateTo('manager') }),
  manager: calling([SATO]),
});

/** Minutes from the first POST to each. */
function postedAfter({ journal }: Emulator): readonly number[] {
  const times = journal.invokes().map(({ at }) => at);
  return times.map((at) => (at - (times[0] ?? 0)) / MINUTE);
}

describe('a POST that was not confirmed, and a list of calls', () => {
  test.for<[string, Fault, number]>([
    ['that is refused with 403', { kind: 'status', status: 403 }, 2],
    ['that is refused with 404', { kind: 'status', status: 404 }, 2],
    ['that is refused with 422', { kind: 'status', status: 422 }, 2],
    ['that is no longer there, by somebody else', { kind: 'status', status: 404, ...GATEWAY }, 2],
    ['that is forbidden as a method', { kind: 'status', status: 405, ...GATEWAY }, 2],
    ['that answers 503', { kind: 'status', status: 503 }, 7],
    ['that answers garbage', { kind: 'garbage' }, 7],
    ['that answers 401', { kind: 'status', status: 401 }, 7],
    ['that answers 429', { kind: 'status', status: 429, headers: { 'retry-after': '3600' } }, 7],
  ])('%s: an incident calls again within minutes', async ([, fault, minutes]) => {
    const here = await world({ lines: 5, people: { [TANAKA.phone]: presses('1') } });
    here.emulator.faults.inject('invoke', { kind: 'resetBeforeHandling' });
    here.emulator.faults.inject('calls', fault, { times: 'always' });
    const incident = await open(here, POLICY, { until: 'acknowledged' });
    const { owner, timeline } = await incident.result();
    expect(owner).toMatchObject({ by: '田中' });
    expect(postedAfter(here.emulator)).toHaveLength(2);
    expect(postedAfter(here.emulator)[1]).toBeLessThan(minutes);
    expect(timeline.map(({ text }) => text).join('\n')).toContain('calling again, it may ring twice');
  });

  test('that cannot be read: a call gives up within minutes, and says why', async () => {
    const { pigeonflow, emulator, newId } = await world();
    emulator.faults.inject('invoke', { kind: 'resetBeforeHandling' });
    emulator.faults.inject('calls', { kind: 'status', status: 503 }, { times: 'always' });
    const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait();
    expect(result).toMatchObject({ outcome: 'unknown' });
    expect(result.notes.join('\n')).toMatch(/could not be asked for its run.*503/);
    const invokedAt = emulator.journal.invokes()[0]?.at ?? 0;
    expect(Date.parse(result.finishedAt) - invokedAt).toBeLessThan(7 * MINUTE);
  });
});

test.for(['giveUp', 'callAgain'] as const)(
  'signals `check` neither shorten the wait before the first look nor use up the search (%s)',
  async (onUnknownOutcome) => {
    const { pigeonflow, temporal, emulator, newId, sleep } = await world({
      switches: { waitingRunsInCalls: 'absent' },
      people: { [OTHER]: many(2), [NUMBER]: answers(1_000, '1') },
    });
    await pigeonflow.startCall(newId(), holdingTheLine(1));
    await sleep(1_000);
    emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    const id = newId();
    const call = await pigeonflow.startCall(id, callTo(NUMBER, { onUnknownOutcome }));
    for (let n = 0; n < 40 && !(await call.isOver()); n += 1) {
      await temporal.workflow.getHandle(id).signal('check');
      await sleep(500);
    }
    expect(await call.wait()).toMatchObject({ outcome: 'answered', keyInput: '1' });
    const posted = emulator.journal.invokes().at(-1)?.at ?? 0;
    expect((emulator.journal.listings()[0]?.at ?? 0) - posted).toBeGreaterThanOrEqual(10_000);
    expect(emulator.journal.invokes()).toHaveLength(2);
  },
);

describe('a POST that was not confirmed, and one after it that is refused', () => {
  test.for<[string, Fault]>([
    ['422', { kind: 'status', status: 422 }],
    ['404', { kind: 'status', status: 404 }],
  ])('(%s) is no refusal: it is named, counts, and the next level follows', async ([, fault]) => {
    const here = await world({
      lines: 5,
      switches: { adHocParameters: 'dropped' },
      people: { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: presses('1') },
    });
    here.emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    here.emulator.faults.inject('invoke', fault);
    const incident = await open(here, POLICY, { until: 'acknowledged' });
    const { timeline, owner } = await incident.result();
    expect(owner).toMatchObject({ by: '佐藤' });
    const ended = timeline.find(({ kind }) => kind === 'callEnded');
    expect(ended).toMatchObject({ outcome: 'unknown' });
    for (const words of ['#1 was not confirmed', 'it may ring twice', '#2 was refused', '#1 was not found']) {
      expect(ended?.['message']).toContain(words);
    }
  });

  test('ends a call without an incident as unknown, not as refused: somebody may have been called', async () => {
    const { pigeonflow, emulator, newId } = await world({
      switches: { adHocParameters: 'dropped' },
      people: { [NUMBER]: neverPicksUp() },
    });
    emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    emulator.faults.inject('invoke', { kind: 'status', status: 422 });
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER, { onUnknownOutcome: 'callAgain' }));
    const result = await call.wait();
    expect(result).toMatchObject({ outcome: 'unknown' });
    expect(result.notes.join('\n')).toMatch(/was not confirmed[^]*may ring twice[^]*was refused[^]*was not found/);
    expect(emulator.journal.invokes()).toHaveLength(2);
  });

  test('is followed when it turns up within a minute', async () => {
    const { pigeonflow, emulator, newId, sleep } = await world({
      switches: { waitingRunsInCalls: 'absent' },
      people: { [OTHER]: many(4), [NUMBER]: answers(1_000, '1') },
    });
    await pigeonflow.startCall(newId(), holdingTheLine(4));
    await sleep(1_000);
    emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    emulator.faults.inject('invoke', { kind: 'status', status: 422 });
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER, { onUnknownOutcome: 'callAgain' }));
    expect(await call.wait()).toMatchObject({ outcome: 'answered', keyInput: '1' });
  });
});

test('hanging up that Pigeon takes only after two minutes is waited for, and nobody else is called before', async () => {
  const here = await world({
    lines: 5,
    switches: { ringSeconds: 3_600 },
    people: { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: answers(1_000, '1') },
  });
  const incident = await open(here, POLICY);
  await here.sleep(5_000);
  here.emulator.faults.inject('abort', { kind: 'status', status: 503 }, { times: 'always' });
  await incident.ask('escalate', { to: 'manager' });
  await here.sleep(2 * MINUTE);
  here.emulator.faults.clear();
  await here.sleep(MINUTE);
  await incident.told('levelBegan', (entry) => entry['level'] === 2);
  const ended = (await incident.timeline()).entries.find(({ kind }) => kind === 'callEnded');
  expect(ended?.['message'] ?? '').not.toContain('still active');
  const second = here.emulator.journal.invokes()[1]?.at ?? 0;
  expect(here.emulator.space.runs()[0]?.finishedAt ?? Infinity).toBeLessThanOrEqual(second);
  await incident.ask('resolve');
});

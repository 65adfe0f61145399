import { describe, expect, test } from 'vitest';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import { callTo, useRig } from '../rig/rig.js';

/** Sequences of faults in which a call was once lost, doubled or taken for another. */
const world = useRig('timeSkipping');
const NUMBER = '0300000001';
const many = (count: number) => Array.from({ length: count }, () => neverPicksUp());
const long = { loopLimit: 10, contacts: [{ displayName: '田中', phones: [{ phoneNumber: NUMBER }] }] };

describe('a POST that was not confirmed', () => {
  test('is not taken for the run of an older call with the same id', async () => {
    const { temporal, taskQueue, emulator, newId } = await world({ people: { [NUMBER]: [answers(1_000, '1')] } });
    const workflowId = newId();
    const start = () => temporal.workflow.execute('pigeonCall', { workflowId, taskQueue, args: [callTo(NUMBER)] });
    await start();
    emulator.faults.inject('invoke', { kind: 'resetBeforeHandling' });
    expect(await start()).toMatchObject({ outcome: 'unknown', resultId: null });
    expect(emulator.journal.calls()).toHaveLength(1);
  });

  test('is looked for until Pigeon has answered: who was not asked has not said no', async () => {
    const { pigeonflow, emulator, newId } = await world({
      people: { [NUMBER]: answers(60_000, '1') },
      switches: { ringSeconds: 90 },
    });
    emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    emulator.faults.inject('calls', { kind: 'status', status: 401 }, { times: 8 });
    const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1' });
    expect(result.notes.join('\n')).toContain('cannot be asked');
    expect(emulator.journal.invokes()).toHaveLength(1);
  });

  test('is found although its result was not readable at the first look', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(25_000, '1') } });
    emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    emulator.faults.inject('result', { kind: 'status', status: 404 });
    const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1' });
    expect(emulator.journal.invokes()).toHaveLength(1);
  });

  test('again and again leads to one more call at most, and then to unknown', async () => {
    const { pigeonflow, emulator, newId } = await world({
      people: { [NUMBER]: many(6) },
      switches: { adHocParameters: 'dropped' },
    });
    emulator.faults.inject('invoke', { kind: 'garbageAfterHandling' }, { times: 'always' });
    const result = await (
      await pigeonflow.startCall(newId(), callTo(NUMBER, { onUnknownOutcome: 'callAgain' }))
    ).wait();
    expect(result).toMatchObject({ outcome: 'unknown' });
    expect(emulator.journal.invokes()).toHaveLength(2);
  });

  test('and then a space that refuses us: the lost run is followed when it turns up', async () => {
    const { pigeonflow, emulator, newId, sleep } = await world({
      people: { '0300000009': many(10), [NUMBER]: [neverPicksUp(), answers(2_000, '1')] },
      switches: { waitingRunsInCalls: 'absent' },
    });
    const other = await pigeonflow.startCall(
      newId(),
      callTo('0300000009', {
        callflow: {
          loopLimit: 4,
          contacts: [{ displayName: '他', phones: [{ phoneNumber: '0300000009' }] }],
        },
      }),
    );
    await sleep(5_000);
    emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    emulator.faults.inject('invoke', { kind: 'status', status: 429 }, { times: 20 });
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER, { onUnknownOutcome: 'callAgain', callflow: long }));
    await other.wait();
    const result = await call.wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1' });
    expect(emulator.journal.aborts()).toHaveLength(0);
  });
});

describe('hanging up', () => {
  test.for([
    ['is refused once with 404', { kind: 'status', status: 404 }, 1],
    ['fails for a while with 503', { kind: 'status', status: 503 }, 12],
    ['meets an expired token', { kind: 'status', status: 401 }, 10],
  ] as const)('that %s is asked for again until the run has ended', async ([, fault, times]) => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: many(10) } });
    emulator.faults.inject('abort', fault, { times });
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER, { callflow: long, deadline: '1m', waitTime: 15 }));
    expect(await call.wait()).toMatchObject({ outcome: 'timedOut', status: 'aborted' });
    expect(emulator.space.runs().map((run) => run.status)).toEqual(['aborted']);
  });
});

describe('an answer that is none', () => {
  test('a 200 that holds no run ends no call', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(10_000, '1') } });
    const body = JSON.stringify({ status: 'error', message: 'maintenance' });
    emulator.faults.inject('result', { kind: 'status', status: 200, body }, { times: 3 });
    const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1' });
  });
});

describe('an input that would not fit', () => {
  test.for([
    ['too many wrong parameters', Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [`name${n}`, null]))],
    ['an endless name', { ['x'.repeat(1_000_000)]: null }],
    ['many numbers', Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`n${n}`, n]))],
  ] as const)('%s fails at once, in few words', async ([, parameters]) => {
    const { temporal, taskQueue, newId } = await world();
    const started = temporal.workflow.execute('pigeonCall', {
      workflowId: newId(),
      taskQueue,
      args: [{ callflowId: 'a', guidanceId: 'b', parameters }],
    });
    const failure = await started.catch((error: unknown) => (error as { cause: Error }).cause);
    expect(failure).toMatchObject({ type: 'InvalidInput' });
    expect((failure as Error).message.length).toBeLessThan(1_000);
  });
});

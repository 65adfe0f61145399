import { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { answeringMachine, answers, busy, manual, neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { callTo, eventually, useRig } from '../rig/rig.js';

const world = useRig();
const NUMBER = '0300000001';

describe('a call that ends by itself', () => {
  test('a key that ends the run is the answer, with who pressed it and every telephone call', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(300, '1') } });
    const id = newId();
    const result = await (await pigeonflow.startCall(id, callTo(NUMBER))).wait();
    expect(result).toMatchObject({
      outcome: 'answered',
      keyInput: '1',
      status: 'succeeded',
      answeredBy: '田中',
      reference: `${id}#1`,
      notes: [],
    });
    expect(result.calls).toMatchObject([{ contact: '田中', status: 'succeeded', keyInput: '1', loop: 1 }]);
    expect(emulator.journal.invokes()).toHaveLength(1);
  });

  test('the guidance is filled from the parameters, and the reference travels among them', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(300, '1') } });
    const id = newId();
    await (await pigeonflow.startCall(id, callTo(NUMBER))).wait();
    expect(emulator.journal.invokes()[0]?.body).toMatchObject({
      params: { parameters: { server: 'テスト用サーバー', incident: '軽度の障害', pigeonflowRef: `${id}#1` } },
    });
  });

  test.for([
    ['nobody picks up', neverPicksUp()],
    ['the line is busy', busy()],
    ['an answering machine takes it', answeringMachine(100, 200)],
    ['the callee presses 0', answers(100, { key: '0', afterMs: 100 })],
    ['the callee presses only continue', answers(100, { key: '2', afterMs: 100 })],
    ['the callee presses only leave', answers(100, { key: '3', afterMs: 100 })],
  ] as const)('%s: unanswered, without a key', async ([, person]) => {
    const { pigeonflow, newId } = await world({ people: { [NUMBER]: person }, switches: { ringSeconds: 1 } });
    const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait();
    expect(result).toMatchObject({ outcome: 'unanswered', keyInput: null, status: 'failed', answeredBy: null });
  });

  test('a run that somebody aborts in Pigeon is aborted, and nobody calls again', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: neverPicksUp() } });
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER));
    const { resultId } = await eventually(async () => {
      const status = await call.status();
      return status.calls.length > 0 && status;
    }, 'it rings');
    await fetch(`${emulator.url}/api/apps/pigeon/chain/abort`, {
      method: 'POST',
      headers: { 'X-Authorization': 'Token emulator-token' },
      body: JSON.stringify({ resultId }),
    });
    expect(await call.wait()).toMatchObject({ outcome: 'aborted', keyInput: null });
    expect(emulator.journal.invokes()).toHaveLength(1);
  });
});

describe('what a caller asks for', () => {
  test.for([
    ['nothing', undefined, /exactly one of callflowId and callflow/],
    ['a list', [], /input: must be object|exactly one/],
    ['no guidance', { callflowId: 'a' }, /exactly one of guidanceId and guidance/],
    ['a wait time of 0', { callflowId: 'a', guidanceId: 'b', waitTime: 0 }, /waitTime: must be >= 1/],
    ['a deadline without a unit', { callflowId: 'a', guidanceId: 'b', deadline: '10' }, /deadline: must be a duration/],
  ] as const)('%s fails at once as InvalidInput and names the field', async ([, input, message]) => {
    const { temporal, taskQueue, emulator, newId } = await world();
    const failed = temporal.workflow.execute('pigeonCall', { workflowId: newId(), taskQueue, args: [input] });
    const cause = await failed.catch((error: unknown) => (error as WorkflowFailedError).cause);
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect(cause).toMatchObject({ type: 'InvalidInput', message: expect.stringMatching(message) as string });
    expect(emulator.journal.requests()).toHaveLength(0);
  });

  test('an id that Pigeon does not know fails at once as PigeonRefused', async () => {
    const { pigeonflow, emulator, newId } = await world();
    const call = await pigeonflow.startCall(newId(), { callflowId: 'no-such', guidanceId: 'no-such' });
    const cause = await call.wait().catch((error: unknown) => (error as WorkflowFailedError).cause);
    expect(cause).toMatchObject({ type: 'PigeonRefused' });
    expect(emulator.journal.invokes()).toHaveLength(1);
  });

  test('a second start with the same id places no second call', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(300, '1') } });
    const id = newId();
    const results = await Promise.all(
      [1, 2, 3].map(async () => (await pigeonflow.startCall(id, callTo(NUMBER))).wait()),
    );
    await (await pigeonflow.startCall(id, callTo(NUMBER))).wait();
    expect(new Set(results.map((result) => result.resultId)).size).toBe(1);
    expect(emulator.journal.invokes()).toHaveLength(1);
  });

  test('a workflow retry policy does not call twice', async () => {
    const { temporal, taskQueue, emulator, newId } = await world();
    const failed = temporal.workflow.execute('pigeonCall', {
      workflowId: newId(),
      taskQueue,
      args: [{ callflowId: 'a', guidanceId: 'b' }],
      retry: { maximumAttempts: 3, initialInterval: '10ms' },
    });
    await expect(failed).rejects.toBeInstanceOf(WorkflowFailedError);
    expect(emulator.journal.invokes()).toHaveLength(1);
  });
});

describe('a full queue', () => {
  test('31 runs on one line: the 31st is rejected, waits and is called later; nothing is lost', async () => {
    const { pigeonflow, emulator, newId } = await world({
      // The first callee keeps the line until all have asked for it.
      people: { [NUMBER]: [manual(), ...Array.from({ length: 30 }, () => answers(2_000, '1'))] },
      switches: { ringSeconds: 1_000 },
      clock: realClock({ speed: 20 }),
    });
    const calls = await Promise.all(
      Array.from({ length: 31 }, async () =>
        pigeonflow.startCall(newId(), callTo(NUMBER, { waitTime: 3, severity: 'critical' })),
      ),
    );
    await emulator.journal.waitFor(
      (entry) => entry.kind === 'request' && JSON.stringify(entry.answer ?? '').includes('"rejected"'),
      30_000,
    );
    const [first] = emulator.space.calls();
    await emulator.catchUp();
    emulator.space.pickUp(first?.callId ?? '');
    emulator.space.press(first?.callId ?? '', '1');
    const results = await Promise.all(calls.map((call) => call.wait()));
    expect(results.map((result) => result.outcome)).toEqual(Array.from({ length: 31 }, () => 'answered'));
    expect(emulator.journal.calls()).toHaveLength(31);
    const answersOfPigeon = emulator.journal.invokes().map((entry) => (entry.answer as { status: string }).status);
    expect(answersOfPigeon.filter((status) => status === 'requested')).toHaveLength(31);
    expect(answersOfPigeon.filter((status) => status === 'rejected').length).toBeGreaterThan(0);
    expect(results.some((result) => result.notes.join('\n').includes('queue of the space is full'))).toBe(true);
  });
});

describe('a call that is cancelled while its POST is under way', () => {
  test('is hung up as soon as its run is known', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: neverPicksUp() } });
    const gate = emulator.faults.hold('invoke', 'afterHandling');
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER));
    await gate.reached;
    await call.hangUp();
    gate.release();
    const failure = await call.wait().catch((error: unknown) => (error as WorkflowFailedError).cause);
    expect(failure).toBeInstanceOf(CancelledFailure);
    expect(emulator.journal.invokes()).toHaveLength(1);
    expect(emulator.journal.aborts()).toHaveLength(1);
    expect(emulator.space.runs().map((run) => run.status)).toEqual(['aborted']);
  });

  test('is never sent when no worker had begun', async () => {
    // The next call may ring before it is hung up.
    const people = { '0300000002': neverPicksUp() };
    const { pigeonflow, emulator, newId, startWorkers } = await world({ workers: 'none', people });
    await startWorkers({ serve: 'workflows' });
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER));
    await eventually(async () => (await call.status()).state === 'invoking', 'the POST is queued');
    await call.hangUp();
    await expect(call.wait()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) as Error });
    await startWorkers({ serve: 'invoke' });
    const next = await pigeonflow.startCall(newId(), callTo('0300000002'));
    await emulator.journal.waitFor((entry) => entry.kind === 'request' && entry.endpoint === 'invoke');
    await next.hangUp();
    await next.wait().catch(() => undefined);
    expect(emulator.journal.invokes()).toHaveLength(1);
  });
});

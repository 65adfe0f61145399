import { setTimeout } from 'node:timers/promises';
import { describe, expect, test, type TestContext } from 'vitest';
import { answers, EMULATOR_TOKEN, type EmulatorOptions } from '../../src/emulator/emulator.js';
import { activityIs, hasHappened, polls, sleeps } from '../rig/history.js';
import { callTo, useRig } from '../rig/rig.js';
import { tokenPipe } from '../rig/token-source.js';
import { startWorkerProcess } from '../rig/worker-process.js';

/** Real processes, real signals, real time: the tests run side by side, so that their waits do. */
const world = useRig();
const NUMBER = '0300000001';
const SIDE_BY_SIDE = { concurrent: true, timeout: 150_000 };
const PATIENTLY = { timeout: 20_000 };

const alone = (context: TestContext, space: EmulatorOptions = {}) =>
  world({ people: { [NUMBER]: answers(300, '1') }, workers: 'none', context, ...space });

describe('a worker is suspended', SIDE_BY_SIDE, () => {
  test('before it began with the POST, and wakes after the call continued: it does not call late', async (context) => {
    const here = await alone(context);
    const { emulator, pigeonflow, newId } = here;
    await here.startWorkers({ serve: 'workflows' });
    const late = await startWorkerProcess(here, { PIGEONFLOW_SERVE: 'invoke' });
    await polls(here, late.pid);
    late.suspend();
    const id = newId();
    const call = await pigeonflow.startCall(id, callTo(NUMBER, { onUnknownOutcome: 'callAgain' }));
    await activityIs(here, id, 'invoke', 'started');
    await hasHappened(here, id, (event) => Boolean(event.activityTaskTimedOutEventAttributes), 'the POST timed out');
    late.resume();
    await late.logged(
      ({ error }) => (error as LoggedError | undefined)?.type === 'PigeonNotSent',
      'that it sent nothing',
    );
    expect(emulator.journal.invokes()).toEqual([]);

    // Nobody else knows that nothing was sent, so the call was looked for before it was placed.
    expect(await call.wait()).toMatchObject({ outcome: 'answered', reference: `${id}#2` });
    expect(referencesOf(emulator.journal.invokes())).toEqual([`${id}#2`]);
  });

  test('between the beginning and the sending of the POST: it sends nothing, says so, and the call is placed again', async (context) => {
    const here = await alone(context);
    const { emulator, pigeonflow, newId } = here;
    const token = await tokenPipe(here);
    const suspended = await startWorkerProcess(here, { PIGEON_API_TOKEN_FILE: token.path });
    const id = newId();
    const call = await pigeonflow.startCall(id, callTo(NUMBER));
    const hand = await token.awaited();
    suspended.suspend();
    await setTimeout(6_000); // a POST leaves within 5 s, or not at all
    await hand(EMULATOR_TOKEN);
    suspended.resume();

    const result = await call.wait();
    expect(result).toMatchObject({ outcome: 'answered', reference: `${id}#2` });
    expect(result.notes).toEqual([
      expect.stringContaining('was not sent: '),
      expect.stringContaining('No longer blocked'),
    ]);
    expect(referencesOf(emulator.journal.invokes())).toEqual([`${id}#2`]);
  });
});

describe('a worker is killed', SIDE_BY_SIDE, () => {
  test('after Pigeon read the POST and before it did anything: unknown, and called again only where that was asked for', async (context) => {
    const here = await alone(context);
    const { emulator, pigeonflow, newId } = here;
    emulator.faults.inject('invoke', { kind: 'hangBeforeHandling' }, { times: 2 });
    const killed = await startWorkerProcess(here);
    const [once, twice] = [newId(), newId()];
    const givesUp = await pigeonflow.startCall(once, callTo(NUMBER));
    const callsAgain = await pigeonflow.startCall(twice, callTo(NUMBER, { onUnknownOutcome: 'callAgain' }));
    await expect.poll(() => emulator.journal.invokes().length, PATIENTLY).toBe(2);
    await killed.kill();
    await startWorkerProcess(here);

    const [unknown, answered] = await Promise.all([givesUp.wait(), callsAgain.wait()]);
    expect(unknown).toMatchObject({ outcome: 'unknown', keyInput: null, resultId: null, reference: `${once}#1` });
    expect(unknown.notes).toEqual([
      expect.stringContaining(`POST ${once}#1 was not confirmed`),
      expect.stringContaining(`POST ${once}#1 was not found: if Pigeon has it, it may ring`),
      expect.stringContaining('is looked for by'),
    ]);
    expect(answered).toMatchObject({ outcome: 'answered', keyInput: '1', reference: `${twice}#2` });
    expect(answered.notes).toEqual([
      expect.stringContaining(`POST ${twice}#1 was not confirmed`),
      expect.stringContaining(`POST ${twice}#1 was not found: calling again`),
      expect.stringContaining(`POST ${twice}#1 was not found: if Pigeon has it, it may ring`),
      expect.stringContaining('is looked for by'),
    ]);
    expect(referencesOf(emulator.journal.invokes()).toSorted()).toEqual(
      [`${once}#1`, `${twice}#1`, `${twice}#2`].toSorted(),
    );
    expect(emulator.journal.calls()).toHaveLength(1);
  });

  test('after Pigeon took the POST and before its answer was read: the run is found, and nobody is called twice', async (context) => {
    const here = await alone(context);
    const { emulator, pigeonflow, newId } = here;
    const answerHeld = emulator.faults.hold('invoke', 'afterHandling');
    const killed = await startWorkerProcess(here);
    const id = newId();
    const call = await pigeonflow.startCall(id, callTo(NUMBER));
    await answerHeld.reached;
    await killed.kill();
    await startWorkerProcess(here);

    const result = await call.wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1', reference: `${id}#1` });
    expect(result.notes).toEqual([
      expect.stringContaining('was not confirmed'),
      expect.stringContaining(`was found as run ${result.resultId}`),
    ]);
    expect(emulator.journal.invokes()).toHaveLength(1);
  });

  test('in the middle of a poll: the next worker polls, and the call ends as if nothing had been', async (context) => {
    const here = await alone(context);
    const { emulator, pigeonflow, newId } = here;
    const pollHeld = emulator.faults.hold('result', 'beforeHandling');
    const killed = await startWorkerProcess(here);
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER));
    await pollHeld.reached;
    await killed.kill();
    await startWorkerProcess(here);

    expect(await call.wait()).toMatchObject({ outcome: 'answered', keyInput: '1', notes: [] });
    expect(emulator.journal.invokes()).toHaveLength(1);
  });

  test('while the POST still waits in its queue: the next worker sends it, once', async (context) => {
    const here = await alone(context);
    const { emulator, pigeonflow, newId } = here;
    const killed = await startWorkerProcess(here, { PIGEONFLOW_SERVE: 'workflows' });
    const id = newId();
    const call = await pigeonflow.startCall(id, callTo(NUMBER));
    await activityIs(here, id, 'invoke', 'scheduled');
    await killed.kill();
    expect(emulator.journal.requests()).toEqual([]);
    await startWorkerProcess(here);

    expect(await call.wait()).toMatchObject({ outcome: 'answered', reference: `${id}#1`, notes: [] });
    expect(emulator.journal.invokes()).toHaveLength(1);
  });

  test('while the call sleeps before a poll: the next worker continues with the same run', async (context) => {
    const here = await alone(context);
    const { emulator, pigeonflow, newId } = here;
    const killed = await startWorkerProcess(here);
    const id = newId();
    const call = await pigeonflow.startCall(id, callTo(NUMBER, { waitTime: 4 }));
    await sleeps(here, id);
    await killed.kill();
    expect(emulator.journal.polls()).toEqual([]);
    await startWorkerProcess(here);

    expect(await call.wait()).toMatchObject({ outcome: 'answered', polls: 1, notes: [] });
    expect(emulator.journal.invokes()).toHaveLength(1);
  });

  test('that has a call in memory, and another one takes it over', async (context) => {
    const here = await alone(context);
    const { emulator, pigeonflow, newId } = here;
    const workers = await Promise.all([startWorkerProcess(here), startWorkerProcess(here)]);
    const id = newId();
    const call = await pigeonflow.startCall(id, callTo(NUMBER, { waitTime: 3 }));
    const holder = await sleeps(here, id);
    await workers.find((worker) => worker.pid === holder)?.kill();

    expect(await call.wait()).toMatchObject({ outcome: 'answered', notes: [] });
    expect(emulator.journal.invokes()).toHaveLength(1);
    expect(workers.map((worker) => worker.pid)).toContain(holder);
  });
});

describe('a worker is told to stop', SIDE_BY_SIDE, () => {
  test('with a POST under way: it reads the answer to its end, ends with 0, and the next worker continues', async (context) => {
    const here = await alone(context);
    const { emulator, pigeonflow, newId } = here;
    const answerHeld = emulator.faults.hold('invoke', 'afterHandling');
    const stopped = await startWorkerProcess(here);
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER));
    await answerHeld.reached;
    const ended = stopped.terminate();
    await expect.poll(() => stopped.health('/readyz'), PATIENTLY).toEqual({ status: 503, text: 'stopping\n' });
    answerHeld.release();
    expect(await ended).toEqual({ code: 0, signal: null });
    await startWorkerProcess(here);

    expect(await call.wait()).toMatchObject({ outcome: 'answered', keyInput: '1', notes: [] });
    expect(emulator.journal.invokes()).toHaveLength(1);
  });
});

interface LoggedError {
  readonly type?: string;
}

/** The references that the POSTs carried, in the order in which they came. */
function referencesOf(invokes: readonly { readonly body: unknown }[]): readonly string[] {
  return invokes.map(({ body }) => {
    const { params } = body as { readonly params: { readonly parameters: { readonly pigeonflowRef: string } } };
    return params.parameters.pigeonflowRef;
  });
}

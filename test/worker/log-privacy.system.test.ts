import { WorkflowFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { CallCancelled, CallRefused } from '../../src/client.js';
import { answers } from '../../src/emulator/emulator.js';
import { callTo, useRig } from '../rig/rig.js';
import { startWorkerProcess, type LogLine } from '../rig/worker-process.js';

const world = useRig();

/** Values that are in what callers give, and in what Pigeon answers. */
const NUMBER = '0399887766';
const PERSONAL = { number: NUMBER, name: '秘密太郎', guidance: '極秘の案内文', parameter: '極秘のサーバー' };
const TOKEN = 'planted-token-5fb1';
const QUOTED = JSON.stringify({ message: Object.values({ ...PERSONAL, TOKEN }).join(' ') });

const input = callTo(NUMBER, {
  callflow: { loopLimit: 1, contacts: [{ displayName: PERSONAL.name, phones: [{ phoneNumber: NUMBER }] }] },
  guidance: { messageTemplate: `${PERSONAL.guidance} {{server}}`, reactions: { 1: { behavior: 'terminate' } } },
  parameters: { server: PERSONAL.parameter },
});

test('the log holds nothing personal and no token, whatever goes well or wrong, and names workflow and run', async () => {
  const here = await world({ people: { [NUMBER]: answers(300, '1') }, tokens: [TOKEN], lines: 9, workers: 'none' });
  const { emulator, pigeonflow, temporal, taskQueue, newId } = here;
  const { faults, journal } = emulator;
  const worker = await startWorkerProcess(here, { PIGEON_API_TOKEN: TOKEN, PIGEONFLOW_LOG_LEVEL: 'trace' });
  const failed = (type: string) => worker.logged((line) => errorTypeOf(line) === type, `a failure of type ${type}`);
  const start = async () => pigeonflow.startCall(newId(), input);

  // Refused, with an answer that quotes it all.
  faults.inject('invoke', { kind: 'status', status: 422, body: QUOTED });
  await expect((await start()).wait()).rejects.toBeInstanceOf(CallRefused);
  await failed('PigeonRefused');
  // Blocked, likewise, and then answered.
  faults.inject('invoke', { kind: 'status', status: 403, body: QUOTED });
  const answered = await start();
  await failed('PigeonForbidden');
  await answered.check();
  // Polls that fail in several ways.
  faults.inject('result', { kind: 'status', status: 500, body: QUOTED });
  faults.inject('result', { kind: 'garbage' });
  await failed('PigeonUnconfirmed');
  expect(await answered.wait()).toMatchObject({ outcome: 'answered', answeredBy: PERSONAL.name });
  // Input that quotes it all.
  const invalid = { ...input, callflow: PERSONAL, waitTime: NUMBER };
  await expect(
    temporal.workflow.execute('pigeonCall', { workflowId: newId(), taskQueue, args: [invalid] }),
  ).rejects.toBeInstanceOf(WorkflowFailedError);
  // Cancelled while it rings.
  emulator.space.people.set(NUMBER, answers(60_000));
  const cancelled = await start();
  await expect.poll(async () => (await cancelled.status()).calls.length, { timeout: 20_000 }).toBe(1);
  await cancelled.hangUp();
  await expect(cancelled.wait()).rejects.toBeInstanceOf(CallCancelled);
  expect(await worker.terminate()).toEqual({ code: 0, signal: null });

  const log = worker.output().join('\n');
  const seenByPigeon = JSON.stringify(journal.entries());
  for (const value of Object.values(PERSONAL)) {
    expect(seenByPigeon).toContain(value);
    expect(log).not.toContain(value);
  }
  expect(journal.invokes().map((entry) => entry.spaceStatus)).toContain(201); // by the token, which alone is valid
  expect(log).not.toContain(TOKEN);

  expect(worker.output().map((line) => line.startsWith('{'))).not.toContain(false);
  // Every warning of this test is about a call; at `trace` there is a line for each step of a run.
  const ofRuns = worker.log().filter((line) => 'workflowType' in line || line.level === 'warn');
  expect(ofRuns.length).toBeGreaterThan(20);
  for (const line of ofRuns) {
    expect(line).toMatchObject({ workflowId: expect.any(String) as string, runId: expect.any(String) as string });
  }
});

function errorTypeOf({ error }: LogLine): unknown {
  return typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
}

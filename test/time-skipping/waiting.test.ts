import { describe, expect, test } from 'vitest';
import { CancelledFailure } from '@temporalio/common';
import type { WorkflowFailedError } from '@temporalio/client';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import { runsOf } from '../rig/histories.js';
import { fewOrMany } from '../rig/few-or-many.js';
import { callTo, useRig } from '../rig/rig.js';

const world = useRig('timeSkipping');
const NUMBER = '0300000001';

describe('a full queue', () => {
  test('that stays full until the deadline is rejected, with no call placed', async () => {
    const { pigeonflow, emulator, newId } = await world({ switches: { queueSize: 0 } });
    const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER, { deadline: '10m' }))).wait();
    expect(result).toMatchObject({ outcome: 'rejected', resultId: null, status: null, calls: [] });
    expect(emulator.journal.calls()).toHaveLength(0);
    // At once, then after 1, 2 and 4 minutes.
    expect(emulator.journal.invokes()).toHaveLength(4);
  });
});

describe('a space that refuses us or is out of reach', () => {
  test.for([
    ['an expired token', { kind: 'status', status: 401 }],
    ['a token without the right', { kind: 'status', status: 403 }],
    ['a rate limit', { kind: 'status', status: 429, headers: { 'Retry-After': '90' } }],
    ['an address that redirects', { kind: 'redirect' }],
  ] as const)('%s blocks the call, which continues automatically when it is over', async ([, fault]) => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(2_000, '1') } });
    emulator.faults.inject('invoke', fault, { times: 3 });
    const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1' });
    expect(result.notes.join('\n')).toMatch(/Nothing rings: [\s\S]*No longer blocked/);
    expect(emulator.journal.invokes()).toHaveLength(4);
    expect(emulator.journal.calls()).toHaveLength(1);
  });

  test('Retry-After is honoured', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(2_000, '1') } });
    emulator.faults.inject('invoke', { kind: 'status', status: 429, headers: { 'Retry-After': '600' } });
    await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait();
    const [refused, accepted] = emulator.journal.invokes();
    expect((accepted?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(599_000);
  });

  test('a closed port blocks the call until the deadline: timedOut, nothing placed', async () => {
    const { pigeonflow, emulator, newId } = await world();
    await emulator.faults.refuse();
    const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER, { deadline: '5m' }))).wait();
    expect(result).toMatchObject({ outcome: 'timedOut', resultId: null });
    expect(result.notes.join('\n')).toContain('Nothing rings');
    expect(emulator.journal.requests()).toHaveLength(0);
  });

  test('a poll that is refused never ends the call', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(20_000, '1') } });
    emulator.faults.inject('result', { kind: 'status', status: 401 }, { times: 3 });
    emulator.faults.inject('result', { kind: 'status', status: 404 }, { times: 3 });
    emulator.faults.inject('result', { kind: 'garbage' }, { times: 3 });
    emulator.faults.inject('result', { kind: 'status', status: 500 }, { times: 3 });
    const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1' });
    expect(result.notes.join('\n')).toContain('its result cannot be read');
    expect(emulator.journal.invokes()).toHaveLength(1);
  });
});

describe('a call that is stopped', () => {
  test('the deadline hangs up and reads the result once more: timedOut', async () => {
    const { pigeonflow, emulator, newId } = await world({
      people: { [NUMBER]: Array.from({ length: 20 }, () => neverPicksUp()) },
    });
    const call = await pigeonflow.startCall(
      newId(),
      callTo(NUMBER, { deadline: '2m', waitTime: 15, callflow: flow(NUMBER, 2) }),
    );
    const result = await call.wait();
    expect(result).toMatchObject({ outcome: 'timedOut', keyInput: null, status: 'aborted' });
    expect(result.calls.at(-1)).toMatchObject({ status: 'aborted' });
    expect(emulator.journal.aborts()).toHaveLength(1);
    const placed = emulator.journal.calls().length;
    expect(placed).toBe(result.calls.length);
  });

  test('a run that ended by itself before the abort took effect is what it was', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(20_000, '1') } });
    // The next look after the first would be long after the key and the deadline.
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER, { deadline: '1m', waitTime: 3600 }));
    expect(await call.wait()).toMatchObject({ outcome: 'answered', keyInput: '1' });
    expect(emulator.journal.aborts()).toHaveLength(1);
  });

  test('cancelled while it rings: hangs up, and closes as cancelled', async () => {
    const { pigeonflow, temporal, emulator, newId, sleep } = await world({
      people: { [NUMBER]: Array.from({ length: 20 }, () => neverPicksUp()) },
    });
    const id = newId();
    const call = await pigeonflow.startCall(id, callTo(NUMBER, { callflow: flow(NUMBER, 2) }));
    await emulator.journal.waitFor((entry) => entry.kind === 'request' && entry.endpoint === 'invoke');
    await sleep(20_000);
    await call.hangUp();
    const failure = await call.wait().catch((error: unknown) => (error as WorkflowFailedError).cause);
    expect(failure).toBeInstanceOf(CancelledFailure);
    expect((await temporal.workflow.getHandle(id).describe()).status.name).toBe('CANCELLED');
    expect(emulator.journal.aborts()).toHaveLength(1);
    expect(emulator.space.runs().every((run) => run.status === 'aborted')).toBe(true);
  });

  test('cancelled while the queue is full: nothing is sent any more', async () => {
    const { pigeonflow, emulator, newId, sleep } = await world({ switches: { queueSize: 0 } });
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER));
    await sleep(100_000);
    const sent = emulator.journal.invokes().length;
    await call.hangUp();
    await expect(call.wait()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) as Error });
    expect(emulator.journal.invokes()).toHaveLength(sent);
    expect(emulator.journal.aborts()).toHaveLength(0);
  });

  test('cancelled while it is unknown whether it rings: found, and hung up', async () => {
    const { pigeonflow, emulator, newId, sleep } = await world({
      people: { [NUMBER]: Array.from({ length: 20 }, () => neverPicksUp()) },
    });
    emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER, { callflow: flow(NUMBER, 2) }));
    await emulator.journal.waitFor((entry) => entry.kind === 'request' && entry.endpoint === 'invoke');
    await sleep(3_000);
    await call.hangUp();
    await expect(call.wait()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) as Error });
    expect(emulator.journal.invokes()).toHaveLength(1);
    expect(emulator.journal.aborts()).toHaveLength(1);
    expect(emulator.space.runs().every((run) => run.status === 'aborted')).toBe(true);
  });
});

/** Each is called ten times, for half a minute. */
const CONTACTS = fewOrMany(6, 36);
const MINUTES = CONTACTS * 5;

describe('a call that lasts', () => {
  test(
    `${MINUTES} minutes at 5 s polls: continues as new, one POST, no poll twice, each run short`,
    { timeout: 300_000 },
    async () => {
      const { pigeonflow, temporal, emulator, newId } = await world({
        people: { [NUMBER]: [...Array.from({ length: CONTACTS * 10 - 1 }, () => neverPicksUp()), answers(3_000, '1')] },
      });
      const id = newId();
      const call = await pigeonflow.startCall(id, callTo(NUMBER, { waitTime: 5, callflow: flow(NUMBER, CONTACTS) }));
      const result = await call.wait();
      expect(result).toMatchObject({ outcome: 'answered', keyInput: '1', reference: `${id}#1` });
      expect(emulator.journal.invokes()).toHaveLength(1);
      const polls = emulator.journal.polls();
      expect(polls).toHaveLength(result.polls);
      expect(result.polls).toBeGreaterThan(MINUTES * 11);
      expect(new Set(polls.map((poll) => poll.at)).size).toBe(polls.length);
      const runs = await runsOf(temporal, id);
      console.log(
        `${MINUTES} minutes at 5 s: ${result.polls} polls, ${runs.length} runs of at most ${Math.max(...runs.map((run) => run.events))} events`,
      );
      expect(runs.length).toBeGreaterThan(CONTACTS);
      // A run that continues writes nothing for operators: only the last says how it ended.
      expect(runs.slice(0, -1).every((run) => run.attributeWrites === 0)).toBe(true);
      expect(runs.at(-1)?.attributeWrites).toBe(1);
      for (const run of runs) {
        expect(run.events).toBeLessThan(550);
        expect(run.bytes).toBeLessThan(1_000_000);
      }
    },
  );
});

/** Pigeon allows ten passes; more contacts make a longer run. */
const flow = (phoneNumber: string, contacts: number) => ({
  loopLimit: 10,
  contacts: Array.from({ length: contacts }, () => ({ displayName: '田中', phones: [{ phoneNumber }] })),
});

import { describe, expect, test } from 'vitest';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import { callTo, useRig } from '../rig/rig.js';

const world = useRig('timeSkipping');
const NUMBER = '0300000001';

describe('a POST that was sent and not confirmed', () => {
  test('is found by its reference when Pigeon has the run, and nobody is called twice', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(20_000, '1') } });
    emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    const id = newId();
    const result = await (await pigeonflow.startCall(id, callTo(NUMBER))).wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1', reference: `${id}#1` });
    expect(result.notes).toEqual([
      expect.stringContaining('was not confirmed'),
      expect.stringContaining(`was found as run ${result.resultId}`),
    ]);
    expect(emulator.journal.invokes()).toHaveLength(1);
    expect(emulator.journal.calls()).toHaveLength(1);
  });

  test.for(['statusAfterHandling', 'garbageAfterHandling', 'cutOff'] as const)(
    'an answer that proves nothing (%s) is looked into, not called again',
    async (kind) => {
      const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(20_000, '1') } });
      emulator.faults.inject('invoke', kind === 'statusAfterHandling' ? { kind, status: 502 } : { kind });
      const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait();
      expect(result).toMatchObject({ outcome: 'answered', keyInput: '1' });
      expect(emulator.journal.invokes()).toHaveLength(1);
    },
  );

  test('is not looked for before 15 s, and then every 5 s for a minute', async () => {
    const { pigeonflow, emulator, newId } = await world();
    emulator.faults.inject('invoke', { kind: 'resetBeforeHandling' });
    const result = await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait();
    expect(result).toMatchObject({ outcome: 'unknown', keyInput: null, status: null, resultId: null, calls: [] });
    const posted = emulator.journal.invokes()[0]?.at ?? 0;
    const looks = emulator.journal.listings().map((entry) => Math.round((entry.at - posted) / 1000));
    expect(looks[0]).toBeGreaterThanOrEqual(14);
    expect(looks).toHaveLength(13);
    expect(emulator.journal.invokes()).toHaveLength(1);
  });

  test('is looked for at a pace that one failed look after another slows down, and one between them restores', async () => {
    const { pigeonflow, emulator, newId } = await world();
    emulator.faults.inject('invoke', { kind: 'resetBeforeHandling' });
    let listings = 0;
    const everyOther = () => (listings += 1) % 2 === 1;
    emulator.faults.inject('calls', { kind: 'status', status: 503 }, { times: 'always', only: everyOther });
    expect(await (await pigeonflow.startCall(newId(), callTo(NUMBER))).wait()).toMatchObject({ outcome: 'unknown' });
    const looks = emulator.journal.listings().map(({ at }) => at);
    expect(looks).toHaveLength(26);
    // With pauses that grew from failure to failure it would be eleven minutes.
    expect((looks.at(-1) ?? 0) - (looks[0] ?? 0)).toBeLessThan(240_000);
  });

  test('leads to a second call where the caller prefers twice to never', async () => {
    const { pigeonflow, emulator, newId } = await world({ people: { [NUMBER]: answers(3_000, '1') } });
    emulator.faults.inject('invoke', { kind: 'resetBeforeHandling' });
    const id = newId();
    const call = await pigeonflow.startCall(id, callTo(NUMBER, { onUnknownOutcome: 'callAgain' }));
    const result = await call.wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1', reference: `${id}#2` });
    expect(result.notes.join('\n')).toContain('calling again, it may ring twice');
    expect(emulator.journal.invokes()).toHaveLength(2);
  });

  test('a lost run that turns up after all is hung up when ours already calls', async () => {
    // Waiting runs are not listed, so the first run, behind another, cannot be found before it gets the line.
    const { pigeonflow, emulator, newId } = await world({
      people: {
        '0300000009': [neverPicksUp(), neverPicksUp(), neverPicksUp(), neverPicksUp()],
        [NUMBER]: [neverPicksUp(), answers(3_000, '1')],
      },
      switches: { waitingRunsInCalls: 'absent' },
      lines: 1,
    });
    const other = await pigeonflow.startCall(newId(), callTo('0300000009', { callflow: loops('0300000009', 4) }));
    await emulator.journal.waitFor((entry) => entry.kind === 'call');
    emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    const call = await pigeonflow.startCall(
      newId(),
      callTo(NUMBER, { onUnknownOutcome: 'callAgain', callflow: loops(NUMBER, 2) }),
    );
    await other.wait();
    const result = await call.wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1' });
    expect(emulator.journal.invokes()).toHaveLength(3);
    expect(emulator.journal.aborts()).toHaveLength(1);
    expect(result.notes.join('\n')).toMatch(/The lost run .* turned up/);
  });
});

const loops = (phoneNumber: string, loopLimit: number) => ({
  loopLimit,
  contacts: [{ displayName: '田中', phones: [{ phoneNumber }] }],
});

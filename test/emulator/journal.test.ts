import { describe, expect, test } from 'vitest';
import { type JournalEntry, type RequestEntry, answers, manual } from '../../src/emulator/emulator.js';
import { order, rig, START } from './rig.js';

describe('the journal', () => {
  test('has each request with what was asked, what the space answered, and the run', async () => {
    const { start, result, abort, calls, emulator, clock } = await rig({ people: { '0300000001': manual() } });
    const params = order();
    const run = await start(params);
    clock.advance(1_000);
    await result(run);
    await result('other');
    await abort(run);
    await calls('?limit=5');
    const { journal } = emulator;
    expect(journal.invokes()).toMatchObject([
      {
        number: 1,
        at: START,
        method: 'POST',
        path: '/api/apps/pigeon/chain/invoke',
        body: { params },
        handling: 'handled',
        spaceStatus: 201,
        answer: { status: 'requested' },
        outcome: { kind: 'answered', status: 201 },
        resultId: run,
      },
    ]);
    expect(journal.polls(run)).toMatchObject([{ at: START + 1_000, body: undefined, resultId: run }]);
    expect(journal.polls()).toHaveLength(2);
    expect(journal.aborts()).toMatchObject([{ resultId: run, outcome: { status: 200 } }]);
    expect(journal.listings()).toMatchObject([{ path: '/api/apps/pigeon/calls?limit=5' }]);
    expect(journal.requests()).toHaveLength(5);
  });

  test('has each call that was placed, at the exact time of its dialling', async () => {
    const { start, emulator, clock } = await rig({ people: { '0300000001': answers(1_000, '1') } });
    const resultId = await start();
    clock.advance(60_000);
    expect(emulator.journal.calls()).toMatchObject([
      { at: START + 100, contact: '田中', phoneNumber: '0300000001', resultId, loop: 1, purpose: 'run' },
    ]);
  });

  test('keeps a body that is no JSON as text, and requests to other paths', async () => {
    const { request, emulator } = await rig();
    await request('POST', '/api/apps/pigeon/chain/invoke', '<xml/>');
    await request('GET', '/elsewhere');
    expect(emulator.journal.requests()).toMatchObject([
      { endpoint: 'invoke', body: '<xml/>', spaceStatus: 400 },
      { endpoint: 'other', spaceStatus: 404 },
    ]);
  });

  test('can be waited on, for an entry that is there or that comes', async () => {
    const { start, request, emulator } = await rig({ people: { '0300000001': manual() } });
    const isPoll = (entry: JournalEntry): entry is RequestEntry =>
      entry.kind === 'request' && entry.endpoint === 'result' && entry.outcome.kind === 'answered';
    const coming = emulator.journal.waitFor(isPoll);
    await start();
    await request('GET', '/api/apps/pigeon/results/x');
    expect((await coming).resultId).toBe('x');
    expect(await emulator.journal.waitFor(isPoll)).toBe(await coming);
  });

  test('tells what came last when the wait is in vain', async () => {
    const { request, emulator } = await rig();
    await request('GET', '/elsewhere');
    await expect(emulator.journal.waitFor(() => false, 1)).rejects.toThrow(/within 1 ms[^]*elsewhere/);
  });
});

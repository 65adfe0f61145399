import { describe, expect, test } from 'vitest';
import { answers, manual, neverPicksUp } from '../../src/emulator/emulator.js';
import { GUIDANCE, order, rig, START, SUZUKI, TANAKA, YAMADA } from './rig.js';

const both = (loopLimit: number) => order({ callflow: { loopLimit, contacts: [TANAKA, YAMADA] } });

describe('a run', () => {
  test('is echoed by its invoke, and is active until it ends', async () => {
    const { invoke, result, clock } = await rig({ people: { '0300000001': answers(1_000, '1') } });
    const params = order({ parameters: { unused: 'kept' } });
    const { status, json } = await invoke(params);
    const resultId = String(json['resultId']);
    expect([status, json]).toEqual([201, { params, resultId, status: 'requested' }]);
    expect(await result(resultId)).toMatchObject({ isActive: true, status: 'started', keyInput: null });
    clock.advance(10_000);
    expect(await result(resultId)).toMatchObject({
      isActive: false,
      status: 'succeeded',
      keyInput: '1',
      receivedContactName: '田中',
      parameters: { unused: 'kept' },
    });
  });

  test('calls its contacts one at a time, in order, as many times as its loop limit', async () => {
    const { start, result, clock, emulator } = await rig({
      people: { '0300000001': neverPicksUp(), '0300000002': neverPicksUp() },
    });
    const run = await start(both(3));
    clock.advance(600_000);
    const dialled = START + 100;
    const placed = emulator.journal.calls();
    expect(placed.map(({ phoneNumber, loop, at }) => [phoneNumber, loop, at - dialled])).toEqual([
      ['0300000001', 1, 0],
      ['0300000002', 1, 30_100],
      ['0300000001', 2, 60_200],
      ['0300000002', 2, 90_300],
      ['0300000001', 3, 120_400],
      ['0300000002', 3, 150_500],
    ]);
    expect(await result(run)).toMatchObject({ status: 'failed', keyInput: null });
  });

  test('ends as a success at terminate, and calls nobody else', async () => {
    const { start, result, clock, emulator } = await rig({ people: { '0300000001': [answers(1_000, '1')] } });
    const run = await start(both(3));
    clock.advance(600_000);
    expect(await result(run)).toMatchObject({ status: 'succeeded', receivedContactName: '田中' });
    expect(emulator.journal.calls()).toHaveLength(1);
  });

  test('calls a contact who pressed continue again in the next pass', async () => {
    const { start, statuses, clock } = await rig({
      people: { '0300000001': [answers(1_000, '2'), answers(1_000, '1')], '0300000002': [neverPicksUp()] },
    });
    const run = await start(both(2));
    clock.advance(600_000);
    expect(await statuses(run)).toEqual(['succeeded', 'missed', 'succeeded']);
  });

  test('skips a contact who pressed leave in later passes', async () => {
    const { start, result, clock, emulator } = await rig({
      people: { '0300000001': [answers(1_000, '3')], '0300000002': neverPicksUp() },
    });
    const run = await start(both(3));
    clock.advance(600_000);
    expect(emulator.journal.calls().map(({ contact }) => contact)).toEqual(['田中', '山田', '山田', '山田']);
    expect(await result(run)).toMatchObject({ status: 'failed', keyInput: '3' });
  });

  test('ends when all have left', async () => {
    const { start, result, clock, emulator } = await rig({
      people: { '0300000001': [answers(1_000, '3')], '0300000002': [answers(1_000, '3')] },
    });
    const run = await start(both(3));
    clock.advance(600_000);
    expect(emulator.journal.calls()).toHaveLength(2);
    expect(await result(run)).toMatchObject({ status: 'failed' });
  });

  test('ends at transfer, calls the same person back and connects the target', async () => {
    const { start, result, clock, emulator } = await rig({ people: { '0300000001': [answers(1_000, '4')] } });
    const transfer = { behavior: 'transfer', messageTemplate: '転送します。', transferTo: '0300000009' };
    const run = await start(order({ guidance: { ...GUIDANCE, reactions: { ...GUIDANCE.reactions, '4': transfer } } }));
    clock.advance(600_000);
    expect(await result(run)).toMatchObject({ status: 'succeeded', keyInput: '4' });
    expect(emulator.journal.calls().map(({ phoneNumber, purpose }) => [phoneNumber, purpose])).toEqual([
      ['0300000001', 'run'],
      ['0300000001', 'callBack'],
      ['0300000009', 'transferTarget'],
    ]);
  });

  test('records key 0, which cuts the call, and continues', async () => {
    const { start, result, clock } = await rig({
      people: { '0300000001': [answers(1_000, '0')], '0300000002': [neverPicksUp()] },
    });
    const run = await start(both(1));
    clock.advance(600_000);
    expect(await result(run)).toMatchObject({
      status: 'failed',
      keyInput: '0',
      calls: [{ status: 'succeeded', keyInput: '0' }, { status: 'missed' }],
    });
  });

  test('dials the next number of a contact who was not reached', async () => {
    const { start, clock, emulator } = await rig({
      people: { '0300000001': [neverPicksUp()], '0900000001': [answers(1_000, '1')] },
    });
    const phones = [{ phoneNumber: '0300000001' }, { phoneNumber: '0900000001' }];
    await start(order({ callflow: { loopLimit: 1, contacts: [{ displayName: '田中', phones }] } }));
    clock.advance(60_000);
    expect(emulator.journal.calls().map(({ phoneNumber }) => phoneNumber)).toEqual(['0300000001', '0900000001']);
  });

  test('takes a stored call flow and guidance by their ids, and keeps them as they were', async () => {
    const { start, result, emulator } = await rig({
      people: { '0300000001': manual() },
      contacts: [{ contactId: 'contact-1', ...TANAKA }],
      callflows: [{ callflowId: 'flow-1', name: '一次対応', loopLimit: 2, contacts: ['contact-1', SUZUKI] }],
      guidances: [{ guidanceId: 'guidance-1', name: '障害', ...GUIDANCE }],
    });
    const run = await start({ callflowId: 'flow-1', guidanceId: 'guidance-1', parameters: { a: '1' } });
    emulator.space.stored.removeContact('contact-1');
    expect(await result(run)).toMatchObject({
      callflow: { callflowId: 'flow-1', name: '一次対応', loopLimit: 2, contacts: [TANAKA, SUZUKI] },
      guidance: { guidanceId: 'guidance-1', name: '障害', ...GUIDANCE },
    });
  });

  test.each([
    ['no params', {}, 400],
    ['no loop limit', { params: order({ callflow: { contacts: [TANAKA] } }) }, 400],
    ['no contacts', { params: order({ callflow: { loopLimit: 1, contacts: [] } }) }, 400],
    ['no phones', { params: order({ callflow: { loopLimit: 1, contacts: [{ displayName: 'x', phones: [] }] } }) }, 400],
    ['no terminate', { params: order({ guidance: { messageTemplate: 'x', reactions: {} } }) }, 400],
    [
      'a key 0',
      { params: order({ guidance: { messageTemplate: 'x', reactions: { '0': { behavior: 'terminate' } } } }) },
      400,
    ],
    ['an unknown call flow', { params: order({ callflowId: 'nothing' }) }, 404],
    ['an unknown guidance', { params: order({ guidanceId: 'nothing' }) }, 404],
    ['no JSON', '{"params":', 400],
  ])('is refused with %s', async (_, body, status) => {
    const { request, emulator } = await rig();
    expect((await request('POST', '/api/apps/pigeon/chain/invoke', body)).status).toBe(status);
    expect(emulator.space.runs()).toEqual([]);
  });
});

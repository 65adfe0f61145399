import { expect, test } from 'vitest';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import { callsOf, GUIDANCE, order, rig, SUZUKI, TANAKA, YAMADA } from './rig.js';

test('the example of the manual: continue, missed, leave; ignored, missed; the third is not called again', async () => {
  const { start, result, clock, emulator } = await rig({
    people: {
      '0300000001': [answers(3_000, '2'), answers(3_000)],
      '0300000002': [neverPicksUp(), neverPicksUp()],
      '0300000003': [answers(3_000, '3')],
    },
  });
  const callflow = { loopLimit: 2, contacts: [TANAKA, YAMADA, SUZUKI] };
  const resultId = await start(order({ callflow, parameters: { server: 'web01' } }));
  clock.advance(600_000);

  const { calls: _, ...run } = await result(resultId);
  const calls = callsOf(await result(resultId));
  expect(run).toEqual({
    resultId,
    isActive: false,
    status: 'failed',
    keyInput: '3',
    receivedContactName: null,
    callflow,
    guidance: GUIDANCE,
    parameters: { server: 'web01' },
    startedAt: '2024-04-01T00:00:00.000Z',
    finishedAt: calls[4]?.['finishedAt'],
  });
  expect(calls.map(({ startedAt: _start, finishedAt: _end, ...call }) => call)).toEqual([
    { status: 'succeeded', contact: '田中', phoneNumber: '0300000001', keyInput: '2', loop: 1 },
    { status: 'missed', contact: '山田', phoneNumber: '0300000002', keyInput: null, loop: 1 },
    { status: 'succeeded', contact: '鈴木', phoneNumber: '0300000003', keyInput: '3', loop: 1 },
    { status: 'ignored', contact: '田中', phoneNumber: '0300000001', keyInput: null, loop: 2 },
    { status: 'missed', contact: '山田', phoneNumber: '0300000002', keyInput: null, loop: 2 },
  ]);
  // Preparing 0.1 s, picked up after 3 s, key after 2 s, its sentence of three characters 0.6 s; then the next at once.
  expect(calls.slice(0, 2).map(({ startedAt, finishedAt }) => [startedAt, finishedAt])).toEqual([
    ['2024-04-01T00:00:00.000Z', '2024-04-01T00:00:05.700Z'],
    ['2024-04-01T00:00:05.700Z', '2024-04-01T00:00:35.800Z'],
  ]);
  expect(emulator.journal.calls().map(({ contact, loop }) => [contact, loop])).toEqual([
    ['田中', 1],
    ['山田', 1],
    ['鈴木', 1],
    ['田中', 2],
    ['山田', 2],
  ]);
});

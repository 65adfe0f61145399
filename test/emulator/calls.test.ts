import { describe, expect, test } from 'vitest';
import { answeringMachine, answers, busy, hangsUp, manual, neverPicksUp } from '../../src/emulator/emulator.js';
import { callsOf, GUIDANCE, itemsOf, MESSAGE, order, READING_MS, rig } from './rig.js';

const TANAKAS = '0300000001';

describe('one telephone call', () => {
  test('is preparing for an instant, then calling until its end is known', async () => {
    const { start, statuses, clock } = await rig({ people: { [TANAKAS]: answers(3_000, '1') } });
    const run = await start();
    expect(await statuses(run)).toEqual(['preparing']);
    clock.advance(100);
    expect(await statuses(run)).toEqual(['calling']);
    clock.advance(5_000);
    expect(await statuses(run)).toEqual(['calling']);
    clock.advance(1_400);
    expect(await statuses(run)).toEqual(['succeeded']);
  });

  test('shows its key only when the sentence of the key has been read', async () => {
    const { start, result, clock } = await rig({ people: { [TANAKAS]: answers(3_000, '1') } });
    const run = await start();
    clock.advance(6_000);
    expect(callsOf(await result(run))[0]?.['keyInput']).toBeNull();
    clock.advance(500);
    expect(callsOf(await result(run))[0]?.['keyInput']).toBe('1');
  });

  test('is missed after ringing for 30 s', async () => {
    const { start, statuses, clock } = await rig({ people: { [TANAKAS]: neverPicksUp() } });
    const run = await start();
    clock.advance(30_099);
    expect(await statuses(run)).toEqual(['calling']);
    clock.advance(1);
    expect(await statuses(run)).toEqual(['missed']);
  });

  test('is missed when somebody would pick up as the ring ends', async () => {
    const { start, statuses, clock } = await rig({ people: { [TANAKAS]: answers(30_000, '1') } });
    const run = await start();
    clock.advance(60_000);
    expect(await statuses(run)).toEqual(['missed']);
  });

  test('is failed when the telephone is busy', async () => {
    const { start, statuses, clock } = await rig({ people: { [TANAKAS]: busy() } });
    const run = await start();
    clock.advance(2_100);
    expect(await statuses(run)).toEqual(['failed']);
  });

  test.each([
    ['an answering machine picks up', answeringMachine()],
    ['somebody hangs up without a key', hangsUp(2_000, 5_000)],
  ])('is ignored when %s', async (_, person) => {
    const { start, statuses, clock } = await rig({ people: { [TANAKAS]: person } });
    const run = await start();
    clock.advance(80_000);
    expect(await statuses(run)).toEqual(['ignored']);
  });

  test('reads the guidance twice in a row, three times, then a closing sentence, and ends without a key', async () => {
    const { start, statuses, clock, emulator } = await rig({ people: { [TANAKAS]: answers(1_900) } });
    const run = await start();
    const picked = 2_000;
    clock.advance(picked + 6 * READING_MS + 3 * 10_000 + 5_000);
    const [call] = emulator.space.calls();
    expect(call?.transcript.map(({ text }) => text)).toEqual([
      ...Array.from({ length: 6 }, () => MESSAGE),
      '入力が確認できませんでした。お電話を終了します。',
    ]);
    const began = call?.transcript.map(({ from }) => from - (call.createdAt + picked));
    expect(began).toEqual([0, 4_000, 18_000, 22_000, 36_000, 40_000, 54_000]);
    expect(await statuses(run)).toEqual(['ignored']);
  });

  test('reads the guidance again after a key that is not assigned', async () => {
    const { start, result, clock, emulator } = await rig({
      people: { [TANAKAS]: answers(900, { key: '7', afterMs: 2_000 }, { key: '1', afterMs: 5_000 }) },
    });
    const run = await start();
    clock.advance(20_000);
    const [call] = emulator.space.calls();
    expect(call?.transcript.map(({ text, from }) => [text, from - call.createdAt])).toEqual([
      [MESSAGE, 1_000],
      [MESSAGE, 3_000],
      ['お願いします。', 6_000],
    ]);
    expect(await result(run)).toMatchObject({ status: 'succeeded', keyInput: '1' });
  });

  test('takes one key only: a second one during the sentence of the first does not count', async () => {
    const keys = [
      { key: '2', afterMs: 1_000 },
      { key: '1', afterMs: 1_100 },
    ];
    const { start, result, clock } = await rig({ people: { [TANAKAS]: answers(1_000, ...keys) } });
    const run = await start();
    clock.advance(20_000);
    expect(await result(run)).toMatchObject({ status: 'failed', keyInput: '2' });
  });

  test('is held open for ten minutes at most, and is failed then', async () => {
    const long = { ...GUIDANCE, messageTemplate: 'あ'.repeat(1_000) };
    const { start, statuses, clock } = await rig({ people: { [TANAKAS]: answers(900) } });
    const run = await start(order({ guidance: long }));
    clock.advance(600_999);
    expect(await statuses(run)).toEqual(['calling']);
    clock.advance(1);
    expect(await statuses(run)).toEqual(['failed']);
  });

  test('keeps the key when the callee hangs up during its sentence', async () => {
    const { start, result, clock, emulator, ringing } = await rig({ people: { [TANAKAS]: manual() } });
    const run = await start();
    clock.advance(1_000);
    const call = ringing();
    expect(emulator.space.press(call, '1')).toBe('notCounted');
    expect(emulator.space.pickUp(call)).toBe('done');
    expect(emulator.space.press(call, '1')).toBe('counted');
    expect(emulator.space.hangUp(call)).toBe('done');
    expect(emulator.space.hangUp(call)).toBe('tooLate');
    expect(await result(run)).toMatchObject({ status: 'succeeded', keyInput: '1', receivedContactName: '田中' });
  });

  test('is failed when the callee declines it', async () => {
    const { start, statuses, clock, emulator, ringing } = await rig({ people: { [TANAKAS]: manual() } });
    const run = await start();
    clock.advance(1_000);
    emulator.space.hangUp(ringing());
    expect(await statuses(run)).toEqual(['failed']);
  });

  test('fills the guidance from the parameters', async () => {
    const { start, clock, emulator } = await rig({ people: { [TANAKAS]: hangsUp(1_000, 1_000) } });
    const messageTemplate = '{{server}}に{{incident}}を検出しました。';
    const parameters = { server: 'テスト用サーバー', incident: '軽度の障害', unused: 'x' };
    await start(order({ guidance: { ...GUIDANCE, messageTemplate }, parameters }));
    clock.advance(2_000);
    expect(emulator.space.calls()[0]?.transcript[0]?.text).toBe('テスト用サーバーに軽度の障害を検出しました。');
  });

  test('is in the list of calls with its status and the id of its run', async () => {
    const { start, calls, clock } = await rig({ people: { [TANAKAS]: neverPicksUp() } });
    const run = await start();
    clock.advance(1_000);
    const listed = await calls();
    expect(listed['total']).toBe(1);
    expect(itemsOf(listed)).toMatchObject([{ status: 'calling', resultId: run, contact: '田中', loop: 1 }]);
  });
});

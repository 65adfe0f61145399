import { describe, expect, test } from 'vitest';
import { answers, manual, neverPicksUp, realClock, startEmulator } from '../../src/emulator/emulator.js';
import { followPage } from './page-rig.js';
import { MESSAGE, order, rig, START, TANAKA, YAMADA } from './rig.js';

const TANAKAS = '0300000001';
const YAMADAS = '0300000002';

describe('the events of the page', () => {
  test('begin with the whole: the telephones, the runs and their calls', async () => {
    const { emulator, start, clock } = await rig({
      contacts: [{ contactId: 'suzuki', displayName: '鈴木', phones: [{ phoneNumber: '0300000003' }] }],
      people: { [TANAKAS]: answers(1_000, '1') },
    });
    const run = await start();
    clock.advance(60_000);
    const { response, update } = await followPage(emulator);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await update()).toMatchObject({
      kind: 'whole',
      time: { now: START + 60_000, speed: 0 },
      telephones: [
        { phoneNumber: '0300000003', names: ['鈴木'] },
        { phoneNumber: TANAKAS, names: ['田中'] },
      ],
      runIds: [run],
      runs: [{ resultId: run, status: 'succeeded', keyInput: '1', receivedContactName: '田中', requestedAt: START }],
      calls: [
        {
          resultId: run,
          contact: '田中',
          loop: 1,
          status: 'succeeded',
          keyInput: '1',
          transcript: [{ text: MESSAGE }, { text: 'お願いします。' }],
        },
      ],
    });
  });

  test('tell of a run, its ringing telephone, what is read, what keys do, and the end', async () => {
    const { emulator, start, clock, ringing } = await rig({ people: { [TANAKAS]: manual() } });
    const { update } = await followPage(emulator);
    expect(await update()).toMatchObject({ runs: [], calls: [], telephones: [{ phoneNumber: TANAKAS, names: [] }] });

    const run = await start();
    expect(await update()).toMatchObject({ kind: 'changes', runIds: [run], runs: [{ status: 'started' }] });

    clock.advance(1_000);
    expect(await update(({ calls }) => calls.length > 0)).toMatchObject({
      telephones: [{ phoneNumber: TANAKAS, names: ['田中'] }],
      calls: [{ callId: ringing(), phase: 'ringing', keys: { '0': 'cutsCall', '1': 'terminate', '3': 'leave' } }],
    });

    emulator.space.pickUp(ringing());
    expect(await update()).toMatchObject({
      calls: [{ phase: 'reading', transcript: [{ text: MESSAGE, from: START + 1_000, until: START + 5_000 }] }],
    });

    clock.advance(1_500);
    await emulator.catchUp();
    emulator.space.press(ringing(), '1');
    expect(await update()).toMatchObject({
      time: { now: START + 2_500 },
      calls: [{ phase: 'reacting', keyInput: '1', transcript: [{}, { text: 'お願いします。', from: START + 2_500 }] }],
    });

    clock.advance(10_000);
    expect(await update()).toMatchObject({
      runs: [{ status: 'succeeded', keyInput: '1' }],
      calls: [{ phase: 'ended', status: 'succeeded', finishedAt: START + 3_900 }],
    });
  });

  test('bring names and texts from outside as they are, in JSON that no markup can leave', async () => {
    const { emulator, start, clock } = await rig({ people: { [TANAKAS]: manual() } });
    const displayName = '</script><img src=x onerror=alert(1)>\n\ndata: x';
    const { update } = await followPage(emulator);
    await start(order({ callflow: { loopLimit: 1, contacts: [{ ...TANAKA, displayName }] } }));
    clock.advance(1_000);
    const told = await update(({ calls }) => calls.length > 0);
    expect(told.calls[0]?.contact).toBe(displayName);
  });

  test('leave out what was heard in all but the last call of a telephone', async () => {
    const { emulator, start, clock } = await rig({ people: { [TANAKAS]: answers(1_000, '2') } });
    await start(order({ callflow: { loopLimit: 2, contacts: [TANAKA] } }));
    clock.advance(60_000);
    const { update } = await followPage(emulator);
    const { calls } = await update();
    expect(calls.map(({ loop, transcript }) => [loop, transcript?.length])).toEqual([
      [1, undefined],
      [2, 2],
    ]);
  });

  test('show the newest 50 runs, and those that are calling however old', async () => {
    const { emulator, start, clock } = await rig(
      { people: { [TANAKAS]: neverPicksUp(), [YAMADAS]: neverPicksUp() }, switches: { queueSize: 100 } },
      'strict',
    );
    const oldest = await start(order({ callflow: { loopLimit: 10, contacts: [TANAKA, YAMADA] } }));
    const next = await start();
    const runs: string[] = [];
    for (let count = 0; count < 60; count += 1) runs.push(await start());
    clock.advance(1_000);
    const { update } = await followPage(emulator);
    const { runIds } = await update();
    expect(runIds).toEqual([...runs.slice(10).toReversed(), oldest]);
    expect(runIds).not.toContain(next);
  });

  test('show at most 100 telephones, but every one in use', async () => {
    const people = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`05${index}`, manual()]));
    const { emulator, start, clock } = await rig({ people });
    await start(
      order({ callflow: { loopLimit: 1, contacts: [{ displayName: '一番', phones: [{ phoneNumber: '050' }] }] } }),
    );
    clock.advance(1_000);
    const { telephones = [] } = await (await followPage(emulator)).update();
    expect(telephones).toHaveLength(101);
    expect(telephones[0]).toEqual({ phoneNumber: '050', names: ['一番'] });
  });

  test('tell the time every second, also of a clock that runs faster', async () => {
    const emulator = await startEmulator({ clock: realClock({ speed: 60, startAt: START }) });
    const { time } = await followPage(emulator);
    const [first, second] = [await time(), await time()];
    expect([first.speed, second.speed]).toEqual([60, 60]);
    expect(second.now - first.now).toBeGreaterThan(30_000);
    await emulator.close();
  });

  test('reach every page that is open, and continue when one leaves', async () => {
    const { emulator, start } = await rig({ people: { [TANAKAS]: manual() } });
    const [one, other] = [await followPage(emulator), await followPage(emulator)];
    await one.update();
    await other.update();
    one.leave();
    const run = await start();
    expect(await other.update()).toMatchObject({ runIds: [run] });
  });

  test('end at once when the emulator closes', async () => {
    const emulator = await startEmulator();
    const { update } = await followPage(emulator);
    await update();
    const ended = update().catch(String);
    await emulator.close();
    expect(await ended).toContain('terminated');
  });
});

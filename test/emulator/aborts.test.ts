import { describe, expect, test } from 'vitest';
import { answers, manual, neverPicksUp } from '../../src/emulator/emulator.js';
import { order, rig, TANAKA, YAMADA } from './rig.js';

describe('an abort', () => {
  test('does not cut the line at once: aborting, then aborted, and nobody else is called', async () => {
    const { start, abort, result, clock, emulator } = await rig({ people: { '0300000001': [neverPicksUp()] } });
    const run = await start(order({ callflow: { loopLimit: 2, contacts: [TANAKA, YAMADA] } }));
    clock.advance(5_000);
    expect((await abort(run)).status).toBe(200);
    expect(await result(run)).toMatchObject({ isActive: true, status: 'started', calls: [{ status: 'aborting' }] });
    clock.advance(2_999);
    expect(await result(run)).toMatchObject({ isActive: true });
    clock.advance(1);
    expect(await result(run)).toMatchObject({ isActive: false, status: 'aborted', calls: [{ status: 'aborted' }] });
    clock.advance(600_000);
    expect(emulator.journal.calls()).toHaveLength(1);
  });

  test('makes a key that is pressed after it not count', async () => {
    const { start, abort, result, clock, emulator, ringing } = await rig({ people: { '0300000001': manual() } });
    const run = await start();
    clock.advance(1_000);
    emulator.space.pickUp(ringing());
    await abort(run);
    expect(emulator.space.press(ringing(), '1')).toBe('notCounted');
    clock.advance(10_000);
    expect(await result(run)).toMatchObject({ status: 'aborted', keyInput: null, receivedContactName: null });
  });

  test('leaves a key that was pressed before it its effect', async () => {
    const { start, abort, result, clock } = await rig({ people: { '0300000001': answers(1_000, '1') } });
    const run = await start();
    clock.advance(3_500);
    await abort(run);
    clock.advance(10_000);
    expect(await result(run)).toMatchObject({ status: 'succeeded', keyInput: '1' });
  });

  test('stops a run whose callee had just pressed continue', async () => {
    const { start, abort, result, clock } = await rig({ people: { '0300000001': [answers(1_000, '2')] } });
    const run = await start(order({ callflow: { loopLimit: 5, contacts: [TANAKA] } }));
    clock.advance(3_500);
    await abort(run);
    clock.advance(10_000);
    expect(await result(run)).toMatchObject({ status: 'aborted', keyInput: '2', calls: [{ status: 'succeeded' }] });
  });

  test('ends early when the callee hangs up meanwhile', async () => {
    const { start, abort, statuses, clock, emulator, ringing } = await rig({ people: { '0300000001': manual() } });
    const run = await start();
    clock.advance(1_000);
    emulator.space.pickUp(ringing());
    await abort(run);
    emulator.space.hangUp(ringing());
    expect(await statuses(run)).toEqual(['aborted']);
  });

  test('before the dialling leaves the telephone silent', async () => {
    const { start, abort, result, clock, emulator } = await rig();
    const run = await start();
    await abort(run);
    clock.advance(60_000);
    expect(await result(run)).toMatchObject({ status: 'aborted', calls: [{ status: 'aborted' }] });
    expect(emulator.journal.calls()).toEqual([]);
  });

  test('takes a waiting run out of the queue at once', async () => {
    const { start, abort, result, clock, emulator } = await rig({ people: { '0300000001': neverPicksUp() } });
    const first = await start();
    const second = await start();
    await abort(second);
    expect(await result(second)).toMatchObject({ isActive: false, status: 'aborted', startedAt: null, calls: [] });
    clock.advance(600_000);
    expect(emulator.journal.calls().map(({ resultId }) => resultId)).toEqual([first]);
  });

  test('gives its line to the next run when the call has ended', async () => {
    const { start, abort, result, clock } = await rig({ people: { '0300000001': neverPicksUp() } });
    const first = await start();
    const second = await start();
    clock.advance(1_000);
    await abort(first);
    await abort(first);
    clock.advance(2_999);
    expect(await result(second)).toMatchObject({ status: 'waiting' });
    clock.advance(1);
    expect(await result(second)).toMatchObject({ status: 'started' });
  });
});

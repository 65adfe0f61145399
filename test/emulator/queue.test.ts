import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { itemsOf, rig } from './rig.js';

const people = { '0300000001': neverPicksUp() };

describe('lines and queue', () => {
  test('a run over the line limit waits, and starts automatically when a line is free', async () => {
    const { start, result, clock } = await rig({ people });
    const first = await start();
    const second = await start();
    expect(await result(second)).toMatchObject({ isActive: true, status: 'waiting', startedAt: null, calls: [] });
    clock.advance(30_100);
    expect(await result(first)).toMatchObject({ status: 'failed' });
    expect(await result(second)).toMatchObject({ status: 'started', startedAt: '2024-04-01T00:00:30.100Z' });
  });

  test('two lines call two at once', async () => {
    const { start, result } = await rig({ people, lines: 2 });
    const runs = [await start(), await start(), await start()];
    const results = await Promise.all(runs.map((run) => result(run)));
    expect(results.map(({ status }) => status)).toEqual(['started', 'started', 'waiting']);
  });

  test('waiting runs start in the order in which they came', async () => {
    const { start, clock, emulator } = await rig({ people });
    const runs = [await start(), await start(), await start()];
    clock.advance(200_000);
    expect(emulator.journal.calls().map(({ resultId }) => resultId)).toEqual(runs);
  });

  test('the queue holds 30 runs with the one being called; the next is rejected with 201 and makes no run', async () => {
    const { start, invoke, clock, emulator } = await rig({ people });
    for (let count = 0; count < 30; count += 1) await start();
    const { status, json } = await invoke();
    expect(status).toBe(201);
    expect(Object.keys(json).toSorted()).toEqual(['errorDescriptor', 'params', 'status']);
    expect(json['status']).toBe('rejected');
    expect(emulator.space.runs()).toHaveLength(30);
    clock.advance(30_100);
    expect((await invoke()).json['status']).toBe('requested');
  });

  test('waiting runs are in the list of calls as waiting', async () => {
    const { start, calls } = await rig({ people });
    const first = await start();
    const second = await start();
    expect(itemsOf(await calls()).map(({ resultId, status }) => [resultId, status])).toEqual([
      [second, 'waiting'],
      [first, 'preparing'],
    ]);
  });

  test('the list of calls has pages of at most 1000', async () => {
    const { start, calls, request } = await rig({ people });
    for (let count = 0; count < 5; count += 1) await start();
    const all = itemsOf(await calls());
    const page = await calls('?offset=1&limit=2');
    expect([page['total'], itemsOf(page)]).toEqual([5, all.slice(1, 3)]);
    expect((await request('GET', '/api/apps/pigeon/calls?limit=1001')).status).toBe(400);
  });
});

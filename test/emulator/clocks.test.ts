import { describe, expect, test } from 'vitest';
import {
  answers,
  clockFrom,
  EMULATOR_TOKEN,
  neverPicksUp,
  realClock,
  startEmulator,
} from '../../src/emulator/emulator.js';
import { Space } from '../../src/emulator/space.js';
import { order, rig, START, TANAKA } from './rig.js';

describe('time', () => {
  test('moves in a space by advanceTo alone, event by event, whatever the size of the step', () => {
    const play = (stepMs: number) => {
      let ids = 0;
      const people = { '0300000001': answers(2_500, '2') };
      const space = new Space({ people, startAt: START, newId: () => `id-${(ids += 1)}` });
      const changes: unknown[] = [];
      space.subscribe((change) => changes.push(change));
      space.invoke({ params: order({ callflow: { loopLimit: 3, contacts: [TANAKA] } }) });
      for (let time = START; time <= START + 60_000; time += stepMs) space.advanceTo(time);
      return { changes, result: space.result('id-1'), next: space.nextEventAt() };
    };
    expect(play(7)).toEqual(play(60_000));
    expect(play(60_000)).toMatchObject({ result: { status: 'failed' }, next: undefined });
  });

  test('never goes back', () => {
    const space = new Space({ startAt: 1_000 });
    space.advanceTo(500);
    expect(space.now).toBe(1_000);
  });

  test('of a manual clock reaches the space without a request', async () => {
    const { start, clock, emulator } = await rig({ people: { '0300000001': neverPicksUp() } });
    await start();
    expect(emulator.space.nextEventAt()).toBe(START + 100);
    clock.advance(60_000);
    expect(emulator.space.runs()[0]).toMatchObject({ status: 'failed', finishedAt: START + 30_100 });
  });

  test('of this machine can run faster, and moves the space automatically', async () => {
    const clock = realClock({ speed: 1_000, startAt: START });
    const emulator = await startEmulator({ clock, people: { '0300000001': answers(3_000, '1') } });
    emulator.space.invoke({ params: order() });
    const run = await new Promise<unknown>((resolve) => {
      emulator.space.subscribe((change) => {
        if (change.kind === 'run' && change.status === 'succeeded') resolve(change);
      });
    });
    expect(run).toMatchObject({ at: (emulator.space.runs()[0]?.startedAt ?? 0) + 6_500 });
    await emulator.close();
  });

  test('that is read at each request is the time of the answer', async () => {
    let time = START;
    const { start, result } = await rig({
      clock: clockFrom(() => Promise.resolve(time)),
      people: { '0300000001': answers(3_000, '1') },
    });
    const run = await start();
    time += 6_499;
    expect(await result(run)).toMatchObject({ isActive: true });
    time += 30 * 86_400_000;
    expect(await result(run)).toMatchObject({ isActive: false, finishedAt: '2024-04-01T00:00:06.500Z' });
  });

  test('does not go back when a later reading of the clock comes first', async () => {
    const readings: { readonly at: number; answer(): void }[] = [];
    let time = START;
    let kind: 'immediate' | 'held' = 'immediate';
    const arrived: (() => void)[] = [];
    const clock = clockFrom(() => {
      const at = time;
      if (kind === 'immediate') return Promise.resolve(at);
      return new Promise((resolve) => {
        readings.push({ at, answer: () => resolve(at) });
        if (readings.length === 2) for (const listener of arrived) listener();
      });
    });
    const { start, result, emulator } = await rig({ clock, people: { '0300000001': neverPicksUp() } });
    const run = await start();
    kind = 'held';
    const both = new Promise<void>((resolve) => arrived.push(resolve));
    const early = result(run);
    await emulator.journal.waitFor((entry) => entry.kind === 'request' && entry.endpoint === 'result');
    time += 40_000;
    const late = result(run);
    await both;
    const [first, second] = readings;
    second?.answer();
    expect(await late).toMatchObject({ status: 'failed' });
    first?.answer();
    expect(await early).toMatchObject({ status: 'failed' });
    expect(emulator.space.now).toBe(START + 40_000);
  });

  test('is the same for many requests at once: each run is made, in a queue that keeps its size', async () => {
    let time = START;
    const { invoke } = await rig({
      clock: clockFrom(async () => {
        await Promise.resolve();
        return (time += 1);
      }),
      people: { '0300000001': neverPicksUp() },
    });
    const replies = await Promise.all(Array.from({ length: 50 }, () => invoke()));
    const statuses = replies.map(({ json }) => json['status']);
    expect(statuses.filter((status) => status === 'requested')).toHaveLength(30);
    expect(statuses.filter((status) => status === 'rejected')).toHaveLength(20);
  });

  test('that cannot be read makes the request an error of the space', async () => {
    let state: 'works' | 'broken' = 'works';
    const clock = clockFrom(() => (state === 'works' ? Promise.resolve(START) : Promise.reject(new Error('gone'))));
    const { request } = await rig({ clock });
    state = 'broken';
    expect((await request('GET', '/api/apps/pigeon/calls')).status).toBe(500);
  });

  test('is caught up with before somebody acts at a telephone', async () => {
    let time = START;
    const { start, emulator } = await rig({
      clock: clockFrom(() => Promise.resolve(time)),
      people: { '0300000001': neverPicksUp() },
    });
    await start();
    time += 40_000;
    await emulator.catchUp();
    expect(emulator.space.calls()[0]).toMatchObject({ status: 'missed' });
  });
});

describe('an emulator', () => {
  test('starts with nothing but defaults, and frees its port', async () => {
    const first = await startEmulator();
    const headers = { 'x-authorization': `Token ${EMULATOR_TOKEN}` };
    expect((await fetch(`${first.url}/api/apps/pigeon/calls`, { headers })).status).toBe(200);
    const port = Number(new URL(first.url).port);
    await expect(startEmulator({ port })).rejects.toThrow('EADDRINUSE');
    await first.close();
    const second = await startEmulator({ port });
    expect(new URL(second.url).port).toBe(String(port));
    await second.close();
  });
});

import { describe, expect, test } from 'vitest';
import { Arrivals, InOrder, type Place } from '../../src/gateway/deliver.js';
import { RateLimit } from '../../src/gateway/app.js';

/** Work that ends when it is told to. */
function work<T>() {
  let end: (value: T) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  let begun = false;
  const outcome = new Promise<T>((resolve, reject) => ([end, fail] = [resolve, reject]));
  return {
    run: () => {
      begun = true;
      return outcome;
    },
    end,
    fail,
    hasBegun: () => begun,
  };
}
const turns = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

describe('what concerns one incident', () => {
  test('is done one after the other, also after a failure, and others do not wait', async () => {
    const inOrder = new InOrder<string>();
    const [first, second, other] = [work<string>(), work<string>(), work<string>()];
    const failed = inOrder.run('a', '1', first.run);
    const later = inOrder.run('a', '2', second.run);
    void inOrder.run('b', '1', other.run);
    await turns();
    expect([first, second, other].map(({ hasBegun }) => hasBegun())).toEqual([true, false, true]);
    first.fail(new Error('away'));
    await expect(failed).rejects.toThrow('away');
    await turns();
    expect(second.hasBegun()).toBe(true);
    second.end('done');
    expect(await later).toBe('done');
  });

  test('shares the outcome of what already waits and says the same, but never of what has begun', async () => {
    const inOrder = new InOrder<string>();
    const [first, second, third, fourth] = [work<string>(), work<string>(), work<string>(), work<string>()];
    const outcomes = [
      inOrder.run('a', 'same', first.run),
      inOrder.run('a', 'same', second.run),
      inOrder.run('a', 'same', third.run),
      inOrder.run('a', 'other', fourth.run),
    ];
    first.end('1');
    second.end('2');
    fourth.end('4');
    expect(await Promise.all(outcomes)).toEqual(['1', '2', '2', '4']);
    expect(third.hasBegun()).toBe(false);
  });
});

describe('a rate', () => {
  test('allows so many at once, and then as many as time has passed for', () => {
    let now = 0;
    const rates = new RateLimit(() => now);
    const take = () => rates.take('shop', 60);
    expect(Array.from({ length: 60 }, take)).toEqual(Array<number>(60).fill(0));
    expect(take()).toBe(1);
    expect(rates.take('other', 60)).toBe(0);
    now += 2_000;
    expect([take(), take(), take()]).toEqual([0, 0, 1]);
  });

  test('says when to try again, however slow it is', () => {
    const rates = new RateLimit(() => 0);
    expect([rates.take('shop', 1), rates.take('shop', 1)]).toEqual([0, 60]);
  });
});

describe('requests of one sender', () => {
  test('have their turn in the order of their arrival, however long each needs; others do not wait', async () => {
    const arrivals = new Arrivals();
    const [first, second, third] = [arrivals.enter('a'), arrivals.enter('a'), arrivals.enter('a')];
    await arrivals.enter('b').turn();
    const order: string[] = [];
    const takesTurn = async (name: string, place: Place) => {
      await place.turn();
      order.push(name);
      place.leave();
    };
    const others = [takesTurn('third', third), takesTurn('second', second)];
    await turns();
    expect(order).toEqual([]);
    await takesTurn('first', first);
    await Promise.all(others);
    expect(order).toEqual(['first', 'second', 'third']);
    await arrivals.enter('a').turn();
  });
});

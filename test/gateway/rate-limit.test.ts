import { expect, test } from 'vitest';
import { RateLimit } from '../../src/gateway/app.js';

function at60(): {
  readonly take: (wanted?: number, has?: number) => number;
  readonly pass: (seconds: number) => void;
} {
  let now = 0;
  const rates = new RateLimit(() => now);
  return {
    take: (wanted, has) => rates.take('a', 60, wanted, has),
    pass: (seconds) => void (now += seconds * 1_000),
  };
}

test('so many at once, and so many a minute after that', () => {
  const { take, pass } = at60();
  expect([take(59), take(), take()]).toEqual([0, 0, 1]);
  pass(10);
  expect([take(11), take(10), take()]).toEqual([1, 0, 1]);
});

test('what is refused costs nothing, and is told when it is possible', () => {
  const { take, pass } = at60();
  expect([take(40), take(40), take(20)]).toEqual([0, 20, 0]);
  pass(40);
  expect(take(40)).toBe(0);
});

test('of a request one is taken first, and the rest when it is known how many there are', () => {
  const { take, pass } = at60();
  expect([take(), take(60, 1)]).toEqual([0, 0]);
  pass(30);
  // Anyone who keeps to the time that it is told gets all of it through.
  expect(take()).toBe(0);
  const seconds = take(50, 1);
  pass(seconds);
  expect([take(), take(50, 1)]).toEqual([0, 0]);
});

test('more than a minute has is possible when a whole one is free, and is paid for afterwards', () => {
  const { take, pass } = at60();
  expect([take(), take(180, 1)]).toEqual([0, 0]);
  expect(take()).toBe(121);
  pass(119);
  expect(take()).toBe(2);
  pass(2);
  expect(take()).toBe(0);
});

import { describe, expect, test } from 'vitest';
import { QueueTurns } from '../../src/activities/queue-turns.js';
import { isRejectedForItself, retryIntervalMs } from '../../src/contract/rejected-calls.js';
import type { Severity } from '../../src/contract/severity.js';
import { Space, type Caller } from './queue-turns-space.js';

const FULL = { title: 'Queue limit exceeded', detail: 'The queue holds 30 of 30 runs.' };
const NEVER = { title: 'Call cannot be placed', detail: 'None of the telephone numbers can be called.' };
const at = (sentAt: number) => ({ sentAt, answeredAt: sentAt + 20 });
const place = (call: string, rejections: number, severity: Severity = 'warning') => ({ call, severity, rejections });

describe('a rejected call asks again', () => {
  test.for([
    ['critical', [2, 2, 2, 2, 2]],
    ['error', [10, 10, 10, 10, 10]],
    ['warning', [60, 120, 240, 480, 600]],
    ['info', [60, 120, 240, 480, 600]],
  ] as const)('%s: after %j seconds', ([severity, seconds]) => {
    expect([1, 2, 3, 4, 50].map((rejections) => retryIntervalMs(severity, rejections) / 1_000)).toEqual(seconds);
  });
});

describe('a rejection is the call’s own', () => {
  const MINUTES = 60_000;
  test.for([
    ['another reason, others accepted around it three times, for five minutes', true, 3, 5 * MINUTES, true],
    ['and for hours', true, 200, 300 * MINUTES, true],
    ['not while the reason is that of a full queue, however many are accepted', false, 200, 300 * MINUTES, false],
    ['not by its reason alone, however long', true, 0, 300 * MINUTES, false],
    ['not after two', true, 2, 300 * MINUTES, false],
    ['not within five minutes', true, 150, 5 * MINUTES - 1, false],
  ] as const)('%s', ([, otherReason, acceptedAround, forMs, own]) => {
    expect(isRejectedForItself({ otherReason, acceptedAround }, forMs)).toBe(own);
  });
});

describe('what a worker saw of others', () => {
  /** A call that was rejected, and accepted later: so a full queue is answered. */
  function knowing(): QueueTurns {
    const queue = new QueueTurns();
    queue.rejected(place('early', 0), FULL, at(0));
    queue.accepted('early', at(60_000));
    return queue;
  }
  /** Rejected once, with others accepted so long before and after. */
  function around(queue: QueueTurns, time: number, beforeMs: number, afterMs: number, other = 'other'): void {
    queue.accepted(other, { sentAt: time - beforeMs - 20, answeredAt: time - beforeMs });
    queue.rejected(place('suspect', 1), NEVER, { sentAt: time, answeredAt: time + 20 });
    queue.accepted(other, { sentAt: time + 20 + afterMs, answeredAt: time + 40 + afterMs });
  }
  const seen = (queue: QueueTurns) => queue.rejected(place('suspect', 1), NEVER, at(9_000_000)).seen;

  test.for([
    ['within a second before and after', 1_000, 1_000, 1],
    ['too long before', 1_001, 100, 0],
    ['too long after', 100, 1_001, 0],
  ] as const)('accepted %s', ([, beforeMs, afterMs, count]) => {
    const queue = knowing();
    around(queue, 1_000_000, beforeMs, afterMs);
    expect(seen(queue)).toEqual({ otherReason: true, acceptedAround: count });
  });

  test('each rejection counts once, however many are accepted around it', () => {
    const queue = knowing();
    around(queue, 1_000_000, 200, 200);
    queue.accepted('third', at(1_000_500));
    around(queue, 1_060_000, 200, 200);
    expect(seen(queue).acceptedAround).toBe(2);
  });

  test('a call is not another of itself', () => {
    const queue = knowing();
    queue.rejected(place('suspect', 1), NEVER, at(1_000_000));
    queue.accepted('suspect', at(1_000_500));
    expect(seen(queue)).toEqual({ otherReason: false, acceptedAround: 0 });
  });

  test('without a call that was accepted after its rejection nobody knows what a full queue is answered with', () => {
    const queue = new QueueTurns();
    queue.rejected(place('other', 0), FULL, at(0));
    expect(seen(queue).otherReason).toBe(false);
  });

  test.for([
    ['another count', { ...FULL, detail: 'The queue holds 31 of 30 runs.' }, false],
    ['no reason', null, false],
    ['another title', { ...FULL, title: 'Call cannot be placed' }, true],
    ['another detail', { ...FULL, detail: 'None of the telephone numbers can be called.' }, true],
  ] as const)('%s', ([, reason, otherReason]) => {
    const { seen: judged } = knowing().rejected(place('suspect', 0), reason, at(100_000));
    expect(judged.otherReason).toBe(otherReason);
  });

  test('200 calls to one number that can never be placed are all judged by what a full queue is answered with', () => {
    const queue = knowing();
    const judged = Array.from({ length: 200 }, (_, n) => queue.rejected(place(`bad ${n}`, 0), NEVER, at(100_000 + n)));
    expect(judged.every(({ seen: { otherReason } }) => otherReason)).toBe(true);
  });
});

describe('a worker holds a retry back', () => {
  const waiting = (severity: Severity) => {
    const queue = new QueueTurns();
    queue.rejected(place('waits', 0, severity), FULL, at(0));
    return queue;
  };

  test('within a second of the one before, never a first POST', () => {
    const queue = waiting('error');
    expect(queue.admit(place('one', 1), 5_000)).toBeNull();
    expect(queue.admit(place('two', 1), 5_999)).toBeGreaterThanOrEqual(1_000);
    expect(queue.admit(place('first', 0), 5_999)).toBeNull();
    expect(queue.admit(place('three', 1), 7_001)).toBeNull();
  });

  test.for([
    ['critical', 'critical', true],
    ['error', 'critical', true],
    ['error', 'error', true],
    ['info', 'warning', true],
    ['critical', 'error', false],
    ['error', 'warning', false],
  ] as const)('%s behind a first POST of %s: %j', ([retry, first, held]) => {
    const queue = new QueueTurns();
    queue.admit(place('first', 0, first), 5_000);
    expect(queue.admit(place('retry', 1, retry), 5_500) !== null).toBe(held);
    expect(queue.admit(place('retry', 1, retry), 6_500)).toBeNull();
  });

  test.for(['error', 'warning', 'info'] as const)('of %s while a critical call waits, but one a minute', (severity) => {
    const queue = waiting('critical');
    const heldBackFor: (number | null)[] = [];
    for (let now = 3_000; now < 180_000; now += 3_000) {
      if (queue.admit(place('waits', 1, 'critical'), now) !== null) continue;
      queue.rejected(place('waits', 1, 'critical'), FULL, at(now));
      heldBackFor.push(queue.admit(place('lesser', 1, severity), now + 1_500));
    }
    expect(heldBackFor.filter((ms) => ms === null)).toHaveLength(2);
    expect(heldBackFor.every((ms) => ms === null || ms >= retryIntervalMs(severity, 1))).toBe(true);
  });

  test('no longer when the critical call has its place, or does not come back', () => {
    const placed = waiting('critical');
    placed.accepted('waits', at(2_000));
    expect(placed.admit(place('lesser', 1), 5_000)).toBeNull();
    expect(waiting('critical').admit(place('lesser', 1), 30_000)).toBeNull();
  });

  test('not for a critical call that is rejected for another reason than a full queue', () => {
    const queue = waiting('info');
    queue.accepted('waits', at(60_000));
    queue.rejected(place('bad', 0, 'critical'), NEVER, at(61_000));
    expect(queue.admit(place('lesser', 1), 62_500)).toBeNull();
  });
});

describe('a storm', () => {
  const infos = (count: number): Caller[] =>
    Array.from({ length: count }, (_, n) => ({ name: `info ${n}`, severity: 'info', at: (n * 30_000) / count }));
  const criticals = (count: number, from: number): Caller[] =>
    Array.from({ length: count }, (_, n) => ({ name: `critical ${n}`, severity: 'critical', at: from + n * 10 }));

  test('of 200 freed places a waiting critical call gets the first or the second in at least 95 %', () => {
    const space = new Space(1, infos(100));
    let soon = 0;
    for (let freed = 1; freed <= 200; freed += 1) {
      const before = space.placed.length;
      const name = `critical ${freed}`;
      space.comes({ name, severity: 'critical', at: freed * 60_000 });
      space.comes({ name: `another info ${freed}`, severity: 'info', at: freed * 60_000 });
      space.runUntil(freed * 60_000 + 20_000 + freed * 37);
      space.free(2);
      space.runUntil(freed * 60_000 + 59_000);
      if (space.placed.slice(before, before + 2).includes(name)) soon += 1;
    }
    expect(soon).toBeGreaterThanOrEqual(190);
  });

  test('40 critical calls together: at most one retry a second, each has its turn', () => {
    const space = new Space(1, [...infos(20), ...criticals(40, 60_000)]);
    space.runUntil(1_800_000);
    const retries = space.posts.filter(({ retry }) => retry);
    const gaps = retries.slice(1).map(({ at: time }, n) => time - (retries[n]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
    const counts = criticals(40, 0).map(({ name }) => retries.filter((post) => post.name === name).length);
    expect(Math.min(...counts)).toBeGreaterThan(15);
  });

  test('200 calls and a queue that empties: each is placed', () => {
    const space = new Space(1, [...infos(200)]);
    space.runUntil(7_200_000);
    space.free(200);
    space.runUntil(7_200_000 + 1_500_000);
    expect(space.placed).toHaveLength(200);
  });
});

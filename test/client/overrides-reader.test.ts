import { describe, expect, test } from 'vitest';
import { OverridesReader } from '../../src/client/duty-overrides.js';
import type { DutyOverrides, LiveOverride } from '../../src/contract/duty-schema.js';

const override = (number: number): LiveOverride => ({
  number,
  kind: 'take',
  parts: [],
  by: 'suzuki',
  reason: null,
  at: '2026-12-01T00:00:00Z',
  proposed: false,
  unconfirmed: [],
  confirmed: [],
  removed: null,
});
const published = (...numbers: readonly number[]): DutyOverrides => ({
  schedule: 'web',
  version: numbers.length,
  overrides: numbers.map(override),
});

/** A reader whose looks are answered by the test, and whose clock it moves. */
function readerAt() {
  let now = 10_000;
  const looks: { readonly answer: (published: DutyOverrides) => void; readonly fail: () => void }[] = [];
  const told: string[] = [];
  const look = () =>
    new Promise<DutyOverrides>((answer, reject) => {
      looks.push({ answer, fail: () => reject(new Error('out of reach')) });
    });
  const events = { failed: () => void told.push('failed'), succeeded: () => void told.push('succeeded') };
  const reader = new OverridesReader(look, events, () => now);
  const numbers = async () => (await reader.of('web')).map(({ number }) => number);
  return { looks, told, numbers, pass: (ms: number) => (now += ms) };
}

describe('what a process knows of the overrides', () => {
  test('is at most a second old, and one look is for all who ask', async () => {
    const { looks, numbers, pass } = readerAt();
    const first = Promise.all([numbers(), numbers()]);
    expect(looks).toHaveLength(1);
    looks[0]?.answer(published(1));
    expect(await first).toEqual([[1], [1]]);
    pass(999);
    expect(await numbers()).toEqual([1]);
    expect(looks).toHaveLength(1);
    pass(1);
    const second = numbers();
    looks[1]?.answer(published());
    expect(await second).toEqual([]);
  });

  test('is what was known last where a look fails, which is told once', async () => {
    const { looks, told, numbers, pass } = readerAt();
    const first = numbers();
    looks[0]?.answer(published(1));
    await first;
    for (let n = 1; n <= 2; n += 1) {
      pass(1_000);
      const asked = numbers();
      looks[n]?.fail();
      expect(await asked).toEqual([1]);
    }
    // Nobody waits again so soon for what has just failed.
    expect(await numbers()).toEqual([1]);
    expect(looks).toHaveLength(3);
    expect(told).toEqual(['failed']);
    pass(1_000);
    const asked = numbers();
    looks[3]?.answer(published(2));
    expect(await asked).toEqual([2]);
    expect(told).toEqual(['failed', 'succeeded']);
  });

  test('is not waited for when a look hangs, and what it says at last does not count before newer ones', async () => {
    const { looks, numbers, pass } = readerAt();
    expect(await numbers()).toEqual([]);
    pass(1_000);
    const second = numbers();
    looks[1]?.answer(published(1, 2));
    expect(await second).toEqual([1, 2]);
    looks[0]?.answer(published(1));
    expect(await numbers()).toEqual([1, 2]);
  });
});

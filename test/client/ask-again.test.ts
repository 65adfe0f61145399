import { describe, expect, test } from 'vitest';
import { askAgain } from '../../src/client/connect-temporal.js';

const { delayFunction, retryableDecider } = askAgain();
type Refusal = Parameters<typeof delayFunction>[1];
const RESOURCE_EXHAUSTED = 8;
const refusal = (details: string) => ({ code: RESOURCE_EXHAUSTED, details }) as unknown as Refusal;
const closing = refusal('workflow operation can not be applied because workflow is closing');

describe('how often a client asks again', () => {
  test('an incident that continues as new is asked again at once, also four times, well within the time of an answer', () => {
    const waits = [1, 2, 3, 4].map((attempt) => delayFunction(attempt, closing));
    expect(waits[0]).toBeLessThan(250);
    expect(waits.reduce((sum, ms) => sum + ms)).toBeLessThan(3_000);
    expect(retryableDecider(4, closing)).toBe(true);
  });

  test('a server that has too much to do is left alone for a second', () => {
    expect(delayFunction(1, refusal('namespace rate limit exceeded'))).toBeGreaterThan(1_000);
  });
});

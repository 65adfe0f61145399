import { describe, expect, test, type TestContext, vi } from 'vitest';
import { createActivities } from '../../src/activities/create-activities.js';
import { type PauseEvents, PauseUnknown, watchPause } from '../../src/client/calling-pause.js';
import type { CallingPause } from '../../src/contract/calling-pause.js';
import { FailureType } from '../../src/contract/names.js';

const PAUSE: CallingPause = {
  by: 'sato',
  reason: 'test',
  since: '2026-11-30T00:00:00Z',
  until: '2026-11-30T01:00:00Z',
};
const no = new Error('no answer');

/** A watch on a clock of the test's own; `later` lets time pass, with all that happens in it. */
async function watched(context: TestContext, first: () => Promise<CallingPause | null>) {
  vi.useFakeTimers();
  context.onTestFinished(() => void vi.useRealTimers());
  const look = vi.fn<() => Promise<CallingPause | null>>().mockImplementation(first);
  const failed = vi.fn<PauseEvents['failed']>();
  const succeeded = vi.fn<PauseEvents['succeeded']>();
  const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const watching = watchPause(look, { failed, succeeded });
  await later(0);
  return { watch: watching, look, failed, succeeded, later };
}
type Watched = Awaited<ReturnType<typeof watched>>;

async function current({ watch, later }: Watched): Promise<CallingPause | null | 'unknown'> {
  const asked = (await watch)
    .current()
    .catch((error: unknown) => (error instanceof PauseUnknown ? ('unknown' as const) : Promise.reject(error as Error)));
  await later(3_000);
  return await asked;
}

const told = ({ failed }: Watched) => failed.mock.calls.map(([, knowledge]) => knowledge);

describe('whether calling is paused', { sequential: true }, () => {
  test('a worker that has never been able to look sends nothing, and says so from the first time on', async (context) => {
    const one = await watched(context, () => Promise.reject(no));
    expect(told(one)).toEqual(['unknown']);
    expect(await current(one)).toBe('unknown');
    await one.later(3_600_000);
    expect(await current(one)).toBe('unknown');
    expect(told(one).length).toBeGreaterThan(50);
    expect(one.succeeded).not.toHaveBeenCalled();
    one.look.mockResolvedValue(null);
    expect(await current(one)).toBeNull();
    expect(one.succeeded).toHaveBeenCalledOnce();
  });

  test.for([
    ['a pause', PAUSE],
    ['no pause', null],
  ] as const)('what was seen last, %s, counts for a minute, and then nothing is sent', async ([, seen], context) => {
    const one = await watched(context, () => Promise.resolve(seen));
    expect(await current(one)).toEqual(seen);
    expect(told(one)).toEqual([]);
    one.look.mockRejectedValue(no);
    await one.later(2_000);
    expect(told(one)).toEqual(['known']);
    await one.later(50_000);
    expect(await current(one)).toEqual(seen);
    await one.later(10_000);
    expect(await current(one)).toBe('unknown');
    expect(told(one)).toEqual(['known', 'unknown']);
    await one.later(300_000);
    expect(told(one).slice(2)).toEqual(Array(5).fill('unknown'));
  });

  test('a look that hangs is as one that fails, and keeps no later one from being heard', async (context) => {
    const one = await watched(context, () => Promise.resolve(null));
    one.look.mockImplementation(() => new Promise(() => undefined));
    await one.later(70_000);
    expect(await current(one)).toBe('unknown');
    one.look.mockResolvedValue(PAUSE);
    expect(await current(one)).toEqual(PAUSE);
  });

  test('a request waits for a look where the last one is older than the time within which a pause is known', async (context) => {
    // Each answer takes 3 s, so what is known is always that old.
    const one = await watched(context, () => Promise.resolve(null));
    let paused: CallingPause | null = null;
    one.look.mockImplementation(() => {
      const seen = paused;
      return new Promise((resolve) => setTimeout(() => resolve(seen), 2_500));
    });
    await one.later(10_000);
    paused = PAUSE;
    await one.later(2_000);
    expect(await current(one)).toEqual(PAUSE);
  });

  test('a clock that is set back makes nothing known that is not', async (context) => {
    const one = await watched(context, () => Promise.resolve(null));
    one.look.mockRejectedValue(no);
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(await current(one)).toBe('unknown');
  });

  test('an answer that is overtaken by a newer one changes nothing', async (context) => {
    const one = await watched(context, () => Promise.resolve(null));
    const late: ((pause: CallingPause | null) => void)[] = [];
    one.look.mockImplementationOnce(() => new Promise((resolve) => late.push(resolve))).mockResolvedValue(PAUSE);
    await one.later(2_500);
    late.forEach((answer) => answer(null));
    expect(await current(one)).toEqual(PAUSE);
  });
});

test.for([
  [
    'is not known',
    () => Promise.reject(new PauseUnknown({ cause: no })),
    { known: false },
    /cannot be read.*no answer/,
  ],
  ['is paused', () => Promise.resolve(PAUSE), undefined, /paused by sato/],
] as const)('where calling %s a POST is provably not sent', async ([, callingPause, detail, words]) => {
  const pigeon = new Proxy({} as never, { get: () => () => Promise.reject(new Error('Pigeon was asked')) });
  const sleepWatch = { trustedNow: () => Date.now(), stop: () => undefined };
  const { invoke } = createActivities({ pigeon, sleepWatch, callingPause });
  const error: unknown = await invoke({ params: {} as never }).catch((failure: unknown) => failure);
  expect(error).toMatchObject({
    type: FailureType.CallingPaused,
    nonRetryable: true,
    message: expect.stringMatching(words) as string,
  });
  expect((error as { details?: unknown[] }).details?.[0]).toEqual(detail);
});

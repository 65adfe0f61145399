import { expect, test, vi } from 'vitest';
import { watchPause } from '../../src/calling-pause.js';

test('a pause is believed for a minute after it could be looked for, and then silences nobody', async (context) => {
  vi.useFakeTimers({ toFake: ['Date'] });
  context.onTestFinished(() => void vi.useRealTimers());
  const pause = { by: 'sato', reason: 'test', since: '', until: '' };
  const look = vi.fn<() => Promise<typeof pause | null>>(() => Promise.resolve(pause));
  const failed = vi.fn<(error: unknown) => void>();
  const watch = await watchPause(look, failed);
  context.onTestFinished(watch.stop);
  expect(watch.current()).toEqual(pause);
  look.mockRejectedValue(new Error('no answer'));
  await vi.waitFor(() => expect(look.mock.calls.length).toBeGreaterThan(2), { timeout: 30_000 });
  expect(watch.current()).toEqual(pause);
  expect(failed).not.toHaveBeenCalled();
  vi.setSystemTime(Date.now() + 60_000);
  await vi.waitFor(() => expect(watch.current()).toBeNull(), { timeout: 30_000 });
  expect(failed).toHaveBeenCalledOnce();
});

import { describe, expect, onTestFinished, test } from 'vitest';
import { createRunFinder } from '../../src/activities/find-run.js';
import {
  EMULATOR_TOKEN,
  manualClock,
  neverPicksUp,
  startEmulator,
  type EmulatorOptions,
} from '../../src/emulator/emulator.js';
import { createPigeonClient } from '../../src/pigeon/client.js';
import { PigeonUnauthorized } from '../../src/pigeon/errors.js';
import { callTo } from '../rig/rig.js';

const NUMBER = '0300000001';

/** A space whose lines are all free, so that every run is called at once, and listed. */
async function space(options: EmulatorOptions = {}) {
  const clock = manualClock(1_000_000);
  const emulator = await startEmulator({ clock, lines: 1_000, strangers: neverPicksUp(), ...options });
  emulator.space.switches.queueSize = 1_000;
  onTestFinished(() => emulator.close());
  const pigeon = createPigeonClient({ baseUrl: emulator.url, token: () => Promise.resolve(EMULATOR_TOKEN) });
  onTestFinished(() => pigeon.close());
  const finder = createRunFinder(pigeon);
  let progress = 0;
  const workflowRun = 'first-run';
  return {
    emulator,
    /** Places runs, each a second after the one before; only those with a reference carry a mark. */
    place: (...references: readonly (string | null)[]): readonly string[] =>
      references.map((reference) => {
        clock.advance(1_000);
        const { callflow, guidance } = callTo(NUMBER);
        const parameters = reference === null ? {} : { pigeonflowRef: reference, pigeonflowRun: workflowRun };
        const { resultId } = emulator.space.invoke({ params: { callflow, guidance, parameters } });
        clock.advance(1_000);
        return String(resultId);
      }),
    find: (reference: string, { run = workflowRun, postedAt }: { run?: string; postedAt?: number } = {}) =>
      finder.find(
        { reference, workflowRun: run, ...(postedAt !== undefined && { postedAt }) },
        { signal: new AbortController().signal, progress: () => void (progress += 1) },
      ),
    now: () => clock.now(),
    requests: () => emulator.journal.requests().length,
    progress: () => progress,
  };
}

const strangers = (count: number) => Array.from({ length: count }, () => null);

describe('a run is found by the reference among its parameters', () => {
  test('among others, whose results are read too', async () => {
    const { place, find } = await space();
    const [, wanted] = place('call/1#1', 'call/2#1', 'call/3#1');
    expect(await find('call/2#1')).toBe(wanted);
  });

  test('by calls that search at the same time, which share what they read', async () => {
    const { place, find, emulator } = await space();
    const references = Array.from({ length: 40 }, (_, n) => `call/${n}#1`);
    const placed = place(...references);
    const open = emulator.journal.requests().length;
    expect(await Promise.all(references.map((reference) => find(reference)))).toEqual(placed);
    const results = emulator.journal.requests().slice(open).filter(({ endpoint }) => endpoint === 'result'); // prettier-ignore
    // Those that have ended by then; a run that is called says more later, and is read again by a search that comes later.
    expect(results.length).toBeLessThanOrEqual(2 * placed.length);
  });

  test('while it waits for a line, where the space lists such runs', async () => {
    const { place, find } = await space({ lines: 1 });
    const [, waiting] = place('call/1#1', 'call/2#1');
    expect(await find('call/2#1')).toBe(waiting);
  });

  test.for([
    ['newestFirst', ['offset=0&limit=100']],
    ['oldestFirst', ['offset=0&limit=100', 'offset=100&limit=100']],
  ] as const)('at the new end of a long list, whatever its order is (%s)', async ([listOrder, pages]) => {
    const { place, find, emulator } = await space({ switches: { listOrder } });
    place(...strangers(120));
    const [wanted] = place('call/1#1');
    expect(await find('call/1#1')).toBe(wanted);
    expect(emulator.journal.listings().map((entry) => entry.path.split('?')[1])).toEqual(pages);
  });

  test('on the last 100 records of a list of 350', async () => {
    const { place, find, emulator } = await space({ switches: { listOrder: 'oldestFirst' } });
    place(...strangers(350));
    const [wanted] = place('call/1#1');
    expect(await find('call/1#1')).toBe(wanted);
    expect(emulator.journal.listings().at(-1)?.path).toContain('offset=251&limit=100');
  });

  test.for(['newestFirst', 'oldestFirst'] as const)(
    'behind the many that a busy space has called since (%s)',
    async (listOrder) => {
      const { place, find, emulator, now } = await space({ switches: { listOrder } });
      place(...strangers(250));
      const postedAt = now();
      const [wanted] = place('call/1#1');
      place(...strangers(250));
      expect(await find('call/1#1', { postedAt })).toBe(wanted);
      expect(emulator.journal.listings().length).toBeLessThanOrEqual(5);
    },
  );

  test('in a busy space no further back than a minute before its POST', async () => {
    const { place, find, emulator, now } = await space();
    place(...strangers(600));
    expect(await find('call/1#1', { postedAt: now() })).toBeNull();
    expect(emulator.journal.listings().length).toBeLessThanOrEqual(3);
  });

  test('by a space that tells of a run no more than it must', async () => {
    const { place, find } = await space({ switches: { callsShape: 'minimal', resultShape: 'minimal' } });
    const [wanted] = place('call/1#1');
    expect(await find('call/1#1')).toBe(wanted);
  });
});

describe('a run is not found', () => {
  test('that is not there: one page is enough for a short list', async () => {
    const { place, find, requests } = await space();
    place('call/1#1');
    expect(await find('call/2#1')).toBeNull();
    expect(requests()).toBe(2);
  });

  test('whose reference only begins in the same way', async () => {
    const { place, find } = await space();
    place('call/1#11');
    expect(await find('call/1#1')).toBeNull();
  });

  test('where the space keeps no parameters of an ad-hoc form', async () => {
    const { place, find } = await space({ switches: { adHocParameters: 'dropped' } });
    place('call/1#1');
    expect(await find('call/1#1')).toBeNull();
  });
});

describe('what was read once', () => {
  test('is not read again: a second look costs the list and the results of new runs', async () => {
    const { place, find, emulator } = await space();
    place('call/5#1', 'call/6#1', 'call/7#1', 'call/8#1', 'call/9#1');
    await find('call/1#1');
    const [wanted] = place('call/1#1');
    expect(await find('call/1#1')).toBe(wanted);
    expect(emulator.journal.listings()).toHaveLength(2);
    expect(emulator.journal.polls()).toHaveLength(6);
  });

  test('is read again while it is active and carries no mark, since Pigeon may not show all of it yet', async () => {
    const { place, find, emulator } = await space();
    place(null);
    await find('call/1#1');
    await find('call/1#1');
    expect(emulator.journal.polls()).toHaveLength(2);
  });
});

test('the run of an older workflow with the same id is not taken for ours', async () => {
  const { place, find } = await space();
  place('call/1#1');
  expect(await find('call/1#1', { run: 'another-run' })).toBeNull();
});

describe('what goes wrong', () => {
  test('a run whose result the space does not give yet is passed over, and asked for again', async () => {
    const { place, find, emulator } = await space();
    const [wanted] = place('call/1#1');
    emulator.faults.inject('result', { kind: 'status', status: 404 });
    expect(await find('call/1#1')).toBeNull();
    expect(await find('call/1#1')).toBe(wanted);
  });

  test('a result that cannot be read now ends the look, and is asked for at the next', async () => {
    const { place, find, emulator } = await space();
    const [wanted] = place('call/1#1');
    emulator.faults.inject('result', { kind: 'status', status: 503 });
    await expect(find('call/1#1')).rejects.toThrow('503');
    expect(await find('call/1#1')).toBe(wanted);
  });

  test('a token that is not valid is an error, not "not found"', async () => {
    const { find, emulator } = await space();
    emulator.tokens.revoke(EMULATOR_TOKEN);
    await expect(find('call/1#1')).rejects.toBeInstanceOf(PigeonUnauthorized);
  });

  test('each answer is progress, so that a long look is not taken for a dead one', async () => {
    const { place, find, progress } = await space();
    place(...strangers(3));
    await find('call/1#1');
    expect(progress()).toBeGreaterThanOrEqual(4);
  });
});

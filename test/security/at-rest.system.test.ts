import { expect, test, type TestContext } from 'vitest';
import { keysText } from '../codec/keys-of.js';
import { formsOf } from './forms-of.js';
import { install } from './installation.js';
import { liveThroughEverything, PLANTED, POLICIES, SPACE } from './scenarios.js';

const LIMIT_MS = 300_000;
const TOKEN = 'planted-token-5fb1';

/** Where each planted text is found after a run of every scenario, and in which form. */
async function findingsIn(context: TestContext, keys: string | null): Promise<Readonly<Record<string, string[]>>> {
  const here = await install(context, { ...SPACE, keys, policies: POLICIES, token: TOKEN });
  await here.startWorker();
  await liveThroughEverything(here);
  const places = await here.exposed();
  expect(here.emulator.journal.invokes().filter((entry) => entry.spaceStatus === 201).length).toBeGreaterThan(5); // by the token
  for (const place of Object.values(places)) expect(place.length).toBeGreaterThan(0);
  const found = ([, text]: readonly [string, string]) =>
    Object.entries(places).flatMap(([place, content]) =>
      formsOf(text)
        .filter(({ bytes }) => content.includes(bytes))
        .map(({ name }) => `${place}, as ${name}`),
    );
  return Object.fromEntries([...Object.entries(PLANTED), ['token', TOKEN] as const].map((one) => [one[0], found(one)]));
}

test('encrypted, nothing of what is said, typed or answered can be read', { timeout: LIMIT_MS }, async (context) => {
  const keys = keysText('2026-11-22');
  const findings = await findingsIn(context, keys);
  expect(findings).toEqual(Object.fromEntries(Object.keys(findings).map((what) => [what, []])));
});

test(
  'not encrypted, all of it is found in the database, and nothing in logs',
  { timeout: LIMIT_MS },
  async (context) => {
    const findings = await findingsIn(context, null);
    const { token, ...said } = findings;
    for (const [what, places] of Object.entries(said)) {
      expect({ what, places }).toEqual({
        what,
        places: expect.arrayContaining(['temporal.db, as UTF-8', 'what the server answers, as UTF-8']) as string[],
      });
      expect(places.join()).not.toMatch(/logs|metrics/);
    }
    expect(token).toEqual([]); // it leaves the worker for Pigeon alone
  },
);

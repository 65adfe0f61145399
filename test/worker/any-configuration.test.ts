import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ConfigurationError,
  readClientConfig,
  readCodecServerConfig,
  readGatewayConfig,
  readWorkerConfig,
} from '../../src/config/config.js';
import { CODEC_SERVER, GATEWAY, WORKER } from '../../src/config/table.js';
import type { Settings } from '../../src/config/variables.js';

const SECRET = 'planted-secret';
/** Not a test of the certificates of Temporal, and of proxies in small letters besides. */
const PROGRAMS: readonly Settings[] = [WORKER, GATEWAY, CODEC_SERVER];
const VARIABLES = PROGRAMS.flatMap((settings) =>
  Object.values(settings).flatMap(({ rows }) => rows.flatMap(({ names }) => names)),
)
  .filter((name) => !name.endsWith('*'))
  .concat('TEMPORAL_TLS', 'http_proxy', 'no_proxy');
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', 'off', 'on', '0', '-1', '1e99', 'NaN', '0x10', '1.5', '/dev/null', '/', '127.0.0.1:1'),
  fc.constantFrom('http://127.0.0.1:1', 'http://user:password@127.0.0.1', 'https://[::1]', '[::1]:80', 'a:b:c', 'a b'),
);
/** Not a test of this machine's proxies and profiles. */
const environment = fc.dictionary(fc.constantFrom(...VARIABLES), value, { maxKeys: VARIABLES.length });

test.for([
  ['a worker', readWorkerConfig],
  ['the command', readClientConfig],
  ['a gateway', readGatewayConfig],
  ['a codec server', readCodecServerConfig],
] as const)(
  'whatever the variables hold, %s starts with sound values or names the variables that are wrong',
  ([, read]) => {
    fc.assert(
      fc.property(environment, (env) => {
        const { config, problems } = readOr(() => read({ ...env, PIGEON_API_TOKEN: SECRET }));
        expect(numbersIn(config).every((number) => Number.isFinite(number) && number >= 0)).toBe(true);
        expect(config === null ? problems.length : 1).toBeGreaterThan(0);
        expect(problems.filter((problem) => !/PIGEON|TEMPORAL_/.test(problem) || problem.includes(SECRET))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  },
);

function numbersIn(config: unknown): readonly number[] {
  if (typeof config === 'number') return [config];
  return typeof config === 'object' && config !== null ? Object.values(config).flatMap(numbersIn) : [];
}

function readOr(read: () => object): { readonly config: object | null; readonly problems: readonly string[] } {
  try {
    return { config: read(), problems: [] };
  } catch (error) {
    if (error instanceof ConfigurationError) return { config: null, problems: error.problems };
    throw error;
  }
}

import { inspect } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { createPigeonClient, type PigeonClient, type PigeonClientOptions } from '../../../src/pigeon/client.js';
import { PigeonError } from '../../../src/pigeon/errors.js';
import type { InvokeParams } from '../../../src/pigeon/wire.js';

export const TOKEN = 'tok-5ecret-of-the-space';
export const USER = 'operator';
export const PASSWORD = 'pa55word-of-basic-auth';
export const PROXY_PASSWORD = 'pr0xy-password';
export const PHONE = '0312345678';

/** Says of itself what must not be said. */
const SECRETS = [
  TOKEN,
  PASSWORD,
  PROXY_PASSWORD,
  PHONE,
  '03-1234-5678',
  Buffer.from(`${USER}:${PASSWORD}`).toString('base64'),
];

export const SHORT_LIMIT_MS = 300;

export const PARAMS: InvokeParams = {
  callflow: { loopLimit: 1, contacts: [{ displayName: '田中', phones: [{ phoneNumber: PHONE }] }] },
  guidanceId: '570e6f71-0000-4000-8000-000000000000',
};

/** A client of the server at `baseUrl`, closed when the test is over. The limit is generous: only tests about it set it. */
export function clientOf(baseUrl: string, options: Partial<PigeonClientOptions> = {}): PigeonClient {
  const client = createPigeonClient({
    baseUrl,
    token: () => Promise.resolve(TOKEN),
    basicAuth: () => Promise.resolve(`${USER}:${PASSWORD}`),
    timeLimitMs: 5_000,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** The error that `work` rejects with. Fails when there is none, when it is not ours, and when it tells a secret. */
export async function failureOf(work: Promise<unknown>): Promise<PigeonError> {
  const error: unknown = await work.then(
    () => expect.fail('expected a failure'),
    (reason: unknown) => reason,
  );
  expectNoSecretIn(error);
  if (!(error instanceof PigeonError)) throw new Error('not a PigeonError', { cause: error });
  return error;
}

function expectNoSecretIn(error: unknown): void {
  const shown = [inspect(error, { depth: Infinity, showHidden: true, getters: true }), JSON.stringify(error)];
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    shown.push(
      link.message,
      link.stack ?? '',
      JSON.stringify(link),
      JSON.stringify(Object.getOwnPropertyDescriptors(link)),
    );
  }
  for (const secret of SECRETS) expect(shown.join('\n')).not.toContain(secret);
}

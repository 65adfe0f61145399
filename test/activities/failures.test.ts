import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { reporting } from '../../src/activities/create-activities.js';
import { FailureType } from '../../src/contract/names.js';
import {
  PigeonCredentialMissing,
  PigeonForbidden,
  PigeonNotFound,
  PigeonNotReached,
  PigeonNotSent,
  PigeonRateLimited,
  PigeonRedirected,
  PigeonRefused,
  PigeonUnauthorized,
  PigeonUnconfirmed,
} from '../../src/pigeon/errors.js';

const reported = (error: unknown): Promise<unknown> =>
  reporting(() => Promise.reject(error as Error))(null).catch((failure: unknown) => failure);

describe('what an activity reports', () => {
  test.for([
    [new PigeonNotSent('m', 'ECONNREFUSED'), FailureType.PigeonNotSent],
    [new PigeonCredentialMissing('m', '/file'), FailureType.PigeonNotSent],
    [new PigeonRedirected('m', 302, null), FailureType.PigeonNotSent],
    [new PigeonNotReached('m', 404, null), FailureType.PigeonNotSent],
    [new PigeonUnconfirmed('m', 'HTTP_502', 502), FailureType.PigeonUnconfirmed],
    [new PigeonUnauthorized('m'), FailureType.PigeonUnauthorized],
    [new PigeonForbidden('m'), FailureType.PigeonForbidden],
    [new PigeonNotFound('m', null), FailureType.PigeonNotFound],
    [new PigeonRefused('m', 422, null), FailureType.PigeonRefused],
    [new PigeonRateLimited('m', null), FailureType.PigeonRateLimited],
  ] as const)('%s is a failure of the type %s, with its message', async ([error, type]) => {
    const failure = await reported(error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type, message: 'm', nonRetryable: false, details: [] });
    expect(failure).not.toHaveProperty('nextRetryDelay', expect.anything());
  });

  test.for([
    [0, 0],
    [30_000, 30_000],
    [3_600_000, 60_000],
  ])('Retry-After of %i ms is told whole in the details, and delays the next try by %i ms', async ([given, delay]) => {
    expect(await reported(new PigeonRateLimited('m', given ?? null))).toMatchObject({
      details: [{ retryAfterMs: given }],
      nextRetryDelay: delay,
    });
  });

  test('no type is left out of the table above that tells of Pigeon', () => {
    expect(Object.values(FailureType).filter((type) => type.startsWith('Pigeon'))).toHaveLength(7);
  });

  test('an error that is none of Pigeon stays what it is, so that a cancelled activity is cancelled', async () => {
    const error = new TypeError('x');
    expect(await reported(error)).toBe(error);
  });

  test('what succeeds is passed on', async () => {
    expect(await reporting((request: string) => Promise.resolve(`${request}!`))('x')).toBe('x!');
  });
});

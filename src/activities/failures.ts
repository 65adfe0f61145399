import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/names.js';
import {
  PigeonForbidden,
  PigeonNotFound,
  PigeonNotReached,
  PigeonNotSent,
  PigeonRateLimited,
  PigeonRedirected,
  PigeonRefused,
  PigeonUnauthorized,
  PigeonUnconfirmed,
} from '../pigeon/errors.js';

/** An activity whose errors of the Pigeon client reach the workflow as failures of a `FailureType`. */
export function reporting<Request, Reply>(
  activity: (request: Request) => Promise<Reply>,
): (request: Request) => Promise<Reply> {
  return async (request) => {
    try {
      return await activity(request);
    } catch (error) {
      throw failureOf(error);
    }
  };
}

function failureOf(error: unknown): unknown {
  const type = failureTypeOf(error);
  if (type === null || !(error instanceof Error)) return error;
  const retryAfterMs = error instanceof PigeonRateLimited ? error.retryAfterMs : null;
  return ApplicationFailure.create({
    type,
    message: error.message,
    // The detail is for the POST, which has one attempt and so no next one; the delay is for all others.
    details: retryAfterMs === null ? [] : [{ retryAfterMs }],
    ...(retryAfterMs !== null && { nextRetryDelay: Math.min(retryAfterMs, 60_000) }),
  });
}

function failureTypeOf(error: unknown): FailureType | null {
  const nothingDone = [PigeonNotSent, PigeonRedirected, PigeonNotReached];
  if (nothingDone.some((kind) => error instanceof kind)) return FailureType.PigeonNotSent;
  if (error instanceof PigeonUnauthorized) return FailureType.PigeonUnauthorized;
  if (error instanceof PigeonForbidden) return FailureType.PigeonForbidden;
  if (error instanceof PigeonNotFound) return FailureType.PigeonNotFound;
  if (error instanceof PigeonRateLimited) return FailureType.PigeonRateLimited;
  if (error instanceof PigeonRefused) return FailureType.PigeonRefused;
  if (error instanceof PigeonUnconfirmed) return FailureType.PigeonUnconfirmed;
  return null;
}

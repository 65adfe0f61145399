import { ActivityFailure, ApplicationFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { FailureType } from '../../contract/names.js';
import type { Blocker } from '../../contract/pigeon-call-schema.js';
import { words } from '../../words/words.js';

/** What the failure of an activity means for the call. Pure. */
export type Verdict =
  /** The space refuses us or is out of reach; nothing was done. Wait, loudly, and ask again. */
  | {
      readonly kind: 'blocked';
      readonly by: Blocker;
      readonly message: string;
      readonly retryAfterMs: number | null;
    }
  /** Pigeon refused what this call asks for: asking again gives the same answer. */
  | { readonly kind: 'refused'; readonly message: string; readonly type: FailureType }
  /** Sent, or perhaps sent, and not confirmed. */
  | { readonly kind: 'unconfirmed'; readonly message: string };

export function verdictOf(error: unknown): Verdict {
  const cause = causeOf(error);
  if (cause instanceof TimeoutFailure) {
    return cause.timeoutType === TimeoutType.SCHEDULE_TO_START
      ? {
          kind: 'blocked',
          by: 'unreachable',
          message: words().call.noWorkerTook,
          retryAfterMs: null,
        }
      : { kind: 'unconfirmed', message: words().call.workerSilent };
  }
  const message = cause instanceof Error ? cause.message : words().call.activityFailed;
  if (!(cause instanceof ApplicationFailure)) return { kind: 'unconfirmed', message };
  switch (cause.type) {
    case FailureType.PigeonNotSent:
    case FailureType.PayloadUnreadable:
    case FailureType.CalleesUnreadable:
      return { kind: 'blocked', by: 'unreachable', message, retryAfterMs: null };
    case FailureType.CallingPaused:
      return { kind: 'blocked', by: pauseIsKnown(cause) ? 'paused' : 'pauseUnknown', message, retryAfterMs: null };
    case FailureType.PigeonUnauthorized:
    case FailureType.PigeonForbidden:
    case FailureType.PigeonRateLimited:
      return { kind: 'blocked', by: 'refused', message, retryAfterMs: retryAfterOf(cause) };
    case FailureType.PigeonRefused:
    case FailureType.PigeonNotFound:
      return { kind: 'refused', message, type: FailureType.PigeonRefused };
    default:
      // Whatever we do not know must not lead to a second call in silence.
      return { kind: 'unconfirmed', message };
  }
}

/** Whether Pigeon answered that this is not for us, or not there. Its 401 says so of the token, not of what was asked for. */
export function isRefusal(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof ApplicationFailure && REFUSALS.includes(cause.type ?? '');
}

const REFUSALS: readonly string[] = [
  FailureType.PigeonForbidden,
  FailureType.PigeonNotFound,
  FailureType.PigeonRefused,
];

/** Who keeps the result of a call from being read: Pigeon, which answers with a refusal, or the way to it. */
export function blockerOf(verdict: Verdict): Blocker {
  if (verdict.kind === 'blocked') return verdict.by;
  return verdict.kind === 'refused' ? 'refused' : 'unreachable';
}

/** Why it failed: of an activity whose time for all its attempts ran out, why the last of them failed. */
function causeOf(error: unknown): unknown {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const ranOut = cause instanceof TimeoutFailure && cause.timeoutType === TimeoutType.SCHEDULE_TO_CLOSE;
  return ranOut && cause.cause !== undefined ? cause.cause : cause;
}

function pauseIsKnown(failure: ApplicationFailure): boolean {
  const detail: unknown = failure.details?.[0];
  return typeof detail !== 'object' || detail === null || !('known' in detail) || detail.known !== false;
}

/** `details[0].retryAfterMs`, at most an hour: a provider's slip must not silence a call for a day. */
function retryAfterOf(failure: ApplicationFailure): number | null {
  const detail: unknown = failure.details?.[0];
  if (typeof detail !== 'object' || detail === null || !('retryAfterMs' in detail)) return null;
  const { retryAfterMs } = detail;
  return typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? Math.min(retryAfterMs, 3_600_000) : null;
}

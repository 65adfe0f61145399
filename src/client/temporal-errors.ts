import { isGrpcServiceError, WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, NamespaceNotFoundError, TerminatedFailure } from '@temporalio/common';
import { FailureType } from '../contract/names.js';
import {
  CallCancelled,
  CallFailed,
  CallInputInvalid,
  CallNotFound,
  CallRefused,
  CallTerminated,
  PigeonflowError,
  TemporalRefused,
  TemporalUnreachable,
} from './errors.js';

/** Status codes of gRPC. */
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/** What broke off: the server or the way to it. The last three also appear when a server or a proxy goes down. */
const UNREACHABLE: readonly number[] = [UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, CANCELLED];

/** An error of Temporal's client as one of ours; what has no class of ours stays as it is. */
export function translated(error: unknown, temporal: Client, callId: string | null): unknown {
  if (error instanceof PigeonflowError) return error;
  if (error instanceof WorkflowFailedError) return endOf(error, callId ?? '');
  if (error instanceof WorkflowNotFoundError) return noSuchCall(callId ?? error.workflowId, temporal.options.namespace);
  if (error instanceof NamespaceNotFoundError) {
    return new TemporalRefused(
      `Temporal at ${addressOf(temporal)} has no namespace ${error.namespace}. Correct TEMPORAL_NAMESPACE, or create it.`,
      { cause: error },
    );
  }
  const grpc = grpcErrorIn(error);
  if (grpc === null) return error;
  if (grpc.code === PERMISSION_DENIED || grpc.code === UNAUTHENTICATED) {
    return new TemporalRefused(
      `Temporal at ${addressOf(temporal)} refuses us (${grpc.details}). Check TEMPORAL_API_KEY, TEMPORAL_TLS_* and the rights in the namespace ${temporal.options.namespace}.`,
      { cause: error },
    );
  }
  if (UNREACHABLE.includes(grpc.code)) {
    return new TemporalUnreachable(addressOf(temporal), reasonOf(grpc), { cause: error });
  }
  return error;
}

export function noSuchCall(callId: string, namespace: string, why = ''): CallNotFound {
  return new CallNotFound(
    `There is no call ${callId} in the namespace ${namespace}${why}. Check the id and TEMPORAL_NAMESPACE.`,
  );
}

/** How a workflow ended that gave no result. The failure itself is the `cause`. */
function endOf(error: WorkflowFailedError, callId: string): PigeonflowError {
  const { cause } = error;
  if (cause instanceof CancelledFailure) return new CallCancelled(callId, { cause });
  if (cause instanceof TerminatedFailure) return new CallTerminated(callId, { cause });
  if (cause instanceof ApplicationFailure && cause.type === FailureType.PigeonRefused) {
    return new CallRefused(`Pigeon refused the call ${callId}: ${cause.message}`, { cause });
  }
  if (cause instanceof ApplicationFailure && cause.type === FailureType.InvalidInput) {
    const problems: unknown = cause.details?.[0];
    return new CallInputInvalid(isTexts(problems) ? problems : [cause.message], { cause });
  }
  return new CallFailed(callId, cause?.message ?? error.message, { cause });
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string');

/** The error of gRPC, which Temporal's client throws as it is or wrapped; null when it is none. */
export function grpcErrorIn(error: unknown): { readonly code: number; readonly details: string } | null {
  if (isGrpcServiceError(error)) return error;
  return error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : null;
}

/** `No connection established. Last error: Error: connect ECONNREFUSED … Resolution note: ` → the part that tells something. */
export function reasonOf({ code, details }: { readonly code: number; readonly details: string }): string {
  if (code === DEADLINE_EXCEEDED) return 'it did not answer in time';
  const last = /Last error: (?:Error: )?(.*?)\.? Resolution note:/s.exec(details)?.[1];
  return (last ?? details).replace(/\.$/, '');
}

export function addressOf({ connection }: Pick<Client, 'connection'>): string {
  if (!('options' in connection) || typeof connection.options !== 'object' || connection.options === null) return '?';
  return 'address' in connection.options ? String(connection.options.address) : '?';
}

import { isGrpcServiceError, WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, NamespaceNotFoundError, TerminatedFailure } from '@temporalio/common';
import { FailureType, OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../contract/names.js';
import { searchAttributesCommand } from './search-attributes.js';
import {
  CallCancelled,
  CallFailed,
  CallInputInvalid,
  CallNotFound,
  CallRefused,
  CallTerminated,
  IncidentFailed,
  IncidentInputInvalid,
  IncidentNotFound,
  IncidentTerminated,
  PigeonflowError,
  TemporalRefused,
  TemporalUnreachable,
} from './errors.js';

/** Status codes of gRPC. */
const CANCELLED = 1;
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/** What broke off: the server or the way to it. The last three also appear when a server or a proxy goes down. */
const UNREACHABLE: readonly number[] = [UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, CANCELLED];

/** What was asked about: how it is said that there is none, and how it ended without a result. */
export interface Subject {
  readonly noSuch: (why?: string) => PigeonflowError;
  readonly endedBy: (failure: WorkflowFailedError) => PigeonflowError;
}

export const callSubject = ({ options }: Pick<Client, 'options'>, callId: string): Subject => ({
  noSuch: (why = '') =>
    new CallNotFound(
      `There is no call ${callId} in the namespace ${options.namespace}${why}. Check the id and TEMPORAL_NAMESPACE.`,
    ),
  endedBy: (failure) => callEndedBy(failure, callId),
});

/** How a call ended that gave no result. The failure itself is the `cause`. */
function callEndedBy(error: WorkflowFailedError, callId: string): PigeonflowError {
  const { cause } = error;
  if (cause instanceof CancelledFailure) return new CallCancelled(callId, { cause });
  if (cause instanceof TerminatedFailure) return new CallTerminated(callId, { cause });
  if (cause instanceof ApplicationFailure && cause.type === FailureType.PigeonRefused) {
    return new CallRefused(`Pigeon refused the call ${callId}: ${cause.message}`, { cause });
  }
  if (cause instanceof ApplicationFailure && cause.type === FailureType.InvalidInput) {
    return new CallInputInvalid(problemsIn(cause), { cause });
  }
  return new CallFailed(callId, cause?.message ?? error.message, { cause });
}

export const incidentSubject = ({ options }: Pick<Client, 'options'>, incidentId: string): Subject => ({
  noSuch: (why = '') =>
    new IncidentNotFound(
      `There is no incident ${incidentId} in the namespace ${options.namespace}${why}. Check the id and TEMPORAL_NAMESPACE; pigeonflow incident list shows all.`,
    ),
  endedBy: (failure) => incidentEndedBy(failure, incidentId),
});

/** How an incident ended that gave no result. The failure itself is the `cause`. */
function incidentEndedBy(error: WorkflowFailedError, incidentId: string): PigeonflowError {
  const { cause } = error;
  if (cause instanceof TerminatedFailure) return new IncidentTerminated(incidentId, { cause });
  if (cause instanceof ApplicationFailure && cause.type === FailureType.InvalidInput) {
    return new IncidentInputInvalid(problemsIn(cause), { cause });
  }
  return new IncidentFailed(incidentId, cause?.message ?? error.message, { cause });
}

/** An error of Temporal's client as one of ours; what has no class of ours stays as it is. */
export function translated(error: unknown, temporal: Client, subject: Subject | null): unknown {
  if (error instanceof PigeonflowError) return error;
  if (subject !== null && error instanceof WorkflowFailedError) return subject.endedBy(error);
  if (subject !== null && error instanceof WorkflowNotFoundError) return subject.noSuch();
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
  if (grpc.code === INVALID_ARGUMENT && /search attribute/i.test(grpc.details)) {
    const command = searchAttributesCommand(temporal.options.namespace, [STATE_ATTRIBUTE, OWNER_ATTRIBUTE]);
    return new TemporalRefused(
      `The namespace ${temporal.options.namespace} lacks search attributes (${grpc.details}). A worker registers them where it may; else an administrator runs: ${command}`,
      { cause: error },
    );
  }
  if (UNREACHABLE.includes(grpc.code)) {
    return new TemporalUnreachable(addressOf(temporal), reasonOf(grpc), { cause: error });
  }
  return error;
}

/** The texts that an `ApplicationFailure` of ours carries as its first detail: one for each field that is wrong. */
export function problemsIn(failure: ApplicationFailure): readonly string[] {
  const problems: unknown = failure.details?.[0];
  return isTexts(problems) ? problems : [failure.message];
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

import {
  CallCancelled,
  CallInputInvalid,
  CallNotFound,
  CallRefused,
  CallTerminated,
  DutyInputInvalid,
  SilenceInputInvalid,
  IncidentInputInvalid,
  IncidentNotFound,
  IncidentStillClosing,
  IncidentTerminated,
  InvalidCallId,
  NoAnswer,
  NoWorker,
  TemporalRefused,
  TemporalUnreachable,
} from '../client.js';
import { KeysFileUnusable, PayloadUnreadable } from '../codec/index.js';
import { ConfigurationError } from '../config/config.js';
import { ExitCode, UsageError } from './exit-code.js';

type ErrorClass = abstract new (...given: never[]) => Error;

const EXIT_CODE_OF_ERROR: readonly (readonly [ErrorClass, ExitCode])[] = [
  [ConfigurationError, ExitCode.usage],
  [UsageError, ExitCode.usage],
  [KeysFileUnusable, ExitCode.usage],
  [PayloadUnreadable, ExitCode.usage],
  [InvalidCallId, ExitCode.usage],
  [CallInputInvalid, ExitCode.usage],
  [CallNotFound, ExitCode.usage],
  [DutyInputInvalid, ExitCode.usage],
  [SilenceInputInvalid, ExitCode.usage],
  [IncidentInputInvalid, ExitCode.usage],
  [IncidentNotFound, ExitCode.usage],
  [TemporalRefused, ExitCode.usage],
  [CallCancelled, ExitCode.stopped],
  [CallTerminated, ExitCode.stopped],
  [IncidentTerminated, ExitCode.stopped],
  [IncidentStillClosing, ExitCode.notAllowed],
  [CallRefused, ExitCode.refused],
  [TemporalUnreachable, ExitCode.unreachable],
  [NoWorker, ExitCode.unreachable],
  [NoAnswer, ExitCode.unreachable],
];

/** The exit code for what a command failed with. Every message of these errors says what to do next. */
export function exitCodeOf(error: unknown): ExitCode {
  return EXIT_CODE_OF_ERROR.find(([kind]) => error instanceof kind)?.[1] ?? ExitCode.internal;
}

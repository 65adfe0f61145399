import type { LogLevel as SdkLevel, LogMetadata, Logger } from '@temporalio/worker';
import { pino, type Logger as Pino } from 'pino';
import type { LogLevel } from '../config/config.js';

/** JSON lines on standard output, times in RFC 3339. */
export function createLog(level: LogLevel): Pino {
  return pino({
    level,
    base: { service: 'pigeonflow' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}

const PINO_LEVEL = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** What of the SDK's metadata is logged: ids and names, never an input, an output or a task. */
const LOGGED = [
  'workflowId',
  'runId',
  'workflowRunId', // the run of an activity; logged as `runId` too
  'workflowType',
  'activityId',
  'activityType',
  'attempt',
  'taskQueue',
  'sdkComponent',
  // of an incident that nobody was reached for
  'policy',
  'placedCalls',
];

/** Temporal's own log lines, in the same form as ours. */
export function temporalLogger(log: Pino): Logger {
  const write = (level: SdkLevel, message: string, meta: LogMetadata = {}) => {
    const error: unknown = meta['error'];
    const fields = Object.fromEntries(
      LOGGED.filter((key) => key in meta).map((key) => [key === 'workflowRunId' ? 'runId' : key, meta[key] as unknown]),
    );
    log[quiet(level, message, meta) ? 'debug' : PINO_LEVEL[level]](
      { ...fields, ...(error instanceof Error && { error: describeError(error) }) },
      message,
    );
  };
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}

/** The SDK's own life cycle is of no use to operators, who have ours; nor that the queue of the POST has no workflows. */
function quiet(level: SdkLevel, message: string, meta: LogMetadata): boolean {
  return meta['sdkComponent'] === 'worker' && (level === 'INFO' || message.startsWith('No workflows registered'));
}

/**
 * An error by its class, its failure type and where it was thrown. Its message is left out: a message may quote what a
 * caller or Pigeon said, and the run's history has it.
 */
function describeError(error: Error): Readonly<Record<string, unknown>> {
  const at = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return {
    name: error.name,
    ...('type' in error && typeof error.type === 'string' && { type: error.type }),
    ...(at !== undefined && { at: at.trim() }),
  };
}

import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import type { Logger as Pino } from 'pino';
import { pauseUnless } from '../process/aborted.js';
import type { WorkerConfig } from '../config/config.js';
import type { Health } from '../process/health.js';
import { missingSearchAttributes, searchAttributesCommand } from '../client/search-attributes.js';
import { lookAtTls } from '../process/look-at-tls.js';

const RETRY_INTERVAL_MS = 500;
/** Every 15 s it says again that it waits. */
const TRIES_BETWEEN_WORDS = 30;
const ANSWER_TIMEOUT_MS = 10_000;

/** Waits for the server; null when it is told to stop meanwhile. */
export async function connected(
  { temporal: { connection: options } }: WorkerConfig,
  log: Pino,
  health: Health,
  stop: AbortSignal,
): Promise<NativeConnection | null> {
  const { address } = options;
  for (let tries = 0; !stop.aborted; tries += 1) {
    try {
      return await connect(options, stop);
    } catch (error) {
      if (!stop.aborted && tries % TRIES_BETWEEN_WORDS === 0) {
        const why = (await lookAtTls(options))?.why ?? firstLine(error);
        health.reason = `Temporal at ${address} cannot be reached: ${why}`;
        log.warn({ address, why, retryInMs: RETRY_INTERVAL_MS }, 'Temporal cannot be reached');
      }
      await pauseUnless(stop, RETRY_INTERVAL_MS);
    }
  }
  return null;
}

/** @throws Error also when the server takes the connection and says nothing, for which the SDK would wait for ever. */
export async function connect(options: NativeConnectionOptions, stop: AbortSignal): Promise<NativeConnection> {
  // The SDK's default, gzip, takes longer than the few KiB of a step; the server answers as it is asked.
  const connecting = NativeConnection.connect({ ...options, grpcCompression: { codec: 'none' } });
  const answered = new AbortController();
  const over = () => {
    stop.removeEventListener('abort', over);
    answered.abort();
  };
  stop.addEventListener('abort', over);
  const first = await Promise.race([connecting, pauseUnless(answered.signal, ANSWER_TIMEOUT_MS)]).finally(over);
  if (first !== undefined) return first;
  void connecting.then(
    (connection) => connection.close(),
    () => undefined,
  );
  throw new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`);
}

/** Five seconds of half seconds, then it is time to be loud. */
const ATTRIBUTE_TRIES = 10;

/** Waits until the namespace has the search attributes; false when it is told to stop meanwhile. */
export async function attributesThere(
  connection: NativeConnection,
  { temporal: { namespace } }: WorkerConfig,
  log: Pino,
  health: Health,
  stop: AbortSignal,
): Promise<boolean> {
  for (let tries = 1; !stop.aborted; tries += 1) {
    try {
      const missing = await missingSearchAttributes(connection, namespace);
      if (missing.length === 0) return true;
      const command = searchAttributesCommand(namespace, missing);
      health.reason = `the namespace ${namespace} lacks the search attributes ${missing.join(' and ')}; an administrator runs: ${command}`;
      // Those that were registered just now are usable within some seconds.
      if (tries > ATTRIBUTE_TRIES)
        log.error({ missing, command }, 'search attributes are missing: an administrator must register them');
    } catch (error) {
      const why = firstLine(error);
      health.reason = `the search attributes of the namespace ${namespace} cannot be read: ${why}`;
      log.warn({ namespace, why }, 'the search attributes cannot be read');
    }
    await pauseUnless(stop, tries > ATTRIBUTE_TRIES ? 10_000 : RETRY_INTERVAL_MS);
  }
  return false;
}

const firstLine = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);

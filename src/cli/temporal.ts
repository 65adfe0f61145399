import type { Client } from '@temporalio/client';
import { createPigeonflowClient, type PigeonflowClient } from '../client.js';
import { connectTemporal } from '../client/connect-temporal.js';
import { openDataConverter } from '../codec/index.js';
import { readClientConfig } from '../config/config.js';
import { speak } from '../words/words.js';

/**
 * Connects as the environment says, and disconnects afterwards.
 *
 * @throws ConfigurationError, KeysFileUnusable, TemporalUnreachable, TemporalRefused
 */
export async function withPigeonflow<T>(
  work: (pigeonflow: PigeonflowClient, temporal: Client, taskQueue: string) => Promise<T>,
): Promise<T> {
  const { temporal, codecKeysFile, language, timeZone, ...queues } = readClientConfig(process.env);
  speak({ language, timeZone });
  const dataConverter = await openDataConverter(codecKeysFile);
  const client = await connectTemporal(temporal.connection, temporal.namespace, dataConverter);
  try {
    return await work(createPigeonflowClient(client, queues), client, queues.taskQueue);
  } finally {
    await client.connection.close();
  }
}

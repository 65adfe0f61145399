import { createPigeonflowClient, type PigeonflowClient } from '../client.js';
import { connectTemporal } from '../client/connect-temporal.js';
import { readClientConfig } from '../config.js';

/**
 * Connects as the environment says, and disconnects afterwards.
 *
 * @throws ConfigurationError, TemporalUnreachable, TemporalRefused
 */
export async function withPigeonflow<T>(work: (pigeonflow: PigeonflowClient) => Promise<T>): Promise<T> {
  const { temporal, taskQueue } = readClientConfig(process.env);
  const client = await connectTemporal(temporal.connection, temporal.namespace);
  try {
    return await work(createPigeonflowClient(client, { taskQueue }));
  } finally {
    await client.connection.close();
  }
}

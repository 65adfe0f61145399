import { Connection } from '@temporalio/client';
import { InternalConnectionOptionsSymbol } from '@temporalio/client/lib/connection.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Runtime } from '@temporalio/worker';

/**
 * The SDK skips time only on servers that it has started itself, and those outlive a killed test
 * run; this is its environment on a server of ours. `teardown()` closes the connections.
 */
export async function connectTimeSkipping(address: string): Promise<TestWorkflowEnvironment> {
  return ExistingTimeSkippingEnvironment.connect(address);
}

/**
 * This server closes a connection that pings every 30 s, as the SDK's do, while nothing else goes over it. What was under way is
 * then repeated, also a request to let time pass: after one such end a test run stood still.
 */
const WITHOUT_PINGS = { 'grpc.keepalive_time_ms': 2 ** 31 - 1, 'grpc.keepalive_permit_without_calls': 0 };

class ExistingTimeSkippingEnvironment extends TestWorkflowEnvironment {
  static async connect(address: string): Promise<TestWorkflowEnvironment> {
    const options = { address, [InternalConnectionOptionsSymbol]: { supportsTestService: true } };
    const nativeConnection = await NativeConnection.connect(options);
    const connection = await Connection.connect({ ...options, channelArgs: WITHOUT_PINGS });
    return new ExistingTimeSkippingEnvironment(
      Runtime.instance(),
      { server: { type: 'existing' }, client: {}, plugins: [] },
      true,
      'existing',
      connection,
      nativeConnection,
      undefined,
      address,
    );
  }
}

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

class ExistingTimeSkippingEnvironment extends TestWorkflowEnvironment {
  static async connect(address: string): Promise<TestWorkflowEnvironment> {
    const options = { address, [InternalConnectionOptionsSymbol]: { supportsTestService: true } };
    const nativeConnection = await NativeConnection.connect(options);
    const connection = await Connection.connect(options);
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

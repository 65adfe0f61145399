import { expect, test } from 'vitest';
import { lazyTemporal } from '../../src/client/connect-temporal.js';
import { freePort } from '../../tools/engine/free-port.js';

test('a question that is under way when its connection is closed fails; its repetition does not end the process', async () => {
  const client = lazyTemporal({ address: `127.0.0.1:${await freePort()}` }, 'default', {});
  const question = client.workflowService.getSystemInfo({}).then(() => 'answered', String);
  // It has been refused once, and waits to be asked again.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await client.connection.close();
  expect(await question).toMatch(/shut down/);
});

test('a question that is asked when the connection has been closed fails', async () => {
  const client = lazyTemporal({ address: `127.0.0.1:${await freePort()}` }, 'default', {});
  await client.connection.close();
  await expect(client.workflowService.getSystemInfo({})).rejects.toThrow(/shut down/);
});

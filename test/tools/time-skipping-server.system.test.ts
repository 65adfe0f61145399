import { expect, onTestFinished, test } from 'vitest';

import { silentProgress } from '../../tools/engine/progress.js';
import { connectTimeSkipping } from '../../tools/engine/time-skipping-environment.js';
import { findTimeSkippingServer, startTimeSkippingServer } from '../../tools/engine/time-skipping-server.js';
import { temporaryFolder } from './temporary-folder.js';

test('thirty days pass in no time', async () => {
  const server = await startTimeSkippingServer();
  onTestFinished(() => server.stop());
  const environment = await connectTimeSkipping(server.address);
  onTestFinished(() => environment.teardown());
  const before = await environment.currentTimeMs();
  await environment.sleep('30 days');
  expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(30 * 86_400_000);
}, 300_000);

test('PIGEONFLOW_TIME_SKIPPING_SERVER names one that runs already', async () => {
  const environment = { PIGEONFLOW_TIME_SKIPPING_SERVER: '127.0.0.1:4711', PATH: '' };
  expect(await findTimeSkippingServer(silentProgress, environment)).toEqual({
    kind: 'running',
    address: '127.0.0.1:4711',
  });
});

test('with nothing at all the error names every way', async () => {
  const folder = temporaryFolder();
  const environment = { PATH: '/nowhere', XDG_CACHE_HOME: folder, TMPDIR: folder, HTTPS_PROXY: 'http://127.0.0.1:1' };
  await expect(findTimeSkippingServer(silentProgress, environment)).rejects.toThrow(
    /PIGEONFLOW_TIME_SKIPPING_SERVER: not set[^]*SDK[^]*no `java` command/,
  );
});

import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, inject, test } from 'vitest';
import { HISTORIES } from '../rig/histories.js';

/** Those in which something failed: what a failure looks like is all that encryption changes in workflow code. */
const recorded = readdirSync(HISTORIES)
  .map((file) => ({ file, text: gunzipSync(readFileSync(new URL(file, HISTORIES))).toString('utf8') }))
  .filter(({ text }) => /"(workflowExecution|activityTask)(Failed|Canceled)EventAttributes"/.test(text))
  .slice(0, 12);

beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
});

test.for(recorded)('encryption turned on, it still replays $file', async ({ text }) => {
  const code = `globalThis.pigeonflowEncodeFailures = true;\n${readFileSync(inject('workflowCodePath'), 'utf8')}`;
  await expect(Worker.runReplayHistory({ workflowBundle: { code } }, JSON.parse(text))).resolves.toBeUndefined();
});

test('a corpus is there', () => {
  expect(recorded).toHaveLength(12);
});

import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, inject, test } from 'vitest';
import { HISTORIES } from '../rig/histories.js';

const recorded = readdirSync(HISTORIES).toSorted();

beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
});

test.for(recorded)('replays %s', async (file) => {
  const history: unknown = JSON.parse(gunzipSync(readFileSync(new URL(file, HISTORIES))).toString('utf8'));
  await expect(
    Worker.runReplayHistory({ workflowBundle: { codePath: inject('workflowCodePath') } }, history),
  ).resolves.toBeUndefined();
});

test('a corpus is there', () => {
  expect(recorded.length).toBeGreaterThan(30);
});

test('a history that the workflow would not have made is refused', async () => {
  const first = recorded.find((file) => file.includes('a-key-that-ends-the-run')) ?? '';
  const text = gunzipSync(readFileSync(new URL(first, HISTORIES))).toString('utf8');
  const history: unknown = JSON.parse(text.replaceAll('"invoke"', '"somethingElse"'));
  await expect(
    Worker.runReplayHistory({ workflowBundle: { codePath: inject('workflowCodePath') } }, history),
  ).rejects.toThrow(/nondeterminism|Nondeterminism/);
});

import { readFileSync } from 'node:fs';
import { beforeAll, expect, inject, test } from 'vitest';
import { recordedHistories, replayAll } from '../rig/histories.js';
import { quietRuntime } from '../rig/quiet-runtime.js';

/** Those in which something failed: what a failure looks like is all that encryption changes in workflow code. */
const recorded = recordedHistories()
  .filter(({ text }) => /"(workflowExecution|activityTask)(Failed|Canceled)EventAttributes"/.test(text))
  .slice(0, 12);

beforeAll(() => {
  quietRuntime();
});

test('with encryption turned on, they still replay', { timeout: 300_000 }, async () => {
  const code = `globalThis.pigeonflowEncodeFailures = true;\n${readFileSync(inject('workflowCodePath'), 'utf8')}`;
  await expect(replayAll(recorded, { code })).resolves.toEqual(new Map());
});

test('a corpus is there', () => {
  expect(recorded).toHaveLength(12);
});

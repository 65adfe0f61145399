import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { answers } from '../../src/emulator/emulator.js';
import { bundleWorkflows } from '../../src/worker/workflow-bundle.js';
import { hasHappened, sleeps } from '../rig/history.js';
import { recordedHistories, replay } from '../rig/histories.js';
import { callTo, useRig } from '../rig/rig.js';

const world = useRig();
const NUMBER = '0300000001';

const codeOf = (workflows: URL) =>
  bundleWorkflows((options) => ({ ...options, workflowsPath: fileURLToPath(workflows) }));
const code = { changed: '', patched: '' };
beforeAll(async () => {
  code.changed = await codeOf(new URL('./changed.workflows.ts', import.meta.url));
  code.patched = await codeOf(new URL('./patched.workflows.ts', import.meta.url));
});

const recorded = recordedHistories()
  .filter(({ text }) => text.includes('"name": "pigeonCall"') && text.includes('"name": "invoke"'))
  .slice(0, 10);

const replayed = (workflows: keyof typeof code) =>
  Promise.allSettled(recorded.map((history) => replay(history, { code: code[workflows] })));

describe('a change of a workflow', () => {
  test('that runs in flight cannot take is caught by the replay of what was recorded', async () => {
    const caught = await replayed('changed');
    expect(caught).toHaveLength(10);
    for (const replay of caught) {
      expect(replay).toMatchObject({ status: 'rejected', reason: expect.any(DeterminismViolationError) as Error });
    }
  });

  test('that is patched replays what was recorded before it', async () => {
    const replays = await replayed('patched');
    expect(replays.map(({ status }) => status)).toEqual(recorded.map(() => 'fulfilled'));
  });

  test('that is patched is taken by a call that rings, and is for calls that begin after it', async () => {
    const here = await world({ people: { [NUMBER]: answers(3_000, '1') }, workers: 'none' });
    const before = await here.startWorkers();
    const ringing = await here.pigeonflow.startCall(here.newId(), callTo(NUMBER));
    await sleeps(here, ringing.callId);
    await before.stop();

    await here.startWorkers({ workflowCode: code.patched });
    expect(await ringing.wait()).toMatchObject({ outcome: 'answered' });
    const next = await here.pigeonflow.startCall(here.newId(), callTo(NUMBER));
    expect(await next.wait()).toMatchObject({ outcome: 'answered' });
    const marker = await hasHappened(
      here,
      next.callId,
      (event) => Boolean(event.markerRecordedEventAttributes),
      'it is marked',
    );
    expect(marker.markerRecordedEventAttributes?.markerName).toBe('core_patch');
    expect(here.emulator.journal.invokes()).toHaveLength(2);
  });
});

test('the page on upgrades shows this change', () => {
  const page = readFileSync(new URL('../../docs/how-to/upgrade.md', import.meta.url), 'utf8');
  for (const name of ['changed', 'patched']) {
    const source = readFileSync(new URL(`./${name}.workflows.ts`, import.meta.url), 'utf8');
    expect(page).toContain(source.slice(source.indexOf('export async function')).trim());
  }
});

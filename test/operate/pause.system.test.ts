import { describe, expect, test, type TestContext } from 'vitest';
import { createPigeonflowClient } from '../../src/client.js';
import { EMULATOR_TOKEN } from '../../src/emulator/emulator.js';
import { fileWith } from '../cli/incident-files.js';
import { keysText } from '../codec/keys-of.js';
import { calling, open, policyWith, presses, QUICKLY, SATO } from '../incident/incident-world.js';
import { runCommand, variablesOf } from '../rig/command.js';
import { eventually, type World, useRig } from '../rig/rig.js';
import { startWorkerProcess } from '../rig/worker-process.js';

const world = useRig();
const POLICY = policyWith({ primary: calling([SATO]) });

async function quietWorld(context: TestContext) {
  const here = await world({ ...QUICKLY, people: { [SATO.phone]: presses('1') }, workers: 'none', context });
  const pigeonflow = createPigeonflowClient(here.temporal, here);
  context.onTestFinished(async () => void (await pigeonflow.resumeCalling({ by: 'test', reason: 'over' })));
  const variables = {
    ...variablesOf(here),
    PIGEON_BASE_URL: here.emulator.url,
    PIGEON_API_TOKEN: EMULATOR_TOKEN,
  };
  const run = (...args: readonly string[]) => runCommand(args, { variables, lifetime: context });
  return { here, pigeonflow, run, variables };
}

const posts = ({ emulator }: World) => emulator.journal.invokes().length;

describe('a pause of all calling', { concurrent: true, timeout: 180_000 }, () => {
  test('keeps every telephone silent, says so wherever somebody wonders, and uses no attempt', async (context) => {
    const { here, run } = await quietWorld(context);
    await startWorkerProcess(here);
    const paused = await run('pause', '--reason', '電話網の工事', '--by', 'sato', '--for', '2h');
    expect(paused).toMatchObject({ code: 0, stdout: expect.stringContaining('paused by sato') as string });
    expect(await run('pause', '--reason', 'again', '--by', 'tanaka')).toMatchObject({
      code: 11,
      stdout: expect.stringMatching(/^Nothing was changed: .*sato.*電話網の工事/) as string,
    });

    const incident = await open(here, POLICY);
    const { message, attempt, next } = await incident.until(({ state }) => state === 'blocked', 'is blocked');
    expect(next).toBe('when calling is resumed, or the pause has ended, "primary" is called');
    expect(message).toMatch(/^BLOCKED, nobody is called: .*paused by sato from .* until .*: 電話網の工事/);
    expect(attempt).toBe(1);
    for (const asked of [['list'], ['show', incident.id]]) {
      const { stderr } = await run('incident', ...asked);
      expect(stderr).toMatch(/PAUSED: .*sato.*電話網の工事.*pigeonflow resume/);
    }
    expect(await run('doctor')).toMatchObject({
      code: 11,
      stdout: expect.stringMatching(/✗ PAUSED: .*sato/) as string,
    });
    const callFlags = ['--callflow-id', 'x', '--guidance-id', 'x', '--give-up-after', '1s'];
    expect(await run('call', ...callFlags)).toMatchObject({
      code: 11,
      stderr: expect.stringContaining('sato') as string,
    });
    expect(posts(here)).toBe(0);

    expect(await run('resume', '--reason', 'done', '--by', 'tanaka')).toMatchObject({ code: 0 });
    await incident.until(({ owner }) => owner !== null, 'is owned');
    expect(posts(here)).toBe(1);
    expect(await run('resume', '--reason', 'done')).toMatchObject({ code: 11, stdout: 'Calling was not paused.\n' });
    expect(await here.temporal.workflow.getHandle(`pause/${here.invokeTaskQueue}`).result()).toEqual({
      resumedBy: 'tanaka',
      reason: 'done',
    });
    await incident.ask('resolve');
  });

  test('ends automatically when its time is over', async (context) => {
    const { here, pigeonflow } = await quietWorld(context);
    await startWorkerProcess(here);
    await pigeonflow.pauseCalling({ by: 'sato', reason: 'test', for: '8s' });
    const incident = await open(here, POLICY);
    await incident.until(({ state }) => state === 'blocked', 'is blocked');
    await incident.until(({ owner }) => owner !== null, 'is owned');
    expect(await pigeonflow.callingPause()).toBeNull();
    await incident.ask('resolve');
  });

  test('is there before a worker is, and a resume that no worker hears is said', async (context) => {
    const { here, run } = await quietWorld(context);
    expect(await run('pause', '--reason', 'test', '--json')).toMatchObject({ code: 0 });
    expect(await run('resume', '--reason', 'test')).toMatchObject({
      code: 10,
      stdout: expect.stringContaining('as soon as one runs') as string,
    });
    await startWorkerProcess(here);
    await eventually(
      async () => (await createPigeonflowClient(here.temporal, here).callingPause()) === null,
      'it ends',
    );
  });

  test('is understood where what Temporal stores is encrypted', async (context) => {
    const { here, variables } = await quietWorld(context);
    const keys = { PIGEONFLOW_CODEC_KEYS_FILE: await fileWith('keys', keysText('a'), context) };
    await startWorkerProcess(here, keys);
    const paused = await runCommand(['pause', '--reason', '電話網の工事', '--by', 'sato'], {
      variables: { ...variables, ...keys },
      lifetime: context,
    });
    expect(paused.code).toBe(0);
    const { stdout } = await runCommand(['doctor'], { variables: { ...variables, ...keys }, lifetime: context });
    expect(stdout).toMatch(/PAUSED: .*sato.*電話網の工事/);
    const { stderr, code } = await runCommand(
      ['call', '--callflow-id', 'x', '--guidance-id', 'x', '--give-up-after', '1s'],
      { variables: { ...variables, ...keys }, lifetime: context },
    );
    expect({ code, stderr }).toEqual({
      code: 11,
      stderr: expect.stringMatching(/paused by sato.*電話網の工事/) as string,
    });
    expect(posts(here)).toBe(0);
    // Who lacks the keys cannot read why, but knows that it is paused.
    expect(await createPigeonflowClient(here.temporal, here).callingPause()).toMatchObject({ by: '?' });
  });
});

import { describe, expect, test } from 'vitest';
import { answers, realClock } from '../../src/emulator/emulator.js';
import { freePort } from '../../tools/engine/free-port.js';
import { runCommand, startCommand, variablesOf } from '../rig/command.js';
import { useRig } from '../rig/rig.js';
import { flagsToCall } from './call-files.js';

const world = useRig();
const NUMBER = '0300000001';
const SPACE = { clock: realClock({ speed: 20 }), people: { [NUMBER]: answers(3_000, '1') } };

describe.concurrent('a call that is kept from ringing', () => {
  test('a wrong token: says so at once with what to correct, gives up, hangs up, and is 9', async (context) => {
    const here = await world({ ...SPACE, context, token: () => Promise.resolve('wrong') });
    const id = here.newId();
    const flags = await flagsToCall(NUMBER, context);
    const running = startCommand(['call', ...flags, '--id', id, '--give-up-after', '2s'], {
      variables: variablesOf(here),
      lifetime: context,
    });
    await running.says(/Nothing rings: .*401.*Make a new token in Pigeon/);
    expect((await here.pigeonflow.call(id).status()).blockedBy).toBe('refused');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 9, stdout: '' });
    expect(stderr).toMatch(/hung up in 2s \(--give-up-after\)[^]*Giving up after 2s: hanging up\.[^]*Hung up\.$/m);
    expect(stderr.match(/Nothing rings/g)).toHaveLength(1);
    expect(await here.pigeonflow.call(id).isOver()).toBe(true);
  });

  test('a token that is replaced in time: the call continues, and is 0', async (context) => {
    let token = 'wrong';
    const here = await world({ ...SPACE, context, token: () => Promise.resolve(token) });
    const flags = await flagsToCall(NUMBER, context);
    const running = startCommand(['call', ...flags, '--give-up-after', '20s'], {
      variables: variablesOf(here),
      lifetime: context,
    });
    await running.says('Nothing rings');
    token = 'emulator-token';
    expect(await running.ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('No longer blocked') as string,
    });
  });

  test('a wrong address of Pigeon: is 10', async (context) => {
    const here = await world({ ...SPACE, context });
    await here.emulator.faults.refuse();
    const flags = [...(await flagsToCall(NUMBER, context)), '--give-up-after', '1s'];
    const ended = await runCommand(['call', ...flags], { variables: variablesOf(here), lifetime: context });
    expect(ended).toMatchObject({
      code: 10,
      stdout: '',
      stderr: expect.stringMatching(/Nothing rings: .*refused \(ECONNREFUSED\)\. Check the address/) as string,
    });
  });

  test('a full queue: waits until the deadline, and is 4', async (context) => {
    const here = await world({ ...SPACE, context, switches: { queueSize: 0 } });
    const flags = [...(await flagsToCall(NUMBER, context)), '--deadline', '3s'];
    const ended = await runCommand(['call', ...flags], { variables: variablesOf(here), lifetime: context });
    expect(ended).toMatchObject({
      code: 4,
      stdout: '架電で入力されたボタン: なし\nステータス: 不明\n',
      stderr: expect.stringContaining('The queue of the space is full') as string,
    });
  });

  test('no worker: says what to start, gives up with 10, and a worker that starts later calls nobody', async (context) => {
    const here = await world({ ...SPACE, context, workers: 'none' });
    const id = here.newId();
    const flags = [...(await flagsToCall(NUMBER, context)), '--id', id, '--give-up-after', '1s'];
    const ended = await runCommand(['call', ...flags], { variables: variablesOf(here), lifetime: context });
    expect(ended.code).toBe(10);
    expect(ended.stderr).toContain(`No worker polls the task queue ${here.taskQueue}`);
    expect(ended.stderr).toContain('a worker that starts later places it no more');
    const status = await runCommand(['call', 'status', id], { variables: variablesOf(here), lifetime: context });
    expect(status).toMatchObject({ code: 10, stderr: expect.stringContaining('No worker polls') as string });
    await here.startWorkers();
    await expect(here.pigeonflow.call(id).wait()).rejects.toThrow('was cancelled');
    expect(here.emulator.journal.invokes()).toHaveLength(0);
  });

  test('no worker for the POST alone: names its queue', async (context) => {
    const here = await world({ ...SPACE, context, workers: 'none' });
    await here.startWorkers({ serve: 'workflows' });
    const flags = [...(await flagsToCall(NUMBER, context)), '--give-up-after', '1s'];
    const ended = await runCommand(['call', ...flags], { variables: variablesOf(here), lifetime: context });
    expect(ended).toMatchObject({
      code: 10,
      stderr: expect.stringContaining(`No worker polls the task queue ${here.invokeTaskQueue}`) as string,
    });
    expect(here.emulator.journal.invokes()).toHaveLength(0);
  });

  test('a worker that starts in time: the call continues, and is 0', async (context) => {
    const here = await world({ ...SPACE, context, workers: 'none' });
    const flags = await flagsToCall(NUMBER, context);
    const running = startCommand(['call', ...flags], { variables: variablesOf(here), lifetime: context });
    await running.says('No worker polls');
    await here.startWorkers();
    expect(await running.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('succeeded') as string });
  });

  test('no Temporal: names the address and what to check, and is 10', async (context) => {
    const address = `127.0.0.1:${await freePort()}`;
    const flags = await flagsToCall(NUMBER, context);
    const ended = await runCommand(['call', ...flags], { variables: { TEMPORAL_ADDRESS: address }, lifetime: context });
    expect(ended).toMatchObject({ code: 10, stdout: '' });
    expect(ended.stderr).toBe(
      `Temporal at ${address} cannot be reached (connect ECONNREFUSED ${address}). Check that it runs, TEMPORAL_ADDRESS, TEMPORAL_TLS_* and the network.\n`,
    );
  });

  test('a namespace that does not exist: is 2', async (context) => {
    const here = await world({ ...SPACE, context, workers: 'none' });
    const variables = { ...variablesOf(here), TEMPORAL_NAMESPACE: 'none' };
    const ended = await runCommand(['call', ...(await flagsToCall(NUMBER, context))], { variables, lifetime: context });
    expect(ended).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/has no namespace none\. Correct TEMPORAL_NAMESPACE/) as string,
    });
  });
});

import { expect, test } from 'vitest';
import { flagsToCall } from '../cli/call-files.js';
import { startCommand, variablesOf } from '../rig/command.js';
import { useRig } from '../rig/rig.js';

const world = useRig('timeSkipping');

test('7: a call that was sent, never confirmed and not found again is unknown', async (context) => {
  const here = await world();
  here.emulator.faults.inject('invoke', { kind: 'resetBeforeHandling' });
  const id = here.newId();
  const running = startCommand(['call', ...(await flagsToCall('0300000001', context)), '--id', id], {
    variables: variablesOf(here),
    lifetime: context,
  });
  await running.says('It is not known whether Pigeon has the call');
  await here.pigeonflow.call(id).wait(); // time passes while somebody waits in this process
  expect(await running.ended).toMatchObject({
    code: 7,
    stdout: '架電で入力されたボタン: なし\nステータス: 不明\n',
    stderr: expect.stringContaining('The call is over: unknown.') as string,
  });
});

import { describe, expect, test, type TestContext } from 'vitest';
import { manual, neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { rings, TANAKA } from '../incident/incident-world.js';
import { HAS_TERMINAL, startCommand, variablesOf } from '../rig/command.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { flagsToCall } from './call-files.js';

const NUMBER = '0300000001';
/** A pass of 30 s of ringing takes 1.5 s. */
const SPACE = { clock: realClock({ speed: 20 }), lines: 20, people: { [NUMBER]: neverPicksUp() } };
const rig = useRig();
const world = useSharedWorld(rig, SPACE);

async function call(context: TestContext, id: string, loops: number, on: 'pipes' | 'terminal', here = world()) {
  if (on === 'terminal' && !HAS_TERMINAL) context.skip('there is no script of util-linux to make a terminal');
  const flags = await flagsToCall(NUMBER, context, loops);
  const running = startCommand(['call', ...flags, '--id', id], {
    variables: variablesOf(here),
    lifetime: context,
    on,
  });
  await running.says('is being called');
  return running;
}

describe.concurrent('a command that is interrupted', () => {
  test.for(['SIGINT', 'SIGTERM'] as const)(
    '%s without a terminal leaves the call running, says how to continue, and is 130',
    async (signal, context) => {
      const id = world().newId();
      const running = await call(context, id, 10, 'pipes');
      running.signal(signal);
      expect(await running.ended).toMatchObject({
        code: 130,
        stdout: '',
        stderr: expect.stringMatching(`pigeonflow call wait ${id} .* pigeonflow call hang-up ${id}`) as string,
      });
      expect(await world().pigeonflow.call(id).isOver()).toBe(false);
      await world().pigeonflow.call(id).hangUp();
    },
  );

  test.for([
    ['y hangs up', 'y\n', true],
    ['n leaves it running', 'n\n', false],
    ['a second Ctrl-C leaves it running', '\u0003', false],
  ] as const)('Ctrl-C on a terminal asks: %s', async ([, keys, hungUp], context) => {
    const id = world().newId();
    const running = await call(context, id, 10, 'terminal');
    expect(running.stdout()).toMatch(/^\d\d:\d\d:\d\d {2}田中 is being called/m);
    running.types('\u0003');
    await running.says('[y/n]');
    running.types(keys);
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toContain(hungUp ? 'Hung up.' : `pigeonflow call wait ${id}`);
    expect(await world().pigeonflow.call(id).isOver()).toBe(hungUp);
    await world().pigeonflow.call(id).hangUp();
  });

  test('a call that ends while the question stands is told as any other', async (context) => {
    const here = await rig({ context, switches: { ringSeconds: 3_600 }, people: { [NUMBER]: manual() } });
    const running = await call(context, here.newId(), 1, 'terminal', here);
    const atTanaka = await rings(here.emulator, { ...TANAKA, phone: NUMBER });
    running.types('\u0003');
    await running.says('[y/n]');
    here.emulator.space.pickUp(atTanaka);
    here.emulator.space.hangUp(atTanaka);
    const { code, stdout } = await running.ended;
    expect(stdout).toContain('ステータス: failed');
    expect(code).toBe(3);
  });
});

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { hangsUp, neverPicksUp } from '../../src/emulator/emulator.js';
import { calling, open, policyWith, presses, QUICKLY, SATO, TANAKA, YAMADA } from '../incident/incident-world.js';
import { runCommand, startCommand, variablesOf } from '../rig/command.js';
import { liveOverride } from '../rig/live-override.js';
import { eventually, useRig, type World } from '../rig/rig.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const world = useRig();
const NUMBERS = { tanaka: TANAKA, yamada: YAMADA, sato: SATO };
/** Listens for a moment, and presses nothing. */
const HANGS_UP = hangsUp(100, 300);

/** A schedule of these people, in which one more has no number. */
function files(people: string, name = 'web') {
  const folder = temporaryFolder();
  const [schedule, file] = [join(folder, `${name}.yaml`), join(folder, 'people.yaml')];
  const rotation = `{ every: 1w, handOff: "mon 09:00", from: 2026-11-30, people: ${people} }`;
  writeFileSync(schedule, `name: ${name}\ntimeZone: Asia/Tokyo\nlayers: [{ name: weekly, rotation: ${rotation} }]\n`);
  const known = Object.entries(NUMBERS).map(([handle, { name, phone }]) => `${handle}: { name: ${name}, phones: ["${phone}"] }`); // prettier-ignore
  writeFileSync(file, `people: { ${known.join(', ')} }\n`);
  return { folder, schedule, people: file };
}

/** All tests share a namespace. */
const newDrill = () => `drill-${randomUUID().slice(0, 8)}`;
const options = (here: World, lifetime: TestContext) => ({ variables: variablesOf(here), lifetime });
const dialled = ({ emulator }: World) => emulator.journal.calls().map(({ phoneNumber }) => phoneNumber);

describe('pigeonflow schedule drill', { timeout: 180_000 }, () => {
  test('calls everybody once, one after the other, and says who was reached; again it calls nobody', async (context) => {
    const people = { [TANAKA.phone]: presses('1'), [YAMADA.phone]: neverPicksUp(), [SATO.phone]: HANGS_UP };
    const here = await world({ ...QUICKLY, people, context });
    const { schedule, people: file } = files('[tanaka, [yamada, sato], kato]');
    const id = newDrill();
    const args = ['schedule', 'drill', schedule, '--people', file, '--id', id];
    const first = await runCommand(args, options(here, context));
    expect(first.stdout).toBe(
      [
        '田中  reached, pressed the key',
        '山田  NOT REACHED',
        '佐藤  picked up, pressed no key',
        'kato  NOT CALLED: not in the file of people',
        '1 of 4 pressed the key.',
        '',
      ].join('\n'),
    );
    expect(first.code).toBe(3);
    expect(first.stderr).toContain('Calls 田中 (030*****01).');
    expect(first.stderr).not.toContain(TANAKA.phone);
    expect(dialled(here)).toEqual([TANAKA.phone, YAMADA.phone, SATO.phone]);
    const [request] = here.emulator.journal.invokes();
    expect(JSON.stringify(request)).toContain('これは訓練です');
    const again = await runCommand([...args, '--json'], options(here, context));
    expect(again.code).toBe(3);
    expect(JSON.parse(again.stdout)).toMatchObject({
      drill: `drill/web/${id}`,
      complete: true,
      people: [
        { handle: 'tanaka', reached: 'pressed' },
        { handle: 'yamada', reached: 'notReached' },
        { handle: 'sato', reached: 'pickedUp' },
        { handle: 'kato', reached: 'noNumber' },
      ],
    });
    expect(dialled(here)).toHaveLength(3);
  });

  test('calls whoever was put on duty at night too, by the name of the schedule', async (context) => {
    const people = { [TANAKA.phone]: presses('1'), [SATO.phone]: presses('1') };
    const here = await world({ ...QUICKLY, people, context });
    const name = `web-${randomUUID().slice(0, 8)}`;
    const { folder, people: file } = files('[tanaka]', name);
    const [from, until] = [-1, 1].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
    const duty = here.pigeonflow.schedule(name);
    await duty.override({ restore: [liveOverride(['sato'], from ?? '', until ?? '')] });
    context.onTestFinished(() => here.temporal.workflow.getHandle(`duty/${name}`).terminate().then(() => undefined)); // prettier-ignore
    const variables = { ...variablesOf(here), PIGEONFLOW_SCHEDULES: folder };
    const drill = await runCommand(['schedule', 'drill', name, '--people', file], { variables, lifetime: context });
    expect(drill).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 pressed the key.') as string });
    expect(dialled(here)).toEqual([TANAKA.phone, SATO.phone]);
  });

  test('waits while an incident calls, hangs up for one that opens, and continues where it was', async (context) => {
    const people = { [TANAKA.phone]: neverPicksUp(), [YAMADA.phone]: neverPicksUp() };
    const here = await world({ lines: 30, switches: { ringSeconds: 3_600 }, people, context });
    const { schedule, people: file } = files('[yamada]');
    const id = newDrill();
    const args = ['schedule', 'drill', schedule, '--people', file, '--id', id];
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }));
    await incident.until(({ ringing }) => ringing.length > 0, 'it rings');
    const drill = startCommand(args, options(here, context));
    await drill.says(`Waits until nobody is called for real: ${incident.id}`);
    expect(dialled(here)).not.toContain(YAMADA.phone);
    await incident.ask('resolve');
    const rings = (times: number) =>
      eventually(() => Promise.resolve(dialled(here).filter((number) => number === YAMADA.phone).length === times), `the drill has called ${times} times`); // prettier-ignore
    await rings(1);

    const next = await open(here, policyWith({ primary: calling([TANAKA]) }));
    await drill.says(`Hangs up 山田, who is called again later: somebody is called for real, ${next.id}`);
    await drill.says(`Waits until nobody is called for real: ${next.id}`);
    await next.ask('resolve');
    await rings(2);
    drill.signal('SIGINT');
    const { code, stdout } = await drill.ended;
    expect(code).toBe(130);
    expect(stdout).toContain('山田  not yet');
    expect(stdout).toContain('Run the same command again');

    // The command is gone, its call is not. Somebody hangs that up, so it is called again.
    const left = here.pigeonflow.call(`drill/web/${id}/yamada/2`);
    expect(await left.isOver()).toBe(false);
    await left.hangUp();
    await eventually(() => left.isOver(), 'it is hung up');
    const again = startCommand(args, options(here, context));
    await rings(3);
    again.signal('SIGINT');
    expect((await again.ended).code).toBe(130);
    await here.pigeonflow.call(`drill/web/${id}/yamada/3`).hangUp();
  });

  test('names what it cannot use, and calls nobody', async (context) => {
    const here = await world({ ...QUICKLY, workers: 'none', context });
    const { schedule, people } = files('[tanaka]');
    const wrong = await runCommand(['schedule', 'drill', schedule, '--id', 'A B'], options(here, context));
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('small letters, digits') as string });
    const alone = await runCommand(['schedule', 'drill', schedule, '--people', people, '--id', newDrill(), '--give-up-after', '1s'], options(here, context)); // prettier-ignore
    expect(alone.code).toBe(10);
    expect(alone.stdout).toContain('田中  not yet');
  });
});

describe('pigeonflow people call', { timeout: 180_000 }, () => {
  test('calls a person with a test message, and says whether they were reached', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: presses('1') }, context });
    const { people } = files('[tanaka]');
    const { code, stdout, stderr } = await runCommand(['people', 'call', 'tanaka', '--people', people], options(here, context)); // prettier-ignore
    expect({ code, stdout }).toEqual({ code: 0, stdout: '架電で入力されたボタン: 1\nステータス: succeeded\n' });
    expect(stderr).toContain('Calls 田中 (030*****01).');
    expect(stderr).toContain('田中: reached, pressed the key.');
    expect(stdout + stderr).not.toContain(TANAKA.phone);
    expect(JSON.stringify(here.emulator.journal.invokes())).toContain('これは架電テストです');
    const unknown = await runCommand(['people', 'call', 'tanka', '--people', people], options(here, context));
    expect(unknown).toMatchObject({ code: 2, stderr: 'there is no person "tanka"; did you mean "tanaka"?\n' });
  });
});

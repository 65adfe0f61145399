import { describe, expect, test, type TestContext } from 'vitest';
import { incidentId } from '../../src/client.js';
import { answers, busy, neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { freePort } from '../../tools/engine/free-port.js';
import { runCommand, startCommand, variablesOf, type RunningCommand } from '../rig/command.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { startWorkerProcess } from '../rig/worker-process.js';
import { fileWith, flagsToOpen, policyFile } from './incident-files.js';

const PRESSES_1 = '0300000001';
const NEVER = '0300000002';
const RINGS_LONG = '0300000003';
const SPACE = {
  clock: realClock({ speed: 20 }),
  lines: 20,
  people: { [PRESSES_1]: answers(3_000, '1'), [NEVER]: busy(), [RINGS_LONG]: neverPicksUp() },
  switches: { ringSeconds: 3_600 },
};
const world = useSharedWorld(useRig(), { workers: 'none', ...SPACE }, startWorkerProcess);
const options = (lifetime: TestContext) => ({ variables: variablesOf(world()), lifetime });
const open = async (people: readonly [string, string], more: readonly string[], context: TestContext) =>
  startCommand(['incident', 'open', ...(await flagsToOpen(...people, context)), ...more], options(context));

describe.concurrent('an incident that is opened and waited for ends with an exit code', () => {
  test('0: somebody presses the key; standard output says who, standard error what happened', async (context) => {
    const running = await open([NEVER, PRESSES_1], ['--wait', 'owned'], context);
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Owned by 部長 (key 1 at "manager").\n' });
    expect(stderr).toMatch(
      /Z The incident incident\/night-[0-9a-f]{12} is open\.\n[^]*Z Opened \(error\): ディスク満杯\. Policy "night"\.\n[^]*Level 2: "manager" is called[^]*部長 \(key 1 at "manager"\) owns the incident/,
    );
    const lines = stderr.trimEnd().split('\n');
    expect(new Set(lines).size).toBe(lines.length); // nothing is told twice
  });

  test('0 with --json: who owns it, and the result of one that closes with its owner', async (context) => {
    const running = await open(
      [PRESSES_1, NEVER],
      ['--wait', 'closed', '--until', 'acknowledged', '--json', '--severity', 'critical', '--source', 'zabbix'],
      context,
    );
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      incidentId: expect.stringMatching(/^incident\/night-/) as string,
      reported: 'opened',
      owner: { by: '田中', via: 'key', keyInput: '1' },
      result: { state: 'acknowledged', placedCalls: 1 },
    });
  });

  test('8: nobody was reached', async (context) => {
    const { code, stdout } = await (await open([NEVER, NEVER], ['--wait', 'owned'], context)).ended;
    expect({ code, stdout }).toEqual({
      code: 8,
      stdout:
        'EXHAUSTED: the policy has ended, and nobody was reached. The incident stays open, unattended, and nobody is called.\n',
    });
  });

  test('5: somebody cancelled it', async (context) => {
    const running = await open([RINGS_LONG, NEVER], ['--wait', 'closed'], context);
    await running.says('is called');
    await world().pigeonflow.incident(idIn(running)).cancel();
    expect(await running.ended).toMatchObject({ code: 5, stdout: 'It is cancelled; owner: nobody.\n' });
  });

  test('5: somebody terminated it, and it says that a telephone may still ring', async (context) => {
    const running = await open([RINGS_LONG, NEVER], ['--wait', 'closed'], context);
    await running.says('is called');
    await world().temporal.workflow.getHandle(idIn(running)).terminate();
    expect(await running.ended).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringMatching(/terminated in Temporal, which hangs up nothing/) as string,
    });
  });

  test.for([[[]], [['--wait', 'owned']]] as const)(
    '2: the worker has no policy of that name; it says which there are, and that the incident waits for it %j',
    async ([wait], context) => {
      const args = ['incident', 'open', '--policy', 'no-such', '--summary', '障害', ...wait];
      expect(await runCommand(args, options(context))).toMatchObject({
        code: 2,
        stdout: expect.stringMatching(/^incident\//) as string,
        stderr: expect.stringMatching(
          /BLOCKED, nobody is called: there is no policy "no-such".*one-person.* waits for its policy/,
        ) as string,
      });
    },
  );

  test('130: interrupted, it leaves the incident alone and says how to continue', async (context) => {
    const running = await open([RINGS_LONG, RINGS_LONG], ['--wait', 'owned'], context);
    await running.says('is called');
    const incident = world().pigeonflow.incident(idIn(running));
    running.signal('SIGINT');
    expect(await running.ended).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringMatching(
        `The incident continues.* pigeonflow incident watch ${incident.incidentId} .*incident ack ${incident.incidentId}`,
      ) as string,
    });
    expect((await incident.status()).state).toBe('triggered');
    await incident.resolve();
  });
});

describe.concurrent('an incident that is opened', () => {
  test('is named on standard output, and is the same when it is reported again', async (context) => {
    const policy = await policyFile(RINGS_LONG, NEVER, context);
    const summary = `ディスク満杯 ${context.task.id}`;
    const args = ['incident', 'open', '--policy', policy, '--summary', summary, '--parameter', 'server=a=b'];
    const first = await runCommand(args, options(context));
    const id = incidentId({ route: 'night', dedupKey: summary });
    expect(first).toMatchObject({ code: 0, stdout: `${id}\n` });
    const again = await runCommand([...args, '--json'], options(context));
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toEqual({ incidentId: id, reported: 'known' });
    const changed = await runCommand([...args, '--severity', 'critical'], options(context));
    expect(changed).toMatchObject({ code: 0, stderr: expect.stringContaining('with what has changed') as string });
    await eventually(() => Promise.resolve(invokesOf(id).length > 0), 'it is called');
    expect(invokesOf(id)[0]?.body).toMatchObject({ params: { parameters: { server: 'a=b' } } });
    await world().pigeonflow.incident(id).resolve();
  });

  test('takes a policy of the worker by its name, and JSON of a file or of standard input; flags win', async (context) => {
    const input = {
      policy: 'one-person',
      summary: '障害',
      severity: 'info',
      dedupKey: context.task.id,
      source: 'json',
    };
    const text = JSON.stringify(input);
    const id = incidentId({ source: 'json', route: 'one-person', dedupKey: context.task.id });
    const flags = ['incident', 'open', '--severity', 'warning', '--until', 'acknowledged', '--json', '--input'];
    const command = { variables: offline(), lifetime: context };
    const first = await runCommand([...flags, await fileWith('alert.json', text, context)], command);
    expect(JSON.parse(first.stdout)).toEqual({ incidentId: id, reported: 'opened' });
    expect(await world().pigeonflow.incident(id).listed()).toMatchObject({ severity: 'warning', policy: 'one-person' });
    await world().temporal.workflow.getHandle(id).terminate();
    const second = await runCommand([...flags, '-'], { ...command, input: text });
    expect(JSON.parse(second.stdout)).toEqual({ incidentId: id, reported: 'opened' });
    await world().temporal.workflow.getHandle(id).terminate();
  });

  test('says loudly when no worker calls anybody, and is 10; so is a second report', async (context) => {
    const flags = ['incident', 'open', ...(await flagsToOpen(NEVER, NEVER, context))];
    const variables = offline();
    const first = await runCommand(flags, { variables, lifetime: context });
    expect(first).toMatchObject({
      code: 10,
      stdout: expect.stringMatching(/^incident\/night-/) as string,
      stderr: expect.stringMatching(
        /NOBODY IS CALLED YET: No worker polls the task queue nobody-polls-this.*pigeonflow worker/,
      ) as string,
    });
    const second = await runCommand(flags, { variables, lifetime: context });
    expect(second).toMatchObject({
      code: 10,
      stdout: '',
      stderr: expect.stringContaining('No worker polls') as string,
    });
    await world().pigeonflow.incident(first.stdout.trim()).cancel();
  });

  test('says which parameter of the policy is missing, and calls anyway', async (context) => {
    const policy = await policyFile(RINGS_LONG, NEVER, context);
    const args = ['incident', 'open', '--policy', policy, '--summary', context.task.id];
    const { code, stdout, stderr } = await runCommand(args, options(context));
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('give --parameter server=…') as string,
    });
    await world().pigeonflow.incident(stdout.trim()).resolve();
  });

  test('10: no Temporal', async (context) => {
    const variables = { TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` };
    const flags = await flagsToOpen(NEVER, NEVER, context);
    expect(await runCommand(['incident', 'open', ...flags], { variables, lifetime: context })).toMatchObject({
      code: 10,
      stdout: '',
      stderr: expect.stringContaining('cannot be reached') as string,
    });
  });
});

const idIn = ({ stderr }: RunningCommand) => /incident\/\S+/.exec(stderr())?.[0] ?? '';
const offline = () => ({ ...variablesOf(world()), PIGEONFLOW_TASK_QUEUE: 'nobody-polls-this' });
const invokesOf = (id: string) =>
  world()
    .emulator.journal.invokes()
    .filter(({ body }) => JSON.stringify(body).includes(id));

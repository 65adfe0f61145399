import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test, type TestContext } from 'vitest';
import { answers, neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { runCommand, startCommand, variablesOf } from '../rig/command.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { startWorkerProcess } from '../rig/worker-process.js';
import { flagsToCall } from './call-files.js';

const PRESSES_1 = '0300000001';
const NEVER = '0300000002';
const RINGS_LONG = '0300000003';
/** A pass of 30 s of ringing takes 1.5 s; a hundred of them outlast every test. */
const SPACE = {
  clock: realClock({ speed: 20 }),
  lines: 20,
  people: { [PRESSES_1]: answers(3_000, '1'), [NEVER]: neverPicksUp(), [RINGS_LONG]: neverPicksUp() },
};

const world = useSharedWorld(useRig(), { workers: 'none', ...SPACE }, startWorkerProcess);

/** `pigeonflow call …` in the shared world. */
const options = (lifetime: TestContext) => ({ variables: variablesOf(world()), lifetime });
const call = async (number: string, more: readonly string[], context: TestContext) =>
  startCommand(
    ['call', ...(await flagsToCall(number, context, number === RINGS_LONG ? 100 : 1)), ...more],
    options(context),
  );
const rings = (id: string) =>
  eventually(async () => {
    const status = await world().pigeonflow.call(id).status();
    return status.calls.length > 0 && status;
  }, 'it rings');

/** What a published schema finds wrong. */
function problemsWith(json: string, schema: string): unknown {
  const file = new URL(`../../schemas/${schema}.json`, import.meta.url);
  const validate = new Ajv().compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  validate(JSON.parse(json));
  return validate.errors;
}

describe.concurrent('the end of a call is an exit code, and two lines', () => {
  test('0: somebody pressed a key', async (context) => {
    const { ended } = await call(PRESSES_1, [], context);
    expect(await ended).toMatchObject({ code: 0, stdout: '架電で入力されたボタン: 1\nステータス: succeeded\n' });
    const { stderr } = await ended;
    expect(stderr).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z Call call\/[0-9a-f-]{36} is started\.$/m);
    expect(stderr).toMatch(/Z The call is over: answered by 田中\.$/m);
    expect(stderr).not.toContain('\u001B');
  });

  test('0 with --json: standard output is the result, which fits its schema', async (context) => {
    const { ended } = await call(PRESSES_1, ['--json'], context);
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'answered', keyInput: '1', answeredBy: '田中' });
    expect(problemsWith(stdout, 'pigeon-call-result')).toBeNull();
  });

  test('the parameters reach Pigeon, a value with "=" whole', async (context) => {
    const id = world().newId();
    await (
      await call(PRESSES_1, ['--id', id], context)
    ).ended;
    const bodies = world().emulator.journal.invokes();
    const ours = bodies.find(({ body }) => JSON.stringify(body).includes(id));
    expect(ours?.body).toMatchObject({ params: { parameters: { incident: '軽度の障害 a=b' } } });
  });

  test('3: nobody picked up', async (context) => {
    const { ended } = await call(NEVER, [], context);
    expect(await ended).toMatchObject({ code: 3, stdout: '架電で入力されたボタン: なし\nステータス: failed\n' });
  });

  test('5: aborted in Pigeon by somebody else', async (context) => {
    const id = world().newId();
    const running = await call(RINGS_LONG, ['--id', id], context);
    const { resultId } = await rings(id);
    await fetch(`${world().emulator.url}/api/apps/pigeon/chain/abort`, {
      method: 'POST',
      headers: { 'X-Authorization': 'Token emulator-token' },
      body: JSON.stringify({ resultId }),
    });
    expect(await running.ended).toMatchObject({ code: 5, stdout: expect.stringContaining('aborted') as string });
  });

  test('5: hung up by another command, which waits until it is', async (context) => {
    const id = world().newId();
    const running = await call(RINGS_LONG, ['--id', id], context);
    await rings(id);
    const hangUp = await runCommand(['call', 'hang-up', id], options(context));
    expect(hangUp).toMatchObject({ code: 0, stdout: `The call ${id} is hung up.\n` });
    expect(await running.ended).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringContaining(`The call ${id} was cancelled and hung up.`) as string,
    });
    const again = await runCommand(['call', 'hang-up', id, '--json'], options(context));
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ callId: id, hungUp: false });
  });

  test('5: terminated in Temporal, and it says that the telephone may still ring', async (context) => {
    const id = world().newId();
    const running = await call(RINGS_LONG, ['--id', id], context);
    await rings(id);
    await world().temporal.workflow.getHandle(id).terminate('by hand');
    expect(await running.ended).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/terminated in Temporal.*may still ring/) as string,
    });
  });

  test('6: the deadline passed', async (context) => {
    const { ended } = await call(RINGS_LONG, ['--deadline', '3s'], context);
    expect(await ended).toMatchObject({ code: 6, stdout: expect.stringContaining('なし\n') as string });
  });

  test('9: Pigeon does not have the call flow', async (context) => {
    const args = ['call', '--callflow-id', 'no-such', '--guidance-id', 'no-such'];
    expect(await runCommand(args, options(context))).toMatchObject({
      code: 9,
      stdout: '',
      stderr: expect.stringMatching(/Pigeon refused the call .*404.*Check the ids of the call flow/) as string,
    });
  });

  test('1: the workflow ended as no call ends', async (context) => {
    const id = world().newId();
    await world().temporal.workflow.start('pigeonCall', {
      workflowId: id,
      taskQueue: 'nobody-polls-this',
      args: [{}],
      workflowRunTimeout: '1s',
    });
    expect(await runCommand(['call', 'wait', id], options(context))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('look at its history in Temporal') as string,
    });
  });
});

describe.concurrent('a call that was started before', () => {
  test('is followed, and not placed again, by a second command with its id', async (context) => {
    const id = world().newId();
    const first = await call(PRESSES_1, ['--id', id], context);
    expect(await first.ended).toMatchObject({ code: 0 });
    const second = await call(NEVER, ['--id', id], context);
    expect(await second.ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('succeeded') as string,
      stderr: expect.stringContaining('nothing is placed again') as string,
    });
    const posts = world().emulator.journal.invokes();
    expect(posts.filter(({ body }) => JSON.stringify(body).includes(id))).toHaveLength(1);
  });

  test('is told by "call status", as text and as JSON that fits its schema', async (context) => {
    const id = world().newId();
    await call(RINGS_LONG, ['--id', id], context);
    await rings(id);
    const text = await runCommand(['call', 'status', id], options(context));
    expect(text).toMatchObject({ code: 0, stdout: expect.stringMatching(/^calling since .*田中/) as string });
    const json = await runCommand(['call', 'status', id, '--json'], options(context));
    expect(JSON.parse(json.stdout)).toMatchObject({ state: 'calling', blockedBy: null });
    expect(problemsWith(json.stdout, 'pigeon-call-status')).toBeNull();
    await world().pigeonflow.call(id).hangUp();
  });

  test('is followed by "call wait" to its exit code', async (context) => {
    const id = world().newId();
    await (
      await call(NEVER, ['--id', id], context)
    ).ended;
    expect(await runCommand(['call', 'wait', id, '--json'], options(context))).toMatchObject({ code: 3 });
  });

  test.for(['status', 'wait', 'hang-up'])('"call %s" of an unknown id is said, and is 2', async (verb, context) => {
    expect(await runCommand(['call', verb, 'call/no-such'], options(context))).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'There is no call call/no-such in the namespace default. Check the id and TEMPORAL_NAMESPACE.\n',
    });
  });

  test('an id of a workflow of another kind is no call, and nothing happens to that workflow', async (context) => {
    const id = world().newId();
    await world().temporal.workflow.start('other', { workflowId: id, taskQueue: 'nobody-polls-this' });
    const hangUp = await runCommand(['call', 'hang-up', id], options(context));
    expect(hangUp).toMatchObject({ code: 2, stderr: expect.stringContaining('of the type other') as string });
    await world().temporal.workflow.getHandle(id).terminate();
  });
});

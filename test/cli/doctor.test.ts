import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NativeConnection } from '@temporalio/worker';
import { beforeAll, describe, expect, inject, test, type TestContext } from 'vitest';
import { EMULATOR_TOKEN } from '../../src/emulator/emulator.js';
import { findTemporalServer } from '../../tools/engine/find-temporal-server.js';
import { freePort } from '../../tools/engine/free-port.js';
import type { ServerSource } from '../../tools/engine/given-server.js';
import { startTemporalServer } from '../../tools/engine/temporal-server.js';
import { runCommand, variablesOf, type Variables } from '../rig/command.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';

const rig = useRig();
const world = useSharedWorld(rig, {});

/** `pigeonflow doctor` where everything is right but for these variables. */
async function doctor(context: TestContext, wrong: Variables = {}, flags: readonly string[] = []) {
  const right = {
    ...variablesOf(world()),
    PIGEON_BASE_URL: world().emulator.url,
    PIGEON_API_TOKEN: EMULATOR_TOKEN,
    PIGEONFLOW_SCHEDULES: '/nonexistent/schedules',
    PIGEONFLOW_POLICIES: '/nonexistent/policies',
  };
  return await runCommand(['doctor', ...flags], { variables: { ...right, ...wrong }, lifetime: context });
}

/** A web server that is no Pigeon. */
async function website(context: TestContext, status: number, headers: Record<string, string>, body = '') {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const wrongLines = (stdout: string): readonly string[] => stdout.split('\n').filter((line) => line.startsWith('✗'));

describe.concurrent('pigeonflow doctor', () => {
  test('says of each thing that it is right, is 0, and calls nobody', async (context) => {
    const { code, stdout, stderr } = await doctor(context);
    expect(stdout.split('\n')).toEqual([
      '✓ The configuration is complete.',
      expect.stringMatching(/^– Encryption is off: /),
      expect.stringMatching(/^✓ Temporal [\d.]+\S* answers at 127\.0\.0\.1:\d+\.$/),
      expect.stringMatching(/^(✓ The namespace default exists(; .+)?|– .* 1d, which is short: .*)$/),
      '✓ The search attributes are there, as Keyword.',
      `✓ 1 worker polls the task queue ${world().taskQueue}.`,
      `✓ 1 worker polls the task queue ${world().invokeTaskQueue}.`,
      '✓ Calling is not paused.',
      '– No canary is set up (pigeonflow canary setup).',
      `✓ Pigeon answers at ${world().emulator.url} and takes the token.`,
      '– There are no schedules: there is no folder /nonexistent/schedules.',
      '',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(world().emulator.journal.invokes()).toHaveLength(0);
  });

  test('tells the same as JSON', async (context) => {
    const { code, stdout } = await doctor(context, { PIGEON_API_TOKEN: 'wrong' }, ['--json']);
    expect(code).toBe(9);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      exitCode: 9,
      checks: [
        { check: 'configuration', ok: true },
        { check: 'encryption', ok: true },
        { check: 'temporal', ok: true },
        { check: 'namespace', ok: true },
        { check: 'searchAttributes', ok: true },
        { check: 'workers', ok: true },
        { check: 'workers', ok: true },
        { check: 'pause', ok: true },
        { check: 'canary', ok: true },
        { check: 'pigeon', ok: false, message: expect.stringContaining('401') as string },
        { check: 'duty', ok: true },
      ],
    });
  });

  test('tells everything that is wrong with the configuration at once, and still looks at the rest', async (context) => {
    const wrong = { PIGEON_API_TOKEN: '', PIGEONFLOW_SERVE: 'all', PIGEONFLOW_HEALTH_ADDRESS: 'x' };
    const { code, stdout } = await doctor(context, wrong);
    expect(code).toBe(2);
    expect(wrongLines(stdout)).toEqual([
      expect.stringContaining('PIGEON_API_TOKEN_FILE'),
      expect.stringContaining('PIGEONFLOW_SERVE'),
      expect.stringContaining('PIGEONFLOW_HEALTH_ADDRESS'),
    ]);
    expect(stdout).toContain('✓ Temporal');
  });

  test.for<[string, Variables, number, RegExp]>([
    ['a wrong token', { PIGEON_API_TOKEN: 'wrong' }, 9, /401: the token is not valid .*Make a new token/],
    ['a namespace that is not there', { TEMPORAL_NAMESPACE: 'none' }, 2, /no namespace none\. Correct TEMPORAL_NAMESP/],
    ['no worker', { PIGEONFLOW_TASK_QUEUE: 'nobody' }, 2, /No worker polls the task queue nobody.*pigeonflow worker/],
    ['an address where nobody listens', { PIGEON_BASE_URL: 'http://127.0.0.1:1' }, 10, /refused \(ECONNREFUSED\)/],
    ['a host that is not there', { PIGEON_BASE_URL: 'http://no.invalid' }, 10, /was not sent: .*(DNS|ENOTFOUND|AGAIN)/],
    ['a proxy that is not there', { HTTP_PROXY: 'http://127.0.0.1:1' }, 10, /through the proxy of the environment/],
    ['a proxy that is no address', { HTTP_PROXY: 'proxy' }, 2, /proxy .* is not an http or https URL/],
  ])('explains %s', async ([, variables, exitCode, text], context) => {
    const { code, stdout } = await doctor(context, variables);
    expect(wrongLines(stdout)).toEqual([expect.stringMatching(text)]);
    expect(code).toBe(exitCode);
  });

  test.for<[string, number, Record<string, string>, string, number, RegExp]>([
    ['a redirect', 301, { location: 'https://other.example/login' }, '', 10, /redirected to https:\/\/other\.example/],
    ['a web page', 200, { 'content-type': 'text/html' }, '<html>', 10, /answers, but not as Pigeon does \(UNREADABLE/],
    ['an address without Pigeon', 404, {}, 'no', 9, /knows no Pigeon \(404\)\. Correct PIGEON_SPACE/],
    ['a token without rights', 403, {}, '', 9, /403: the token may not do this/],
    ['a server that is down', 503, {}, '', 10, /not as Pigeon does \(HTTP_503\)/],
  ])('explains %s', async ([, status, headers, body, exitCode, text], context) => {
    const { code, stdout } = await doctor(context, { PIGEON_BASE_URL: await website(context, status, headers, body) });
    expect(wrongLines(stdout)).toEqual([expect.stringMatching(text)]);
    expect(code).toBe(exitCode);
  });

  test.for<[string, readonly string[], number, RegExp]>([
    [
      'workers of two versions',
      ['1@a', 'pigeonflow/9.9.9'],
      2,
      /^✗ Workers of 9\.9\.9 and a version before .*_UPGRADE=on/m,
    ],
    [
      'an upgrade under way',
      ['1@a', 'pigeonflow/9.9.9 rolling-upgrade'],
      0,
      /^✓ Workers of 9\.9\.9 and a version before/m,
    ],
    [
      'one that is over',
      ['pigeonflow/9.9.9 rolling-upgrade', '2@a pigeonflow/9.9.9'],
      2,
      /^✗ All workers are of 9\.9\.9, and 1 of/m,
    ],
  ])('says of %s what to do', async ([, identities, exitCode, text], context) => {
    const here = await rig({ context, workers: 'none' });
    for (const identity of identities) {
      // One connection serves a queue once.
      const connection = await NativeConnection.connect({ address: here.address });
      context.onTestFinished(() => connection.close());
      await here.startWorkers({ connection, identity: identity.replace(/^pigeon/, '1@b pigeon') });
    }
    const { code, stdout } = await doctor(context, {
      PIGEONFLOW_TASK_QUEUE: here.taskQueue,
      PIGEONFLOW_INVOKE_TASK_QUEUE: here.invokeTaskQueue,
    });
    expect(stdout).toMatch(text);
    expect(code).toBe(exitCode);
  });

  test('explains a token file that is empty', async (context) => {
    const { code, stdout } = await doctor(context, { PIGEON_API_TOKEN: '', PIGEON_API_TOKEN_FILE: '/dev/null' });
    expect(wrongLines(stdout)).toEqual([expect.stringContaining('/dev/null is empty. Write the token')]);
    expect(code).toBe(2);
  });

  test('explains a Temporal that is not there, and still looks at Pigeon', async (context) => {
    const address = `127.0.0.1:${await freePort()}`;
    const { code, stdout } = await doctor(context, { TEMPORAL_ADDRESS: address });
    expect(wrongLines(stdout)).toEqual([expect.stringContaining(`Temporal at ${address} cannot be reached`)]);
    expect(stdout).toContain('✓ Pigeon answers');
    expect(code).toBe(10);
  });

  describe('a server that nobody has prepared', () => {
    let source: ServerSource;
    beforeAll(async () => {
      source = await findTemporalServer();
    });

    test('lacks search attributes: says how to register them, and registers nothing', async (context) => {
      if (source.kind === 'running') context.skip('PIGEONFLOW_DEV_SERVER names a server that runs already');
      const server = await startTemporalServer({ source, searchAttributes: {} });
      context.onTestFinished(() => server.stop());
      for (let time = 1; time <= 2; time += 1) {
        const { code, stdout } = await doctor(context, { TEMPORAL_ADDRESS: server.address });
        expect(stdout).toMatch(
          /✗ The namespace default lacks the search attributes PigeonflowState and PigeonflowOwner\..* temporal operator search-attribute create/,
        );
        expect(code).toBe(2);
      }
      expect(server.address).not.toBe(inject('temporalAddress'));
    });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test, type TestContext } from 'vitest';
import { answers } from '../../src/emulator/emulator.js';
import { flagsToCall } from '../cli/call-files.js';
import { newAuthority } from '../rig/certificates.js';
import { runCommand, startCommand, variablesOf, type Variables } from '../rig/command.js';
import { callTo, eventually, useRig } from '../rig/rig.js';
import { tlsWay } from '../rig/tls-way.js';
import { tokenFile } from '../rig/token-source.js';
import { isReady, spawnWorker, startWorkerProcess } from '../rig/worker-process.js';
import { formsOf } from './forms-of.js';

const world = useRig();
const NUMBER = '0300000001';
const PEOPLE = { [NUMBER]: answers(100, { key: '1', afterMs: 100 }) };

test('a token and a password that change in their files are picked up by a worker that runs', async (context) => {
  const basicAuth = { username: 'pigeonflow', password: 'fresh-password' };
  const here = await world({ people: PEOPLE, tokens: ['fresh-token'], basicAuth, workers: 'none' });
  const token = await tokenFile('old-token', context);
  const basic = await tokenFile('pigeonflow:old-password', context);
  await startWorkerProcess(here, { PIGEON_API_TOKEN_FILE: token.path, PIGEON_BASIC_AUTH_FILE: basic.path });
  const call = await here.pigeonflow.startCall(here.newId(), callTo(NUMBER));
  const blocked = () => eventually(async () => (await call.status()).state === 'blocked', 'the call is blocked');

  await blocked();
  await basic.replace('pigeonflow:fresh-password\n');
  await call.check();
  await eventually(async () => here.emulator.journal.invokes().length > 1, 'it is tried again');
  await blocked(); // by the token alone
  await token.replace('fresh-token\n');
  await call.check();
  expect(await call.wait()).toMatchObject({ outcome: 'answered' });
});

describe('secrets', () => {
  const office = newAuthority();
  const server = office.issue();
  const client = office.issue({ name: 'pigeonflow' });
  /** Two lines of a key in PEM; the first is the same in many keys. */
  const keyText = client.key.split('\n').slice(2, 3).join('');
  const codecKey = Buffer.alloc(32, 'planted').toString('base64');
  const PLANTED = {
    token: 'planted-token-5fb1',
    password: 'planted-password-77',
    'password of the proxy': 'planted-proxy-3c',
    'key of Temporal': 'planted-api-key-90',
    'token of the codec server': 'planted-codec-token-1',
    'private key': keyText,
    'key of the encryption': codecKey.slice(0, 40),
  };

  const found = (outputs: Readonly<Record<string, string>>) =>
    Object.entries(outputs).flatMap(([where, text]) =>
      Object.entries(PLANTED).flatMap(([what, secret]) =>
        formsOf(secret)
          .filter(({ bytes }) => Buffer.from(text).includes(bytes))
          .map(({ name }) => `${what} in ${where}, as ${name}`),
      ),
    );

  async function setting(context: TestContext) {
    const here = await world({
      people: PEOPLE,
      tokens: [PLANTED.token],
      basicAuth: { username: 'u', password: PLANTED.password },
      workers: 'none',
    });
    const demanding = { ...server, ca: office.cert, requestCert: true };
    const address = await tlsWay(inject('temporalAddress'), demanding, context);
    const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-secrets-'));
    context.onTestFinished(() => rmSync(folder, { recursive: true }));
    const keysFile = join(folder, 'keys');
    writeFileSync(keysFile, `a ${codecKey}\n`);
    const variables: Variables = {
      ...variablesOf(here, address.replace('127.0.0.1', 'localhost')),
      TEMPORAL_API_KEY: PLANTED['key of Temporal'],
      TEMPORAL_TLS_SERVER_CA_CERT_DATA: office.cert,
      TEMPORAL_TLS_CLIENT_CERT_DATA: client.cert,
      TEMPORAL_TLS_CLIENT_KEY_DATA: client.key,
      PIGEON_BASE_URL: here.emulator.url,
      PIGEON_API_TOKEN: PLANTED.token,
      PIGEON_BASIC_AUTH: `u:${PLANTED.password}`,
      HTTPS_PROXY: `http://u:${PLANTED['password of the proxy']}@127.0.0.1:9`,
      PIGEONFLOW_CODEC_KEYS_FILE: keysFile,
      PIGEONFLOW_CODEC_TOKEN: PLANTED['token of the codec server'],
      PIGEONFLOW_CODEC_ADDRESS: '127.0.0.1:0',
      PIGEONFLOW_HEALTH_ADDRESS: '127.0.0.1:0',
      PIGEONFLOW_LOG_LEVEL: 'trace',
    };
    const run = async (...args: readonly string[]) => {
      const { stdout, stderr } = await runCommand(args, { variables, lifetime: context });
      return `${stdout}${stderr}`;
    };
    return { here, variables, run };
  }

  test('are printed by nothing when all goes well', async (context) => {
    const { here, variables, run } = await setting(context);
    const worker = await spawnWorker(variables, context);
    await isReady(worker);
    const codecServer = startCommand(['codec-server'], { variables, lifetime: context });
    await eventually(() => Promise.resolve(codecServer.stdout().includes('"ready"')), 'the codec server is ready');
    const outputs = {
      call: await run('call', '--id', here.newId(), ...(await flagsToCall(NUMBER, context))),
      doctor: await run('doctor'),
      list: await run('incident', 'list'),
      worker: worker.output().join('\n'),
      health: (await worker.health('/readyz')).text,
      'codec server': codecServer.stdout(),
    };
    expect(outputs.call).toContain('succeeded');
    expect(outputs.doctor).not.toContain('✗');
    expect(found(outputs)).toEqual([]);
  });

  test.for<[string, (variables: Variables) => Variables]>([
    ['the space knows none of them', () => ({ PIGEON_API_TOKEN: `${PLANTED.token}-x` })],
    ['a token cannot be in a header', () => ({ PIGEON_API_TOKEN: `あ${PLANTED.token}` })],
    ['a password has two lines', () => ({ PIGEON_BASIC_AUTH: `u:${PLANTED.password}\n` + PLANTED.password })],
    ['the address holds them', () => ({ PIGEON_BASE_URL: `https://u:${PLANTED.password}@127.0.0.1:9` })],
    ['the proxy is none', () => ({ HTTP_PROXY: `nonsense:${PLANTED['password of the proxy']}@` })],
    ['Temporal is away', () => ({ TEMPORAL_ADDRESS: '127.0.0.1:9' })],
    ['a key cannot be in a header', () => ({ TEMPORAL_API_KEY: `あ${PLANTED['key of Temporal']}` })],
    ['certificate and key are mixed up', () => ({ TEMPORAL_TLS_CLIENT_CERT_DATA: client.key })],
    [
      'they are given where their files are meant',
      () => ({
        PIGEON_API_TOKEN: '',
        PIGEON_API_TOKEN_FILE: PLANTED.token,
        PIGEON_BASIC_AUTH: '',
        PIGEON_BASIC_AUTH_FILE: PLANTED.password,
        TEMPORAL_TLS_CLIENT_KEY_DATA: '',
        TEMPORAL_TLS_CLIENT_KEY_PATH: client.key,
        PIGEONFLOW_CODEC_KEYS_FILE: codecKey,
      }),
    ],
    [
      'a line of the keys is wrong',
      ({ PIGEONFLOW_CODEC_KEYS_FILE: file = '' }) => {
        writeFileSync(file, `a ${codecKey}x\na ${codecKey}\n`);
        return {};
      },
    ],
  ])('are printed by nothing when %s', async ([, wrong], context) => {
    const { variables } = await setting(context);
    const spoilt = { ...variables, ...wrong(variables) };
    const commands = [['doctor'], ['call', 'status', 'call/x'], ['incident', 'list']];
    const outputs = await Promise.all(
      commands.map(async (args) => {
        const { stdout, stderr } = await runCommand(args, { variables: spoilt, lifetime: context });
        return [args.join(' '), `${stdout}${stderr}`] as const;
      }),
    );
    const worker = await spawnWorker(spoilt, context);
    await Promise.race([
      worker.ended,
      worker.logged(({ level, msg }) => level === 'warn' || msg === 'ready', 'how it goes'),
    ]);
    expect(outputs.map(([, text]) => text).join('')).toMatch(/✗/);
    expect(found({ ...Object.fromEntries(outputs), worker: worker.output().join('\n') })).toEqual([]);
  });

  test('are found where they are planted', () => {
    expect(found({ here: `Basic ${Buffer.from(`u:${PLANTED.password}`).toString('base64')}` })).toHaveLength(1);
  });

  test('are no option of any command', async (context) => {
    const helpOf = async (path: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await runCommand([...path, '--help'], { variables: {}, lifetime: context });
      const subcommands = [...(/^Commands:\n((?: .*\n)+)/m.exec(stdout)?.[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)];
      const options = [...stdout.matchAll(/^ {2}.*?(--[a-z-]+)/gm)].map(([, option]) => [...path, option].join(' '));
      const names = subcommands.map(([, name = '']) => name).filter((name) => name !== 'help');
      return [...options, ...(await Promise.all(names.map((name) => helpOf([...path, name])))).flat()];
    };
    const options = await helpOf([]);
    expect(options).toContain('incident open --summary');
    const secret = options.filter((option) =>
      /token|secret|password|basic|auth|credential|api-key|tls|codec-key/.test(option),
    );
    expect(secret).toEqual(['emulator --token']); // of a space that calls nobody
  });
});

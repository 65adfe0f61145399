import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { parseKeys } from '../../src/codec/keys.js';
import { answers, EMULATOR_TOKEN } from '../../src/emulator/emulator.js';
import { keysText } from '../codec/keys-of.js';
import { runCommand, variablesOf, type Variables } from '../rig/command.js';
import { eventually, useRig } from '../rig/rig.js';
import { startWorkerProcess } from '../rig/worker-process.js';
import { temporaryFolder } from '../tools/temporary-folder.js';
import { flagsToCall } from './call-files.js';

const world = useRig();
const NUMBER = '0300000001';
const POLICY = `
version: 1
name: encrypted
start: primary
budget: { calls: 3, within: 1h }
contacts:
  tanaka: { name: 田中, phone: "${NUMBER}" }
steps:
  primary:
    call: { contacts: [tanaka], say: 障害です。1を押してください。, waitTime: 1 }
    keys: { 1: acknowledge }
`;

function withKeys(text: string): Variables {
  const path = join(temporaryFolder(), 'keys');
  writeFileSync(path, text);
  return { PIGEONFLOW_CODEC_KEYS_FILE: path };
}

const run = (context: TestContext, args: readonly string[], variables: Variables = {}) =>
  runCommand(args, { variables, lifetime: context });

test('codec new-key prints a line for the file of keys, and nothing else', async (context) => {
  const { code, stdout, stderr } = await run(context, ['codec', 'new-key']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(parseKeys(stdout, 'keys').writing.key).toHaveLength(32);
});

test('a call is placed and followed with the keys, and without them it is said which is missing', async (context) => {
  const here = await world({ workers: 'none', people: { [NUMBER]: answers(100, { key: '1', afterMs: 100 }) } });
  const keys = withKeys(keysText('a'));
  await startWorkerProcess(here, keys);
  const variables = variablesOf(here);
  const placed = await run(context, ['call', '--id', here.newId(), ...(await flagsToCall(NUMBER, context))], {
    ...variables,
    ...keys,
  });
  expect(placed).toMatchObject({ code: 0, stdout: '架電で入力されたボタン: 1\nステータス: succeeded\n' });

  const id = /Call (\S+) is started/.exec(placed.stderr)?.[1] ?? '';
  const missing = 'A payload is encrypted with the key "a", ';
  for (const [wrong, text] of [
    [{}, `${missing}and there are no keys here: set PIGEONFLOW_CODEC_KEYS_FILE`],
    [withKeys(keysText('b')), `${missing}which is missing: add its line to`],
  ] as const) {
    for (const part of ['status', 'wait']) {
      const { code, stderr } = await run(context, ['call', part, id], { ...variables, ...wrong });
      expect(code).toBe(2);
      expect(stderr).toContain(text);
    }
  }
});

test(
  'incidents are listed and shown without the keys: what is not encrypted, and one line that says what is missing',
  { timeout: 180_000 },
  async (context) => {
    const here = await world({ workers: 'none', people: { [NUMBER]: answers(100, { key: '1', afterMs: 100 }) } });
    const keys = withKeys(keysText('a'));
    await startWorkerProcess(here, keys);
    const variables = variablesOf(here);
    const policy = join(temporaryFolder(), 'policy.yaml');
    writeFileSync(policy, POLICY);
    const open = ['incident', 'open', '--policy', policy, '--summary', '応答遅延', '--wait', 'owned', '--json'];
    const opened = await run(context, open, { ...variables, ...keys });
    const { incidentId } = JSON.parse(opened.stdout) as { readonly incidentId: string };

    const isEncrypted = /1 of \d+ can be read in part alone\. .*key "a".*set PIGEONFLOW_CODEC_KEYS_FILE/;
    const shown = new RegExp(`^acknowledged +${incidentId}\n.*is encrypted\n  owner: tanaka; opened .*UTC`, 'm');
    const list = ['incident', 'list', '--owner', 'tanaka', '--query', `WorkflowId = '${incidentId}'`];
    for (const args of [list, ['incident', 'show', incidentId]]) {
      const { code, stdout, stderr } = await eventually(async () => {
        const ended = await run(context, args, variables);
        return shown.test(ended.stdout) && ended;
      }, 'it is listed');
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(isEncrypted) as string });
      expect(stdout).not.toContain('応答遅延');
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    const { stdout } = await run(context, [...list, '--json'], variables);
    const unreadable = expect.stringContaining('"a"') as string;
    expect(JSON.parse(stdout)).toMatchObject([
      { incidentId, state: 'acknowledged', owner: 'tanaka', summary: '', closedAt: null, unreadable },
    ]);
    expect((await run(context, list, { ...variables, ...keys })).stdout).toContain('応答遅延');
    expect(await run(context, ['incident', 'resolve', incidentId], { ...variables, ...keys })).toMatchObject({
      code: 0,
    });
  },
);

test('a file of keys that cannot be used ends every command with 2 and the line', async (context) => {
  const variables = {
    ...withKeys('\nwrong'),
    PIGEON_SPACE: 'example',
    PIGEON_API_TOKEN: 'x',
    PIGEONFLOW_CODEC_TOKEN: 'x',
  };
  for (const args of [['worker'], ['codec-server'], ['call', 'status', 'x']]) {
    const { code, stderr } = await run(context, args, variables);
    expect(stderr).toMatch(/keys, line 2: wanted a key id and a key with a space between them; .* prints one\.\n$/);
    expect(code).toBe(2);
  }
});

test('a codec server whose configuration is wrong tells all that is wrong, and ends with 2', async (context) => {
  const { code, stderr } = await run(context, ['codec-server'], { PIGEONFLOW_CODEC_ORIGINS: '*' });
  expect(code).toBe(2);
  expect(stderr.match(/^ {2}- [A-Z_]+/gm)).toEqual([
    '  - PIGEONFLOW_CODEC_KEYS_FILE',
    '  - PIGEONFLOW_CODEC_TOKEN_FILE',
    '  - PIGEONFLOW_CODEC_ORIGINS',
  ]);
});

describe('doctor', () => {
  const doctor = async (context: TestContext, variables: Variables) => {
    const here = await world({ workers: 'none' });
    const right = { ...variablesOf(here), PIGEON_BASE_URL: here.emulator.url, PIGEON_API_TOKEN: EMULATOR_TOKEN };
    const { stdout } = await run(context, ['doctor', '--json'], { ...right, ...variables });
    const { checks } = JSON.parse(stdout) as { readonly checks: readonly { readonly check: string }[] };
    return checks.find(({ check }) => check === 'encryption');
  };

  test.for<[string, string | null, boolean, RegExp]>([
    ['it is off', null, true, /^Encryption is off: .* PIGEONFLOW_CODEC_KEYS_FILE turns it on\.$/],
    [
      'it is on',
      keysText('new', 'old', 'older'),
      true,
      /^Encryption is on, with the key new, and old, older to read\.$/,
    ],
    ['the file is wrong', 'a b', false, /keys, line 1: its key is not the base64 of 32 bytes\.$/],
  ])('says of the encryption that %s', async ([, text, ok, message], context) => {
    expect(await doctor(context, text === null ? {} : withKeys(text))).toEqual({
      check: 'encryption',
      ok,
      message: expect.stringMatching(message) as string,
    });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand, type Variables } from '../rig/command.js';

const PLANTED = {
  'key of Temporal': 'PLANTED-API-KEY-123',
  'key of the encryption': Buffer.alloc(32, 'planted-1').toString('base64'),
  'key of a sender': 'planted0123456789abcdef012345678',
  'secret of a signature': 'planted-signing-secret',
  'private key': Buffer.alloc(48, 'planted-2').toString('base64'),
  number: '0300000001',
};

const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-broken-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** A file with these lines, of which one is wrong. */
function fileWith(name: string, ...lines: readonly string[]): string {
  const path = join(folder, `${(files += 1)}-${name}`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const temporal = () =>
  fileWith(
    'temporal.toml',
    '[profile.default]',
    'address = "127.0.0.1:1"',
    `api_key = "${PLANTED['key of Temporal']}`,
    'namespace = "calls"',
  );
const codecKeys = () => fileWith('keys', `2026-11 ${PLANTED['key of the encryption']}x`);
const gatewayKeys = () =>
  fileWith(
    'keys.yaml',
    'integrations:',
    `  shop: { keys: ${PLANTED['key of a sender']} }`,
    `  grafana: { keys: ${PLANTED['key of a sender']}, hmac: ${PLANTED['secret of a signature']} }`,
  );
const privateKey = () =>
  fileWith('key.pem', '-----BEGIN PRIVATE KEY-----', PLANTED['private key'], '-----END PRIVATE KEY-----');
const routes = () => fileWith('routes.yaml', 'rules: [{ name: everything, policy: one-person }]');

const SPACE: Variables = { PIGEON_SPACE: 'example', PIGEON_API_TOKEN: 'x', TEMPORAL_ADDRESS: '127.0.0.1:1' };
const CODEC: Variables = { PIGEONFLOW_CODEC_TOKEN: 'x', PIGEONFLOW_CODEC_ORIGINS: 'https://temporal.example' };
const OFF: Variables = { PIGEONFLOW_HEALTH_ADDRESS: 'off' };
const emptyKeys = () => fileWith('keys.yaml', 'integrations: {}');

type Case = readonly [command: string, variables: () => Variables, file: () => string];

/** A command, and the variable or the argument by which it is given the file. */
const CASES: readonly Case[] = [
  ...['worker', 'doctor', 'doctor --json', 'setup', 'incident list', 'call status x', 'pause --reason x'].map(
    (command): Case => [command, () => ({ ...SPACE, TEMPORAL_CONFIG_FILE: temporal() }), temporal],
  ),
  [
    'gateway',
    () => ({
      TEMPORAL_CONFIG_FILE: temporal(),
      PIGEONFLOW_ROUTES: routes(),
      PIGEONFLOW_GATEWAY_KEYS_FILE: emptyKeys(),
    }),
    temporal,
  ],
  ...['worker', 'doctor', 'doctor --json', 'incident list', 'codec-server'].map((command): Case => [
    command,
    () => ({ ...SPACE, ...CODEC, PIGEONFLOW_CODEC_KEYS_FILE: codecKeys() }),
    codecKeys,
  ]),
  ['gateway', () => ({ PIGEONFLOW_ROUTES: routes(), PIGEONFLOW_GATEWAY_KEYS_FILE: gatewayKeys() }), gatewayKeys],
  // The wrong file in the right place.
  ['gateway', () => ({ PIGEONFLOW_ROUTES: codecKeys(), PIGEONFLOW_GATEWAY_KEYS_FILE: emptyKeys() }), codecKeys],
  ['gateway', () => ({ PIGEONFLOW_ROUTES: routes(), PIGEONFLOW_GATEWAY_KEYS_FILE: codecKeys() }), codecKeys],
  [
    'worker',
    () => ({ ...SPACE, TEMPORAL_TLS_CLIENT_CERT_PATH: privateKey(), TEMPORAL_TLS_CLIENT_KEY_PATH: privateKey() }),
    privateKey,
  ],
  ['worker', () => ({ ...SPACE, TEMPORAL_CONFIG_FILE: codecKeys() }), codecKeys],
  ['policy check FILE', () => ({}), codecKeys],
  ['policy check FILE', () => ({}), gatewayKeys],
  ['policy show FILE', () => ({}), privateKey],
  ['route check FILE', () => ({}), gatewayKeys],
  ['route check FILE', () => ({}), codecKeys],
  [
    'call --guidance-id a --callflow FILE',
    () => SPACE,
    () => fileWith('flow.json', `{"contacts": ${PLANTED.number} ${PLANTED.number}}`),
  ],
  ['call --guidance-id a --callflow FILE', () => SPACE, codecKeys],
  [
    'policy check FILE',
    () => ({}),
    () => fileWith('x.policy.yaml', 'contacts:', `  sato: { phone: ${PLANTED.number}x }`),
  ],
];

describe('a mistake in a file that holds a secret', () => {
  test.for(CASES.map((one, index) => [index, one[0], one] as const))(
    'is told without the secret (%d): %s',
    { concurrent: true },
    async ([, command, [, variables, file]], context) => {
      const args = command.split(' ').map((word) => (word === 'FILE' ? file() : word));
      const lifetime = { onTestFinished: context.onTestFinished };
      const { code, stdout, stderr } = await runCommand(args, { variables: { ...OFF, ...variables() }, lifetime });
      expect(code).not.toBe(0);
      const said = stdout + stderr;
      expect(said).toMatch(/line \d|:\d+:\d+:|is not JSON|holds no|file of keys/i);
      // Also not a part of one that is cut.
      const told = Object.entries(PLANTED).filter(([, secret]) =>
        [secret.slice(0, 12), secret.slice(-12)].some((part) => said.includes(part)),
      );
      expect({ told, said }).toEqual({ told: [], said });
    },
  );
});

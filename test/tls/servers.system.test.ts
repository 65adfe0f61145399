import { writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { describe, expect, inject, test, type TestContext } from 'vitest';
import { keysText } from '../codec/keys-of.js';
import { startCodecServer, TOKEN } from '../codec-server/rig.js';
import { KEYS, OPERATOR, ROUTES, startGateway } from '../gateway/gateway.js';
import { daysFromNow, newAuthority, type Certificate } from '../rig/certificates.js';
import { runCommand, type Variables } from '../rig/command.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const office = newAuthority('office');

function fileWith(name: string, content: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

const filesOf = (prefix: string, { cert, key }: Certificate): Variables => ({
  [`${prefix}_CERT_FILE`]: fileWith('server.pem', cert),
  [`${prefix}_KEY_FILE`]: fileWith('server.key', key),
});

interface Server {
  readonly command: string;
  /** Of the variables of its certificate. */
  readonly prefix: string;
  /** Enough to start it, but for the certificate. */
  readonly variables: () => Variables;
  /** Address of one that runs in this process. */
  readonly start: (tls: Variables, context: TestContext) => Promise<string>;
  readonly secret: string;
}

const SERVERS: readonly Server[] = [
  {
    command: 'codec-server',
    prefix: 'PIGEONFLOW_CODEC_TLS',
    variables: () => ({
      PIGEONFLOW_CODEC_KEYS_FILE: fileWith('keys', keysText('a')),
      PIGEONFLOW_CODEC_TOKEN: TOKEN,
      PIGEONFLOW_CODEC_ADDRESS: '127.0.0.1:0',
    }),
    start: async (tls) => `${(await startCodecServer(tls)).url}/`,
    secret: TOKEN,
  },
  {
    command: 'gateway',
    prefix: 'PIGEONFLOW_GATEWAY_TLS',
    variables: () => ({
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      PIGEONFLOW_ROUTES: fileWith('routes.yaml', ROUTES),
      PIGEONFLOW_GATEWAY_KEYS_FILE: fileWith('keys.yaml', KEYS),
      PIGEONFLOW_GATEWAY_ADDRESS: '127.0.0.1:0',
    }),
    start: async (environment, context) => {
      const queues = { taskQueue: 'tls', invokeTaskQueue: 'tls-invoke' };
      return `${(await startGateway(queues, context, { environment })).url}/openapi.json`;
    },
    secret: OPERATOR,
  },
];

describe.for(SERVERS)('$command', ({ command, prefix, variables, start, secret }) => {
  test('answers anyone who trusts its authority, and nobody else asks it', async (context) => {
    const address = await start(filesOf(prefix, office.issue()), context);
    const ask = (ca: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { authorization: `Bearer ${secret}` };
        const asked = httpsRequest(address, { ca, headers }, ({ statusCode }) => resolve(statusCode));
        asked.on('error', reject).end();
      });
    expect(await ask(office.cert)).toBe(200);
    await expect(ask(newAuthority('strangers').cert)).rejects.toThrow(/unable to verify/);
  });

  test.for<[string, Certificate, string]>([
    [
      'has expired',
      office.issue({ from: daysFromNow(-3), until: daysFromNow(-2) }),
      '_CERT_FILE names .*server\\.pem, which expired on 20\\d\\d-.*: renew it',
    ],
    [
      'is not valid yet',
      office.issue({ from: daysFromNow(2), until: daysFromNow(3) }),
      '_CERT_FILE names .*server\\.pem, which is not valid before',
    ],
    [
      'has the key of another',
      { ...office.issue(), key: office.issue().key },
      '_KEY_FILE names .*server\\.key, which is not the key of .*server\\.pem',
    ],
    ['is none', { ...office.issue(), cert: '' }, '_CERT_FILE names .*server\\.pem, which holds no certificate'],
  ])('ends with 2, the file and the reason when its certificate %s', async ([, pair, text], context) => {
    const environment = { ...variables(), PIGEONFLOW_HEALTH_ADDRESS: 'off', ...filesOf(prefix, pair) };
    const { code, stderr } = await runCommand([command], { variables: environment, lifetime: context });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(prefix + text) as string });
  });
});

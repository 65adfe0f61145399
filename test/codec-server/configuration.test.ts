import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { certificateOf } from '../../src/process/server-certificate.js';
import { ConfigurationError, readCodecServerConfig, type Environment } from '../../src/config/config.js';
import { temporaryFolder } from '../tools/temporary-folder.js';
import { startCodecServer } from './rig.js';

const fixture = (name: string) => fileURLToPath(new URL(`../pigeon/fixtures/${name}.pem`, import.meta.url));
const TLS = 'PIGEONFLOW_CODEC_TLS';
const ENOUGH = { PIGEONFLOW_CODEC_KEYS_FILE: '/dev/null', PIGEONFLOW_CODEC_TOKEN: 'planted-token' };

describe('the configuration of a codec server', () => {
  test('needs keys and a token; all else has a default', () => {
    expect(readCodecServerConfig(ENOUGH)).toEqual({
      codecKeysFile: '/dev/null',
      address: { host: '127.0.0.1', port: 8091 },
      origins: [],
      token: { value: 'planted-token' },
      tls: null,
      healthAddress: { host: '127.0.0.1', port: 8090 },
      logLevel: 'info',
    });
  });

  test('takes origins with commas or spaces between them', () => {
    const origins = ' https://a.example,http://localhost:8233  https://b.example:8443 ';
    expect(readCodecServerConfig({ ...ENOUGH, PIGEONFLOW_CODEC_ORIGINS: origins }).origins).toEqual([
      'https://a.example',
      'http://localhost:8233',
      'https://b.example:8443',
    ]);
  });

  test.for<[string, Environment, RegExp]>([
    ['no keys', { PIGEONFLOW_CODEC_KEYS_FILE: '' }, /^PIGEONFLOW_CODEC_KEYS_FILE .* must be given/],
    ['no token', { PIGEONFLOW_CODEC_TOKEN: '' }, /^PIGEONFLOW_CODEC_TOKEN_FILE .* or PIGEONFLOW_CODEC_TOKEN must be/],
    [
      'any origin',
      { PIGEONFLOW_CODEC_ORIGINS: '*' },
      /^PIGEONFLOW_CODEC_ORIGINS must be origins such as .*"\*" is none/,
    ],
    ['an origin with a path', { PIGEONFLOW_CODEC_ORIGINS: 'https://a.example/' }, /"https:\/\/a\.example\/" is none/],
    ['an origin in capitals', { PIGEONFLOW_CODEC_ORIGINS: 'https://A.example' }, /"https:\/\/A\.example" is none/],
    ['a host as origin', { PIGEONFLOW_CODEC_ORIGINS: 'a.example' }, /"a\.example" is none/],
    ['no address', { PIGEONFLOW_CODEC_ADDRESS: 'off' }, /^PIGEONFLOW_CODEC_ADDRESS cannot be "off"/],
    ['half an address', { PIGEONFLOW_CODEC_ADDRESS: 'a' }, /^PIGEONFLOW_CODEC_ADDRESS must be host:port/],
    ['half of TLS', { PIGEONFLOW_CODEC_TLS_KEY_FILE: '/dev/null' }, /^give both of PIGEONFLOW_CODEC_TLS_CERT_FILE and/],
    [
      'a certificate that is not there',
      { PIGEONFLOW_CODEC_TLS_CERT_FILE: '/no/file', PIGEONFLOW_CODEC_TLS_KEY_FILE: '/dev/null' },
      /^PIGEONFLOW_CODEC_TLS_CERT_FILE names \/no\/file, which cannot be found/,
    ],
  ])('refuses %s, and names the variable', ([, env, problem]) => {
    let problems: readonly string[] = [];
    try {
      readCodecServerConfig({ ...ENOUGH, ...env });
    } catch (error) {
      if (error instanceof ConfigurationError) ({ problems } = error);
    }
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });
});

describe('a certificate', () => {
  const [cert, key] = [fixture('localhost.cert'), fixture('localhost.key')];

  test.for<[string, string, string, RegExp]>([
    ['that is not there', '/no/file', key, /CERT_FILE names \/no\/file, which cannot be read \(ENOENT\)/],
    ['that is a key', key, key, /CERT_FILE names .* which holds no certificate/],
    ['with a key that is none', cert, cert, /KEY_FILE names .* which holds no private key/],
    [
      'with the key of another',
      cert,
      fixture('elsewhere.key'),
      /KEY_FILE names .* is not the key of .*localhost\.cert/,
    ],
  ])('%s is refused with the variable and the reason', ([, certFile, keyFile, message]) => {
    expect(() => certificateOf({ certFile, keyFile, variable: TLS })).toThrow(message);
  });

  test('that has expired is refused with the day', () => {
    expect(() => certificateOf({ certFile: cert, keyFile: key, variable: TLS }, Date.parse('2200-01-01'))).toThrow(
      /CERT_FILE names .* which expired on 21\d\d-/,
    );
  });
});

describe('a codec server does not start', () => {
  test('with a token file that is empty', async () => {
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, '\n');
    await expect(startCodecServer({ PIGEONFLOW_CODEC_TOKEN_FILE: file })).rejects.toThrow(
      `The token file ${file} is empty: write the token into it.`,
    );
  });

  test('with keys that cannot be used', async () => {
    await expect(startCodecServer({ PIGEONFLOW_CODEC_KEYS_FILE: '/dev/null' })).rejects.toThrow(
      /dev\/null holds no key/,
    );
  });

  test('on an address that somebody has', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(holder.address() as AddressInfo).port}`;
    await expect(startCodecServer({ PIGEONFLOW_CODEC_ADDRESS: address })).rejects.toThrow(
      `The codec server cannot listen on ${address} (EADDRINUSE): set PIGEONFLOW_CODEC_ADDRESS to a free address`,
    );
    holder.close();
  });
});

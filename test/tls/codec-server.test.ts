import { writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keysText } from '../codec/keys-of.js';
import { startCodecServer, TOKEN } from '../codec-server/rig.js';
import { daysFromNow, newAuthority, type Certificate } from '../rig/certificates.js';
import { runCommand } from '../rig/command.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const office = newAuthority('office');

function filesWith({ cert, key }: Certificate) {
  const folder = temporaryFolder();
  const [certFile, keyFile] = [join(folder, 'codec.pem'), join(folder, 'codec.key')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  return { PIGEONFLOW_CODEC_TLS_CERT_FILE: certFile, PIGEONFLOW_CODEC_TLS_KEY_FILE: keyFile };
}

test('whoever trusts the authority of a codec server may ask it, and nobody else does', async () => {
  const { url } = await startCodecServer(filesWith(office.issue()));
  const ask = (ca: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = httpsRequest(url, { ca, headers: { authorization: `Bearer ${TOKEN}` } }, ({ statusCode }) =>
        resolve(statusCode),
      );
      asked.on('error', reject).end();
    });
  expect(await ask(office.cert)).toBe(200);
  await expect(ask(newAuthority('strangers').cert)).rejects.toThrow(/unable to verify/);
});

test.for<[string, Certificate, RegExp]>([
  [
    'has expired',
    office.issue({ from: daysFromNow(-3), until: daysFromNow(-2) }),
    /PIGEONFLOW_CODEC_TLS_CERT_FILE names .*codec\.pem, which expired on 20\d\d-.*: renew it/,
  ],
  [
    'is not valid yet',
    office.issue({ from: daysFromNow(2), until: daysFromNow(3) }),
    /PIGEONFLOW_CODEC_TLS_CERT_FILE names .*codec\.pem, which is not valid before/,
  ],
  [
    'has the key of another',
    { ...office.issue(), key: office.issue().key },
    /PIGEONFLOW_CODEC_TLS_KEY_FILE names .*codec\.key, which is not the key of .*codec\.pem/,
  ],
  [
    'is none',
    { ...office.issue(), cert: '' },
    /PIGEONFLOW_CODEC_TLS_CERT_FILE names .*codec\.pem, which holds no certificate/,
  ],
])('a codec server whose certificate %s ends with 2, the file and the reason', async ([, pair, text], context) => {
  const keysFile = join(temporaryFolder(), 'keys');
  writeFileSync(keysFile, keysText('a'));
  const variables = {
    PIGEONFLOW_CODEC_KEYS_FILE: keysFile,
    PIGEONFLOW_CODEC_TOKEN: TOKEN,
    PIGEONFLOW_CODEC_ADDRESS: '127.0.0.1:0',
    PIGEONFLOW_HEALTH_ADDRESS: 'off',
    ...filesWith(pair),
  };
  const { code, stderr } = await runCommand(['codec-server'], { variables, lifetime: context });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(text) as string });
});

import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { describePem, problemOfAuthorities } from '../../src/config/pem.js';
import { lookAtTls } from '../../src/process/look-at-tls.js';
import { freePort } from '../../tools/engine/free-port.js';
import { daysFromNow, newAuthority } from '../rig/certificates.js';
import { eventually } from '../rig/rig.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const office = newAuthority('office');
const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;

/** A server that says why it refuses a certificate, as those of Go and Envoy do; Node's ends the connection in silence. */
async function serverThatSaysWhy(context: TestContext): Promise<string> {
  const { cert, key } = office.issue();
  const folder = temporaryFolder();
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const port = await freePort();
  const files = ['-cert', file('cert', cert), '-key', file('key', key), '-CAfile', file('ca', office.cert)];
  const how = ['-accept', `127.0.0.1:${port}`, '-Verify', '1', '-verify_return_error', '-alpn', 'h2', '-quiet'];
  const child = spawn('openssl', ['s_server', ...how, ...files], { stdio: ['pipe', 'ignore', 'ignore'] });
  context.onTestFinished(() => void child.kill('SIGKILL'));
  const address = `127.0.0.1:${port}`;
  await eventually(async () => (await lookAtTls({ address })) !== null, 'openssl serves');
  return address;
}

const tlsWith = (pair: { readonly cert: string; readonly key: string } | null) => ({
  serverRootCACertificate: Buffer.from(office.cert),
  ...(pair !== null && { clientCertPair: { crt: Buffer.from(pair.cert), key: Buffer.from(pair.key) } }),
});

describe.skipIf(!HAS_OPENSSL)('a server that says why it refuses a certificate', () => {
  test.for([
    [
      'of a stranger',
      newAuthority('strangers').issue(),
      /refuses our certificate \(CN=localhost, issued by CN=strangers, .*\) with "unknown ca": give one of an authority that it trusts/,
    ],
    [
      'that has expired',
      office.issue({ from: daysFromNow(-2), until: daysFromNow(-1) }),
      /refuses our certificate .* with "certificate expired"/,
    ],
    ['that is missing', null, /demands a certificate of ours: set TEMPORAL_TLS_CLIENT_CERT_PATH and/],
  ] as const)('is understood: one %s', async ([, pair, why], context) => {
    const address = await serverThatSaysWhy(context);
    expect(await lookAtTls({ address, tls: tlsWith(pair) })).toEqual({
      kind: 'refused',
      why: expect.stringMatching(why) as string,
    });
  });

  test('is no trouble with the right one', async (context) => {
    const address = await serverThatSaysWhy(context);
    expect(await lookAtTls({ address, tls: tlsWith(office.issue()) }, 1_000)).toBeNull();
  });
});

describe('TLS is not the reason', () => {
  async function serverThat(does: (socket: Socket) => void, context: TestContext): Promise<string> {
    const server = createServer(does);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    context.onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.for<[string, (socket: Socket) => void]>([
    ['says nothing', (socket) => void setTimeout(() => socket.destroy(), 2_000).unref()],
    ['resets the connection', (socket) => void socket.resetAndDestroy()],
    ['ends the connection', (socket) => void socket.resume().end()],
  ])('when a server %s', async ([, does], context) => {
    const address = await serverThat(does, context);
    expect(await lookAtTls({ address, tls: true }, 500)).toBeNull();
    expect(await lookAtTls({ address }, 500)).toBeNull();
  });

  test('when nobody listens, or the address is none', async () => {
    expect(await lookAtTls({ address: `127.0.0.1:${await freePort()}`, tls: true })).toBeNull();
    for (const address of ['', 'nowhere', 'dns:///a', 'no-such-host.invalid:7233', '127.0.0.1:99999']) {
      expect(await lookAtTls({ address, tls: true })).toBeNull();
    }
  });
});

describe('the certificates of authorities', () => {
  const pem = (content: string) => ({ origin: 'X names /ca', name: '/ca', content: Buffer.from(content) });
  const [one, other] = [office.cert, newAuthority('other').cert];

  test('are right as long as one of them is valid', () => {
    expect(problemOfAuthorities(pem(one + other))).toBeNull();
    expect(problemOfAuthorities(pem(one + other), Date.parse('2050-01-01'))).toMatch(
      /^X names \/ca, which expired on /,
    );
    expect(problemOfAuthorities(pem(''))).toMatch(/which holds no certificate/);
  });

  test('are described on one line', () => {
    expect(describePem(Buffer.from(one))).toMatch(/^CN=office, issued by CN=office, valid until [\dTZ.:-]+$/);
    expect(describePem(Buffer.from('none'))).toBe('no certificate');
  });
});

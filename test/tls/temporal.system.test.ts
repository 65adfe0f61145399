import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject, expect, describe, test, type TestContext } from 'vitest';
import { answers, EMULATOR_TOKEN } from '../../src/emulator/emulator.js';
import { flagsToCall } from '../cli/call-files.js';
import { daysFromNow, newAuthority, type Certificate } from '../rig/certificates.js';
import { runCommand, variablesOf, type Variables } from '../rig/command.js';
import { useRig, type World } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { tlsWay } from '../rig/tls-way.js';
import { isReady, spawnWorker } from '../rig/worker-process.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const NUMBER = '0300000001';
const world = useSharedWorld(useRig(), {
  workers: 'none',
  people: { [NUMBER]: answers(100, { key: '1', afterMs: 100 }) },
});

const office = newAuthority('office');
const strangers = newAuthority('strangers');
const server = office.issue();
const ours = office.issue({ name: 'pigeonflow' });
const past = { from: daysFromNow(-3), until: daysFromNow(-2) };
const demanding = { ...server, ca: office.cert, requestCert: true };

function fileWith(name: string, content: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}
const trusting = (ca: string): Variables => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: fileWith('ca.pem', ca) });
const showing = ({ cert, key }: Certificate): Variables => ({
  TEMPORAL_TLS_CLIENT_CERT_PATH: fileWith('client.pem', cert),
  TEMPORAL_TLS_CLIENT_KEY_PATH: fileWith('client.key', key),
});

const environmentOf = (here: World, address: string, tls: Variables): Variables => ({
  ...variablesOf(here, address.replace('127.0.0.1', 'localhost')),
  PIGEON_BASE_URL: here.emulator.url,
  PIGEON_API_TOKEN: EMULATOR_TOKEN,
  PIGEONFLOW_HEALTH_ADDRESS: '127.0.0.1:0',
  ...tls,
});

/** What the command, doctor and a worker say of it, and how the first two end. */
async function said(context: TestContext, variables: Variables, temporal: 'isThere' | 'isMisconfigured') {
  const run = (args: readonly string[]) => runCommand(args, { variables, lifetime: context });
  const ofWorker = async () => {
    const worker = await spawnWorker(variables, context);
    if (temporal === 'isMisconfigured') {
      const { code } = await worker.ended;
      return { worker: worker.output().join('\n'), workerEnds: code };
    }
    await worker.logged((line) => line.msg === 'Temporal cannot be reached', 'that Temporal cannot be reached');
    return { worker: (await worker.health('/readyz')).text, workerEnds: null };
  };
  const [command, doctor, ofIt] = await Promise.all([
    run(['call', 'status', 'call/x']),
    run(['doctor', '--json']),
    ofWorker(),
  ]);
  expect(doctor.code).toBe(command.code);
  const { checks } = JSON.parse(doctor.stdout) as { checks: { ok: boolean; message: string }[] };
  const ofDoctor = checks.filter(({ ok }) => !ok).map(({ message }) => message);
  return { code: command.code, command: command.stderr, doctor: ofDoctor.join('\n'), ...ofIt };
}

const everywhere = (code: number, text: RegExp, workerEnds: number | null = null) => {
  const matching = expect.stringMatching(text) as string;
  return { code, command: matching, doctor: matching, worker: matching, workerEnds };
};

describe('a Temporal server with TLS', () => {
  test.for<[string, object, () => Variables, string]>([
    ['whose authority is ours', server, () => trusting(office.cert), ''],
    [
      'that demands our certificate',
      demanding,
      () => ({ ...trusting(office.cert), ...showing(ours) }),
      ' Our certificate is CN=pigeonflow, issued by CN=office, valid until ',
    ],
    [
      'with another name',
      office.issue({ name: 'temporal.example' }),
      () => ({ ...trusting(office.cert), TEMPORAL_TLS_SERVER_NAME: 'temporal.example' }),
      '',
    ],
  ])('%s takes workers and calls', async ([, options, tls, shown], context) => {
    const variables = environmentOf(world(), await tlsWay(inject('temporalAddress'), options, context), tls());
    const worker = await spawnWorker(variables, context);
    await isReady(worker);
    const call = ['call', '--id', world().newId(), ...(await flagsToCall(NUMBER, context))];
    expect(await runCommand(call, { variables, lifetime: context })).toMatchObject({
      code: 0,
      stderr: expect.any(String) as string,
    });
    const doctor = await runCommand(['doctor'], { variables, lifetime: context });
    expect(doctor).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${variables['TEMPORAL_ADDRESS']}.${shown}`) as string,
    });
    await worker.terminate();
  });

  test.for<[string, object | null, () => Variables, RegExp]>([
    [
      'of another authority',
      server,
      () => trusting(strangers.cert),
      /its certificate \(CN=localhost, issued by CN=office, .*\) is not signed by an authority of TEMPORAL_TLS_SERVER_CA_CERT_PATH: give there/,
    ],
    [
      'of an authority that nobody knows',
      server,
      () => ({ TEMPORAL_TLS: 'true' }),
      /is not signed by an authority that this machine trusts: give .* with TEMPORAL_TLS_SERVER_CA_CERT_PATH/,
    ],
    [
      'whose certificate has expired',
      office.issue(past),
      () => trusting(office.cert),
      /its certificate \(CN=localhost, .* valid until .*\) or one of its authorities has expired: renew it at the server/,
    ],
    [
      'with the name of another',
      office.issue({ name: 'temporal.example' }),
      () => trusting(office.cert),
      /is for DNS:temporal\.example, not for localhost: correct TEMPORAL_ADDRESS, or .* TEMPORAL_TLS_SERVER_NAME/,
    ],
    [
      'that demands a certificate which we do not have',
      demanding,
      () => trusting(office.cert),
      /it demands a certificate of ours: set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH/,
    ],
    ['where we speak no TLS', server, () => ({}), /it speaks TLS, and we do not: set TEMPORAL_TLS=true/],
    [
      'that speaks none where we do',
      null,
      () => trusting(office.cert),
      /it does not speak TLS: correct the port of TEMPORAL_ADDRESS, or unset TEMPORAL_TLS/,
    ],
  ])('%s is refused, and it is said what to do', async ([, options, tls, text], context) => {
    const target = inject('temporalAddress');
    const address = options === null ? target : await tlsWay(target, options, context);
    expect(await said(context, environmentOf(world(), address, tls()), 'isThere')).toEqual(everywhere(2, text));
  });

  test('that ends the connection when it has seen our certificate is told with the certificate', async (context) => {
    const address = await tlsWay(inject('temporalAddress'), demanding, context);
    const tls = { ...trusting(office.cert), ...showing(strangers.issue({ name: 'pigeonflow' })) };
    expect(await said(context, environmentOf(world(), address, tls), 'isThere')).toEqual(
      everywhere(
        10,
        /perhaps it does not accept our certificate \(CN=pigeonflow, issued by CN=strangers, .*\); see TEMPORAL_TLS_CLIENT_CERT_PATH/,
      ),
    );
  });
});

describe('certificates', () => {
  test.for<[string, () => Variables, RegExp]>([
    [
      'that is not there',
      () => ({ ...showing(ours), TEMPORAL_TLS_CLIENT_CERT_PATH: '/no/file' }),
      /TEMPORAL_TLS_CLIENT_CERT_PATH names \/no\/file, which cannot be read \(ENOENT\)/,
    ],
    [
      'whose key is not there',
      () => ({ ...showing(ours), TEMPORAL_TLS_CLIENT_KEY_PATH: '/no/file' }),
      /TEMPORAL_TLS_CLIENT_KEY_PATH names \/no\/file, which cannot be read/,
    ],
    [
      'of an authority that is not there',
      () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/no/file' }),
      /TEMPORAL_TLS_SERVER_CA_CERT_PATH names \/no\/file, which cannot be read/,
    ],
    [
      'that is none',
      () => showing({ ...ours, cert: 'none' }),
      /TEMPORAL_TLS_CLIENT_CERT_PATH names .*client\.pem, which holds no certificate: wanted PEM/,
    ],
    [
      'with the key of another',
      () => showing({ ...ours, key: server.key }),
      /TEMPORAL_TLS_CLIENT_KEY_PATH names .*client\.key, which is not the key of .*client\.pem/,
    ],
    [
      'without a key',
      () => ({ TEMPORAL_TLS_CLIENT_CERT_PATH: fileWith('client.pem', ours.cert) }),
      /give both of TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH, or none/,
    ],
    [
      'that has expired',
      () => showing(office.issue(past)),
      /TEMPORAL_TLS_CLIENT_CERT_PATH names .*client\.pem, which expired on 20\d\d-.*: renew it/,
    ],
    [
      'that is not valid yet',
      () => showing(office.issue({ from: daysFromNow(1), until: daysFromNow(2) })),
      /client\.pem, which is not valid before 20\d\d-.*: wait, or correct the clock/,
    ],
    [
      'in a variable, cut off',
      () => ({ TEMPORAL_TLS_CLIENT_CERT_DATA: ours.cert.slice(0, 200), TEMPORAL_TLS_CLIENT_KEY_DATA: ours.key }),
      /TEMPORAL_TLS_CLIENT_CERT_DATA gives a text, which holds no certificate/,
    ],
    [
      'named by a profile, that is not there',
      () => ({
        TEMPORAL_CONFIG_FILE: fileWith('temporal.toml', '[profile.default.tls]\nserver_ca_cert_path = "/no/file"\n'),
      }),
      /server_ca_cert_path of the Temporal profile names \/no\/file, which cannot be read/,
    ],
  ])('one %s ends worker, command and doctor with the file and the reason', async ([, tls, text], context) => {
    const variables = environmentOf(world(), inject('temporalAddress'), tls());
    expect(await said(context, variables, 'isMisconfigured')).toEqual(everywhere(2, text, 2));
  });
});

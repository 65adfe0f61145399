import { loadClientConfigProfile, toClientOptions, type ClientConfigTLS } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { describePem, problemOfAuthorities, problemOfPair, readPem, type Pem } from './pem.js';
import type { Environment, Setting } from './variables.js';

export interface TemporalConfig {
  readonly connection: NativeConnectionOptions;
  readonly namespace: string;
}

/** Which runs stay with this worker and those of the same version; without one every worker takes every run. */
export interface WorkerVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** Whose certificate we show to Temporal, and until when it is valid; null without mTLS. */
export function clientCertificate({ tls }: NativeConnectionOptions): string | null {
  const pair = typeof tls === 'object' && tls !== null ? tls.clientCertPair : undefined;
  return pair ? describePem(pair.crt) : null;
}

const DEFAULT_ADDRESS = '127.0.0.1:7233';
const DEFAULT_NAMESPACE = 'default';

/** Address, namespace, TLS, API key and profiles as Temporal's own tools read them. */
export const temporal: Setting<TemporalConfig> = {
  rows: [
    {
      names: [
        'TEMPORAL_ADDRESS',
        'TEMPORAL_NAMESPACE',
        'TEMPORAL_API_KEY',
        'TEMPORAL_TLS_*',
        'TEMPORAL_PROFILE',
        'TEMPORAL_CONFIG_FILE',
      ],
      default: `\`${DEFAULT_ADDRESS}\`, \`${DEFAULT_NAMESPACE}\``,
      meaning:
        'the Temporal server, as [Temporal defines them](https://docs.temporal.io/develop/environment-configuration)',
      more: '[TLS](../how-to/tls.md)',
    },
  ],
  read: readTemporal,
  shown: ({ connection, namespace }) => ({
    address: connection.address,
    namespace,
    tls: Boolean(connection.tls),
    clientCertificate: clientCertificate(connection) ?? 'none',
  }),
};

/** Worker versioning; the variables are named as Temporal's Worker Controller names them. Null is off. */
export const version: Setting<WorkerVersion | null> = {
  rows: [
    {
      names: ['TEMPORAL_DEPLOYMENT_NAME', 'TEMPORAL_WORKER_BUILD_ID'],
      default: 'off',
      meaning:
        '[worker versioning](../how-to/upgrade.md#or-keep-both-versions-worker-versioning): runs stay with the version that they began with',
    },
  ],
  read: readVersion,
};

function readTemporal(env: Environment, problems: string[]): TemporalConfig {
  const nothing = { connection: {}, namespace: DEFAULT_NAMESPACE };
  try {
    const given = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]));
    const profile = loadClientConfigProfile({ overrideEnvVars: given });
    const wrong = [
      ...(profile.tls === undefined ? [] : problemsOfTls(profile.tls, given)),
      ...problemsOfHeaders({ ...profile.grpcMeta, ...(profile.apiKey && { TEMPORAL_API_KEY: profile.apiKey }) }),
    ];
    problems.push(...wrong);
    if (wrong.length > 0) return nothing;
    const { connectionOptions, namespace } = toClientOptions(profile);
    return {
      connection: { ...connectionOptions, address: connectionOptions.address ?? DEFAULT_ADDRESS },
      namespace: namespace ?? DEFAULT_NAMESPACE,
    };
  } catch (error) {
    problems.push(`TEMPORAL_*: ${describeFailure(error)}`);
    return nothing;
  }
}

/** Without the lines of the file that the reader of TOML quotes below its first one: a key may stand there. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [what = ''] = error.message.split('\n');
  return 'line' in error && 'column' in error
    ? `${what} (line ${String(error.line)}, column ${String(error.column)})`
    : what;
}

/** The SDK would quote the value. */
const problemsOfHeaders = (values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values)
    .filter(([, value]) => /[^ -~]/.test(value))
    .map(([name]) => `${name} holds characters that no header can: wanted one line of ASCII`);

/** The SDK would say so when it connects, and in few words; half a pair it would leave out in silence. */
function problemsOfTls(tls: ClientConfigTLS, env: Environment): readonly string[] {
  if (tls.disabled === true) return [];
  const ca = pemOf('SERVER_CA_CERT', tls.serverCACert, env);
  const cert = pemOf('CLIENT_CERT', tls.clientCert, env);
  const key = pemOf('CLIENT_KEY', tls.clientKey, env);
  const problems = [ca, cert, key].flatMap((pem) => (pem !== null && 'problem' in pem ? [pem.problem] : []));
  if (problems.length > 0) return problems;
  if (ca !== null && 'content' in ca) problems.push(problemOfAuthorities(ca) ?? '');
  if (cert !== null && key !== null) {
    if ('content' in cert && 'content' in key) problems.push(problemOfPair(cert, key) ?? '');
  } else if (cert !== key) {
    problems.push('give both of TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH, or none');
  }
  return problems.filter(Boolean);
}

/** From a variable, or else from a profile of Temporal's configuration file. */
function pemOf(
  what: 'SERVER_CA_CERT' | 'CLIENT_CERT' | 'CLIENT_KEY',
  source: ClientConfigTLS['clientCert'],
  env: Environment,
): Pem | { readonly problem: string } | null {
  if (source === undefined) return null;
  const name = `${what}_${'path' in source ? 'PATH' : 'DATA'}`;
  const variable = `TEMPORAL_TLS_${name}`;
  const giver = env[variable] ? variable : `${name.toLowerCase()} of the Temporal profile`;
  if ('path' in source) return readPem(giver, source.path);
  return { origin: `${giver} gives a text`, name: giver, content: Buffer.from(source.data) };
}

function readVersion(env: Environment, problems: string[]): WorkerVersion | null {
  const [deploymentName, buildId] = [env['TEMPORAL_DEPLOYMENT_NAME'], env['TEMPORAL_WORKER_BUILD_ID']];
  if (!deploymentName && !buildId) return null;
  if (!deploymentName || !buildId) {
    problems.push('give both of TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID, or none');
    return null;
  }
  if (!/[.:]/.test(deploymentName)) return { deploymentName, buildId };
  problems.push(`TEMPORAL_DEPLOYMENT_NAME must hold no dot and no colon, and is "${deploymentName}"`);
  return null;
}

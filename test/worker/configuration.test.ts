import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, readWorkerConfig, type Environment } from '../../src/config/config.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const ENOUGH = { PIGEON_SPACE: 'example', PIGEON_API_TOKEN: 'token' };

function problemsOf(env: Environment): readonly string[] {
  try {
    readWorkerConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe('the configuration of a worker', () => {
  test('needs a space and a token; all else has a default', () => {
    expect(readWorkerConfig(ENOUGH)).toEqual({
      temporal: { connection: { address: '127.0.0.1:7233' }, namespace: 'default' },
      pigeon: {
        baseUrl: 'https://example.cloud.kompira.jp',
        token: { value: 'token' },
        basicAuth: null,
        proxy: null,
      },
      taskQueue: 'pigeonflow',
      invokeTaskQueue: 'pigeonflow-invoke',
      serve: 'both',
      invokeRate: 2,
      policies: 'policies',
      people: null,
      schedules: 'schedules',
      calendarHosts: [],
      codecKeysFile: null,
      version: null,
      heartbeat: null,
      maxCachedWorkflows: 500,
      shutdownGraceMs: 20_000,
      rollingUpgrade: false,
      language: 'en',
      timeZone: 'UTC',
      healthAddress: { host: '127.0.0.1', port: 8090 },
      metricsAddress: null,
      tracing: { kind: 'off' },
      logLevel: 'info',
    });
  });

  test.for<[string, Environment, object]>([
    [
      'a whole address of Pigeon',
      { PIGEON_SPACE: '', PIGEON_BASE_URL: 'http://127.0.0.1:8880/x/' },
      { pigeon: { baseUrl: 'http://127.0.0.1:8880/x' } },
    ],
    ['a token with white space around it', { PIGEON_API_TOKEN: ' abc\n' }, { pigeon: { token: { value: 'abc' } } }],
    [
      'a file for the token',
      { PIGEON_API_TOKEN: '', PIGEON_API_TOKEN_FILE: '/dev/null' },
      { pigeon: { token: { file: '/dev/null' } } },
    ],
    ['HTTP Basic', { PIGEON_BASIC_AUTH: 'user:pass word' }, { pigeon: { basicAuth: { value: 'user:pass word' } } }],
    [
      'a file for HTTP Basic',
      { PIGEON_BASIC_AUTH_FILE: '/dev/null' },
      { pigeon: { basicAuth: { file: '/dev/null' } } },
    ],
    [
      'proxies',
      { HTTPS_PROXY: 'http://p:1', no_proxy: 'a,b' },
      { pigeon: { proxy: { httpsProxy: 'http://p:1', noProxy: 'a,b' } } },
    ],
    [
      'task queues',
      { PIGEONFLOW_TASK_QUEUE: 'a', PIGEONFLOW_INVOKE_TASK_QUEUE: 'b' },
      { taskQueue: 'a', invokeTaskQueue: 'b' },
    ],
    ['one of its two queues', { PIGEONFLOW_SERVE: 'invoke' }, { serve: 'invoke' }],
    ['a rate', { PIGEONFLOW_INVOKE_RATE: '0.5' }, { invokeRate: 0.5 }],
    ['a folder of policies', { PIGEONFLOW_POLICIES: '/etc/policies' }, { policies: '/etc/policies' }],
    ['keys', { PIGEONFLOW_CODEC_KEYS_FILE: '/dev/null' }, { codecKeysFile: '/dev/null' }],
    [
      'a version',
      { TEMPORAL_DEPLOYMENT_NAME: 'calls', TEMPORAL_WORKER_BUILD_ID: '1.0' },
      { version: { deploymentName: 'calls', buildId: '1.0' } },
    ],
    [
      'an outside monitor',
      { PIGEONFLOW_HEARTBEAT_URL: 'https://monitor.example.com/x' },
      { heartbeat: { value: 'https://monitor.example.com/x' } },
    ],
    ['a cache size', { PIGEONFLOW_MAX_CACHED_WORKFLOWS: '7' }, { maxCachedWorkflows: 7 }],
    ['a grace', { PIGEONFLOW_SHUTDOWN_GRACE: '30' }, { shutdownGraceMs: 30_000 }],
    ['an IPv6 address', { PIGEONFLOW_HEALTH_ADDRESS: '[::1]:9' }, { healthAddress: { host: '::1', port: 9 } }],
    ['no health endpoint', { PIGEONFLOW_HEALTH_ADDRESS: 'off' }, { healthAddress: null }],
    ['metrics', { PIGEONFLOW_METRICS_ADDRESS: '0.0.0.0:9464' }, { metricsAddress: { host: '0.0.0.0', port: 9464 } }],
    ['traces', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, { tracing: { kind: 'on' } }],
    [
      'traces, switched off as OpenTelemetry does',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'True' },
      { tracing: { kind: 'off' } },
    ],
    [
      'traces to what is no address, which keeps nobody from being called',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      { tracing: { kind: 'unusable', why: expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT must be/) as string } },
    ],
    [
      'traces in another protocol',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      { tracing: { kind: 'unusable', why: expect.stringMatching(/must be http\/protobuf, and is "grpc"$/) as string } },
    ],
    [
      'traces whose own protocol wins',
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
      },
      { tracing: { kind: 'on' } },
    ],
    ['a log level', { PIGEONFLOW_LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
    ['an empty variable, as if it were not there', { PIGEONFLOW_LOG_LEVEL: '' }, { logLevel: 'info' }],
    [
      'a Temporal server',
      { TEMPORAL_ADDRESS: 't:1', TEMPORAL_NAMESPACE: 'n' },
      { temporal: { connection: { address: 't:1' }, namespace: 'n' } },
    ],
    [
      'a key for Temporal, which implies TLS',
      { TEMPORAL_API_KEY: 'k' },
      { temporal: { connection: { apiKey: 'k', tls: true } } },
    ],
  ])('takes %s', ([, env, expected]) => {
    expect(readWorkerConfig({ ...ENOUGH, ...env })).toMatchObject(expected);
  });

  test.for<[string, Environment, RegExp]>([
    ['no space', { PIGEON_SPACE: '' }, /^give one of PIGEON_SPACE .* and PIGEON_BASE_URL/],
    [
      'a space and an address',
      { PIGEON_BASE_URL: 'https://a.example' },
      /^give one of PIGEON_SPACE .* and PIGEON_BASE_URL/,
    ],
    ['a space that is an address', { PIGEON_SPACE: 'example.cloud.kompira.jp' }, /^PIGEON_SPACE must be the name/],
    [
      'an address that is none',
      { PIGEON_SPACE: '', PIGEON_BASE_URL: 'example' },
      /^PIGEON_BASE_URL must be an address/,
    ],
    ['another protocol', { PIGEON_SPACE: '', PIGEON_BASE_URL: 'ftp://a' }, /^PIGEON_BASE_URL must be an address/],
    [
      'a user in the address',
      { PIGEON_SPACE: '', PIGEON_BASE_URL: 'https://u:p@a' },
      /^PIGEON_BASE_URL must not hold a user/,
    ],
    [
      'a password alone in the address',
      { PIGEON_SPACE: '', PIGEON_BASE_URL: 'https://:p@a' },
      /^PIGEON_BASE_URL must not hold/,
    ],
    ['no token', { PIGEON_API_TOKEN: '' }, /^PIGEON_API_TOKEN_FILE .* or PIGEON_API_TOKEN must be given/],
    ['a blank token', { PIGEON_API_TOKEN: ' \n' }, /^PIGEON_API_TOKEN_FILE .* or PIGEON_API_TOKEN must be given/],
    [
      'a token twice',
      { PIGEON_API_TOKEN_FILE: '/dev/null' },
      /^give one of PIGEON_API_TOKEN and PIGEON_API_TOKEN_FILE/,
    ],
    ['a token of two lines', { PIGEON_API_TOKEN: 'a\nb' }, /^PIGEON_API_TOKEN must be one line/],
    [
      'a token file that is not there',
      { PIGEON_API_TOKEN: '', PIGEON_API_TOKEN_FILE: '/no/file' },
      /^PIGEON_API_TOKEN_FILE names \/no\/file/,
    ],
    [
      'a file for HTTP Basic that is not there',
      { PIGEON_BASIC_AUTH_FILE: '/no/file' },
      /^PIGEON_BASIC_AUTH_FILE names \/no\/file/,
    ],
    [
      'a file of keys that is not there',
      { PIGEONFLOW_CODEC_KEYS_FILE: '/no/file' },
      /^PIGEONFLOW_CODEC_KEYS_FILE names \/no\/file, which cannot be found/,
    ],
    [
      'one name for both queues',
      { PIGEONFLOW_TASK_QUEUE: 'pigeonflow-invoke' },
      /^PIGEONFLOW_INVOKE_TASK_QUEUE must differ/,
    ],
    [
      'a queue that does not exist',
      { PIGEONFLOW_SERVE: 'all' },
      /^PIGEONFLOW_SERVE must be one of both, workflows, invoke, and is "all"/,
    ],
    [
      'half a version',
      { TEMPORAL_WORKER_BUILD_ID: '1.0' },
      /^give both of TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID/,
    ],
    [
      'a deployment that Temporal would refuse',
      { TEMPORAL_DEPLOYMENT_NAME: 'a.b', TEMPORAL_WORKER_BUILD_ID: '1' },
      /^TEMPORAL_DEPLOYMENT_NAME must hold no dot and no colon, and is "a\.b"/,
    ],
    ['a rate of nothing', { PIGEONFLOW_INVOKE_RATE: '0' }, /^PIGEONFLOW_INVOKE_RATE must be a number from 0.01/],
    ['a rate in words', { PIGEONFLOW_INVOKE_RATE: 'two' }, /^PIGEONFLOW_INVOKE_RATE must be a number .* "two"/],
    [
      'no cache',
      { PIGEONFLOW_MAX_CACHED_WORKFLOWS: '0' },
      /^PIGEONFLOW_MAX_CACHED_WORKFLOWS must be a whole number from 1/,
    ],
    [
      'half a workflow',
      { PIGEONFLOW_MAX_CACHED_WORKFLOWS: '1.5' },
      /^PIGEONFLOW_MAX_CACHED_WORKFLOWS must be a whole number/,
    ],
    ['HTTP Basic without a password', { PIGEON_BASIC_AUTH: 'user' }, /^PIGEON_BASIC_AUTH must be user:password/],
    ['a grace with a unit', { PIGEONFLOW_SHUTDOWN_GRACE: '20s' }, /^PIGEONFLOW_SHUTDOWN_GRACE must be a number/],
    [
      'an address without a port',
      { PIGEONFLOW_HEALTH_ADDRESS: 'localhost' },
      /^PIGEONFLOW_HEALTH_ADDRESS must be host:port/,
    ],
    [
      'a port that does not exist',
      { PIGEONFLOW_METRICS_ADDRESS: 'a:65536' },
      /^PIGEONFLOW_METRICS_ADDRESS must be host:port/,
    ],
    [
      'a log level that does not exist',
      { PIGEONFLOW_LOG_LEVEL: 'loud' },
      /^PIGEONFLOW_LOG_LEVEL must be one of trace, debug/,
    ],
    ['a profile that does not exist', { TEMPORAL_PROFILE: 'none' }, /^TEMPORAL_\*: Profile 'none' not found/],
  ])('refuses %s, and names the variable', ([, env, problem]) => {
    expect(problemsOf({ ...ENOUGH, ...env })).toEqual([expect.stringMatching(problem)]);
  });

  test('tells all that is wrong at once', () => {
    const wrong = {
      PIGEONFLOW_SERVE: 'x',
      PIGEONFLOW_INVOKE_RATE: 'x',
      PIGEONFLOW_HEALTH_ADDRESS: 'x',
      TEMPORAL_PROFILE: 'x',
    };
    expect(problemsOf(wrong)).toHaveLength(6);
    const { message } = new ConfigurationError(problemsOf(wrong));
    for (const name of [...Object.keys(wrong).slice(0, 3), 'TEMPORAL_*', 'PIGEON_SPACE', 'PIGEON_API_TOKEN']) {
      expect(message).toContain(name);
    }
  });

  test('takes the Temporal server from a profile of a configuration file, and from the environment before it', () => {
    const profiles = join(temporaryFolder(), 'temporal.toml');
    writeFileSync(
      profiles,
      '[profile.default]\naddress = "wrong:1"\n[profile.prod]\naddress = "prod:7233"\nnamespace = "calls"\napi_key = "key"\n',
    );
    const env = { ...ENOUGH, TEMPORAL_CONFIG_FILE: profiles, TEMPORAL_PROFILE: 'prod' };
    const connection = { address: 'prod:7233', apiKey: 'key', tls: true };
    expect(readWorkerConfig(env).temporal).toMatchObject({ connection, namespace: 'calls' });
    expect(readWorkerConfig({ ...env, TEMPORAL_NAMESPACE: 'other' }).temporal).toMatchObject({
      connection,
      namespace: 'other',
    });
  });
});

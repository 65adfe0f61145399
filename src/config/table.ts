/**
 * Every variable that pigeonflow reads, by the program that reads it and the field of its configuration: the one place
 * where a variable is declared. The readers of `config.ts`, `--help` and the reference page follow from it.
 */
import { DEFAULT_INVOKE_TASK_QUEUE, DEFAULT_TASK_QUEUE } from '../contract/names.js';
import { LANGUAGES } from '../words/words.js';
import { pigeon, proxy, webhookPigeon } from './pigeon.js';
import { temporal, version } from './temporal.js';
import { tracing } from './tracing.js';
import {
  address,
  certificate,
  credential,
  listenAddress,
  mapped,
  number,
  oneOf,
  origins,
  path,
  requiredFile,
  requiredToken,
  text,
  zone,
} from './variables.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const queues = {
  taskQueue: text({
    name: 'PIGEONFLOW_TASK_QUEUE',
    otherwise: DEFAULT_TASK_QUEUE,
    meaning: 'task queue of the workflows and of all activities but the POST',
  }),
  invokeTaskQueue: text({
    name: 'PIGEONFLOW_INVOKE_TASK_QUEUE',
    otherwise: DEFAULT_INVOKE_TASK_QUEUE,
    meaning: 'task queue of the POST',
  }),
};

/** What people read at night: the Web UI, the answers to what they ask, the output of the command. */
export const READING = {
  language: oneOf({
    name: 'PIGEONFLOW_LANGUAGE',
    of: LANGUAGES,
    otherwise: 'en',
    meaning: '`ja` or `en`: language of what [people read](../how-to/watch-incidents.md#language-and-time-zone)',
    more: 'logs, most errors, metrics and `--help` are English in any case',
  }),
  timeZone: zone({
    name: 'PIGEONFLOW_TIME_ZONE',
    otherwise: 'UTC',
    meaning: 'time zone of the times in it, by its IANA name such as `Asia/Tokyo`',
  }),
};

const CODEC_KEYS = {
  name: 'PIGEONFLOW_CODEC_KEYS_FILE',
  meaning: 'file of keys: what Temporal stores is [encrypted](../how-to/encrypt.md) with the first',
};
const codecKeysFile = path({ ...CODEC_KEYS, otherwise: 'nothing is encrypted' });

export const PEOPLE = {
  people: path({
    name: 'PIGEONFLOW_PEOPLE',
    otherwise: 'policies have all contacts themselves',
    meaning:
      'the [file of people](people-file.md): their numbers are read from it at each call; a changed one is read again',
  }),
};

const health = {
  healthAddress: address({
    name: 'PIGEONFLOW_HEALTH_ADDRESS',
    otherwise: '127.0.0.1:8090',
    meaning: '`/healthz` (it lives) and `/readyz` (it takes work, else why not); `off` for none',
  }),
};
const logging = {
  logLevel: oneOf({
    name: 'PIGEONFLOW_LOG_LEVEL',
    of: LOG_LEVELS,
    otherwise: 'info',
    meaning: '`trace`, `debug`, `info`, `warn` or `error`',
  }),
};
const operation = {
  ...health,
  metricsAddress: address({
    name: 'PIGEONFLOW_METRICS_ADDRESS',
    otherwise: 'off',
    meaning: '[metrics](metrics.md) for Prometheus, at `/metrics`',
  }),
  tracing,
  ...logging,
};

/** What the command needs to find Temporal, the calls and their workers. */
export const CLIENT = { temporal, ...queues, codecKeysFile, ...READING };

/** Where workers, gateways and commands find schedules. */
export const SCHEDULES = {
  schedules: text({
    name: 'PIGEONFLOW_SCHEDULES',
    otherwise: 'schedules',
    meaning: 'folder of the [schedules](schedule-file.md), `<name>.yaml` each',
  }),
  calendarHosts: mapped(
    text({
      name: 'PIGEONFLOW_CALENDAR_HOSTS',
      otherwise: 'none',
      meaning:
        'hosts of [calendars](schedule-file.md#addresses) that may be on this machine, or without TLS, with commas between them',
    }),
    (written) => (written === 'none' ? [] : written.split(',').map((host) => host.trim())),
  ),
};

export const WORKER = {
  temporal,
  version,
  pigeon,
  ...queues,
  serve: oneOf({
    name: 'PIGEONFLOW_SERVE',
    of: ['both', 'workflows', 'invoke'],
    otherwise: 'both',
    meaning: 'which of the two task queues it serves: `both`, or `workflows` or `invoke` alone',
  }),
  invokeRate: number({
    name: 'PIGEONFLOW_INVOKE_RATE',
    from: 0.01,
    to: 10_000,
    otherwise: 2,
    meaning: 'POSTs a second, for all workers together',
    more: "retries after a [full queue](../explanation/a-call.md#a-full-queue) are at most one a second of each worker. Pigeon limits rates (the number is not public; the vendor's own scripts leave half a second between two POSTs)",
  }),
  policies: text({
    name: 'PIGEONFLOW_POLICIES',
    otherwise: 'policies',
    meaning: 'folder of the policies that incidents name, `<name>.yaml` each',
  }),
  ...PEOPLE,
  ...SCHEDULES,
  codecKeysFile,
  heartbeat: credential({
    name: 'PIGEONFLOW_HEARTBEAT_URL',
    meaning:
      'file that holds the address of an outside monitor, which the [canary](../how-to/operate.md#who-watches-the-watchman) asks for when all is well; or the address itself',
    form: { pattern: /^https?:\/\//, must: 'an address such as https://monitor.example.com/ping/…' },
  }),
  maxCachedWorkflows: number({
    name: 'PIGEONFLOW_MAX_CACHED_WORKFLOWS',
    from: 1,
    to: 100_000,
    whole: true,
    otherwise: 500,
    meaning: 'runs kept in memory between their steps',
    more: '0.4 MiB each; keep it above the number that is open at once',
  }),
  shutdownGraceMs: mapped(
    number({
      name: 'PIGEONFLOW_SHUTDOWN_GRACE',
      from: 0,
      to: 3600,
      otherwise: 20,
      meaning: 'seconds for the tasks in progress after `SIGTERM`',
      more: 'keep it above 10, the limit of one request',
    }),
    (seconds) => 1000 * seconds,
  ),
  rollingUpgrade: mapped(
    oneOf({
      name: 'PIGEONFLOW_ROLLING_UPGRADE',
      of: ['off', 'on'],
      otherwise: 'off',
      meaning: '`on`: takes no path that workers of the version before cannot follow',
      more: 'see [upgrade](../how-to/upgrade.md)',
    }),
    (word) => word === 'on',
  ),
  ...READING,
  ...operation,
};

export const GATEWAY = {
  temporal,
  routesFile: requiredFile({
    name: 'PIGEONFLOW_ROUTES',
    is: 'the routing file',
    meaning: 'the [routing file](routing-file.md): which alerts call whom; a changed one is read again',
  }),
  policies: path({
    name: 'PIGEONFLOW_POLICIES',
    otherwise: 'the workers read theirs',
    meaning: 'folder of the policies that the rules may name',
    more: 'incidents open with what is there, and a routing file that names another one is refused',
  }),
  ...PEOPLE,
  ...SCHEDULES,
  keysFile: requiredFile({
    name: 'PIGEONFLOW_GATEWAY_KEYS_FILE',
    is: 'the file of the keys of senders',
    advice: '; `pigeonflow gateway key` makes a key',
    meaning:
      'the [file of keys](gateway.md#the-file-of-keys), with the hashes of those of senders; a changed one is read again',
  }),
  address: listenAddress({
    name: 'PIGEONFLOW_GATEWAY_ADDRESS',
    otherwise: '127.0.0.1:8092',
    meaning: 'where it listens',
  }),
  tls: certificate({
    name: 'PIGEONFLOW_GATEWAY_TLS',
    meaning: 'certificate (with its chain) and key in PEM; a changed one is read again',
  }),
  ...queues,
  codecKeysFile,
  pigeon: webhookPigeon,
  proxy: proxy('a proxy on the way out, to certificates of Amazon SNS and to Pigeon'),
  ...READING,
  ...operation,
};

export const CODEC_SERVER = {
  codecKeysFile: requiredFile({
    name: CODEC_KEYS.name,
    is: 'the file of keys of the workers',
    meaning: 'the file of keys of the workers',
  }),
  token: requiredToken({
    name: 'PIGEONFLOW_CODEC_TOKEN',
    meaning: 'file that holds the token that callers must know, read again at each request; or the token itself',
  }),
  origins: origins({
    name: 'PIGEONFLOW_CODEC_ORIGINS',
    meaning: 'origins of the Web UIs that may ask, such as `https://temporal.example.com`',
    more: 'exactly as the browser shows them, with commas between them',
  }),
  address: listenAddress({
    name: 'PIGEONFLOW_CODEC_ADDRESS',
    otherwise: '127.0.0.1:8091',
    meaning: 'where it listens',
  }),
  tls: certificate({
    name: 'PIGEONFLOW_CODEC_TLS',
    meaning: 'certificate (with its chain) and key in PEM; read at the start',
  }),
  ...health,
  ...logging,
};

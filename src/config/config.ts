/**
 * All configuration is read here, once, and checked at start-up; nothing else reads the environment. Every problem is
 * reported in one go. What there is to set is in `table.ts`.
 */
import type { PigeonConfig } from './pigeon.js';
import { CLIENT, CODEC_SERVER, GATEWAY, PEOPLE, READING, SCHEDULES, WORKER } from './table.js';
import type { WorkerVersion } from './temporal.js';
import { ConfigurationError, type ConfigOf, type Environment, type Setting, type Settings } from './variables.js';

export type { PigeonConfig } from './pigeon.js';
export type { LogLevel } from './table.js';
export { clientCertificate, type WorkerVersion } from './temporal.js';
export type { TracingSetting } from './tracing.js';
export {
  type Address,
  type CertificateFiles,
  ConfigurationError,
  type Credential,
  type Environment,
} from './variables.js';

export type WorkerConfig = ConfigOf<typeof WORKER>;
export type CodecServerConfig = ConfigOf<typeof CODEC_SERVER>;
export type GatewayConfig = ConfigOf<typeof GATEWAY>;
export type ClientConfig = ConfigOf<typeof CLIENT>;

/** @throws ConfigurationError with everything that is wrong. */
export function readWorkerConfig(env: Environment): WorkerConfig {
  return read(WORKER, env, ({ taskQueue, invokeTaskQueue }) =>
    taskQueue === invokeTaskQueue
      ? ['PIGEONFLOW_INVOKE_TASK_QUEUE must differ from PIGEONFLOW_TASK_QUEUE: it alone has the rate of the POST']
      : [],
  );
}

/** @throws ConfigurationError with everything that is wrong. */
export const readCodecServerConfig = (env: Environment): CodecServerConfig => read(CODEC_SERVER, env);

/** @throws ConfigurationError with everything that is wrong. */
export const readGatewayConfig = (env: Environment): GatewayConfig => read(GATEWAY, env);

/** @throws ConfigurationError with everything that is wrong. */
export const readClientConfig = (env: Environment): ClientConfig => read(CLIENT, env);

/** For a command that needs no Temporal. @throws ConfigurationError with everything that is wrong. */
export const readReading = (env: Environment): ConfigOf<typeof READING> => read(READING, env);

/** Null: there is none. */
export const readPeopleFileName = (env: Environment): string | null => read(PEOPLE, env).people;

export const readSchedulesFolder = (env: Environment): string => read(SCHEDULES, env).schedules;

export const readCalendarHosts = (env: Environment): readonly string[] => read(SCHEDULES, env).calendarHosts;

/** Null: there is no file of people. */
export const readPeoplePath = (env: Environment): string | null => read({ people: WORKER.people }, env).people;

function read<S extends Settings>(
  settings: S,
  env: Environment,
  check: (config: ConfigOf<S>) => readonly string[] = () => [],
): ConfigOf<S> {
  const problems: string[] = [];
  const fields = Object.entries(settings).map(([field, setting]) => [field, setting.read(env, problems)]);
  const config = Object.fromEntries(fields) as ConfigOf<S>;
  problems.push(...check(config));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}

/** Where it is written who is called: two folders, and a file that may be null. */
export type DutyFiles = Pick<WorkerConfig, 'policies' | 'people' | 'schedules'>;

/** All that is wrong, and those parts that can be used anyway: for a command that explains instead of stopping. */
export function examineConfig(env: Environment): {
  readonly problems: readonly string[];
  readonly client: ClientConfig | null;
  readonly pigeon: PigeonConfig | null;
  readonly codecKeysFile: string | null;
  readonly version: WorkerVersion | null;
  readonly files: DutyFiles;
} {
  const part = <T>({ read }: Setting<T>): T => read(env, []);
  const temporal = ifSound(WORKER.temporal, env);
  const codecKeysFile = part(WORKER.codecKeysFile);
  return {
    problems: problemsOf(() => readWorkerConfig(env)),
    client:
      temporal === null
        ? null
        : {
            temporal,
            taskQueue: part(CLIENT.taskQueue),
            invokeTaskQueue: part(CLIENT.invokeTaskQueue),
            codecKeysFile,
            language: part(READING.language),
            timeZone: part(READING.timeZone),
          },
    pigeon: ifSound(WORKER.pigeon, env),
    codecKeysFile,
    version: part(WORKER.version),
    files: { policies: part(WORKER.policies), people: part(WORKER.people), schedules: part(WORKER.schedules) },
  };
}

function ifSound<T>({ read }: Setting<T>, env: Environment): T | null {
  const problems: string[] = [];
  const value = read(env, problems);
  return problems.length === 0 ? value : null;
}

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

/** The configuration for people and logs: no secret, no password in an address. */
export function describeConfig(config: WorkerConfig): Readonly<Record<string, unknown>> {
  const values: Readonly<Record<string, unknown>> = config;
  return Object.fromEntries(
    Object.entries<Setting<unknown>>(WORKER).map(([field, setting]) => [
      field,
      setting.shown === undefined ? values[field] : setting.shown(values[field]),
    ]),
  );
}

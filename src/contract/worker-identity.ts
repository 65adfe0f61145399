/** What a worker says of itself in the name under which the server lists it, and under which it is in each history. */
export interface WorkerIdentity {
  /** Null: older than 0.1.0, or somebody's own worker. */
  readonly version: string | null;
  readonly rollingUpgrade: boolean;
}

export const workerIdentity = (process: string, version: string, rollingUpgrade: boolean): string =>
  `${process} pigeonflow/${version}${rollingUpgrade ? ROLLING_UPGRADE : ''}`;

const ROLLING_UPGRADE = ' rolling-upgrade';

export function readIdentity(identity: string): WorkerIdentity {
  const version = / pigeonflow\/(\S+)/.exec(identity)?.[1] ?? null;
  return { version, rollingUpgrade: version !== null && identity.endsWith(ROLLING_UPGRADE) };
}

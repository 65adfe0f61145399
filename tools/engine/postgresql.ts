import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Child, startChild } from './child-process.js';
import { findOnPath, isExecutable } from './find-on-path.js';
import { freePort } from './free-port.js';
import { runTool } from './run-tool.js';

/** A PostgreSQL of its own, on loopback, that keeps what it has over its own end. */
export interface PostgreSql {
  /** As the server for development takes it: `user:password@host:port`. */
  readonly target: string;
  readonly start: () => Promise<void>;
  /** SIGKILL, as a crash would. */
  readonly kill: () => Promise<void>;
  /** Ends it, and what it had is gone. */
  readonly stop: () => Promise<void>;
}

const READY_WITHIN_MS = 30_000;
/** PostgreSQL refuses to run as root: `nobody` of Debian. */
const NOBODY = 65_534;

/** Makes a database cluster in a folder of its own, without starting it. @throws Error that says what to install. */
export async function makePostgreSql(): Promise<PostgreSql> {
  const bin = findPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-postgresql-'));
  const isRoot = process.getuid?.() === 0;
  const data = join(folder, 'postgresql');
  mkdirSync(data);
  if (isRoot) for (const path of [folder, data]) chownSync(path, NOBODY, NOBODY);
  const command = (program: string, ...argv: readonly string[]): readonly [string, ...string[]] =>
    isRoot
      ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', join(bin, program), ...argv]
      : [join(bin, program), ...argv];
  const [initdb, ...how] = command('initdb', '-D', data, '-U', 'temporal', '-A', 'trust', '-E', 'UTF8', '--locale=C');
  await runTool(initdb, how, { cwd: folder });
  const port = await freePort();
  let child: Child | null = null;
  return {
    target: `temporal:@127.0.0.1:${port}`,
    async start() {
      // What a killed one has left behind holds its memory for a moment.
      for (const end = Date.now() + READY_WITHIN_MS; ;) {
        const [postgres, ...argv] = command(
          'postgres',
          '-D',
          data,
          '-p',
          String(port),
          '-k',
          folder,
          '-h',
          '127.0.0.1',
        );
        const started = await startChild(postgres, argv, { cwd: folder });
        child = started;
        const state = { ended: false };
        void started.ended.then(() => (state.ended = true));
        while (!state.ended && Date.now() < end) {
          if (await answers(port)) return;
          await setTimeout(100);
        }
        if (Date.now() >= end) throw new Error(`PostgreSQL did not start:\n${started.tail()}`);
      }
    },
    kill: async () => void (await child?.kill()),
    async stop() {
      await child?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findPrograms(): string {
  const onPath = findOnPath('initdb', process.env);
  const DEBIAN = '/usr/lib/postgresql';
  let versions: string[] = [];
  try {
    versions = readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a));
  } catch {
    // There is none of Debian's.
  }
  const places = [...versions.map((version) => join(DEBIAN, version, 'bin')), ...(onPath ? [join(onPath, '..')] : [])];
  const found = places.find((place) => isExecutable(join(place, 'initdb')) && isExecutable(join(place, 'postgres')));
  if (found === undefined)
    throw new Error('There is no PostgreSQL here. Install it (Debian: apt-get install postgresql)');
  return found;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const is = (it: boolean) => () => {
      socket.destroy();
      resolve(it);
    };
    socket.once('connect', is(true)).once('error', is(false));
  });
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { runCodecServer } from '../../src/codec-server/codec-server.js';
import { readCodecServerConfig, type Environment } from '../../src/config/config.js';
import { keysText } from '../codec/keys-of.js';
import { eventually } from '../rig/rig.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

export const TOKEN = 'planted-token-5fb1';
export const ORIGIN = 'https://temporal.example.com';

export interface RunningCodecServer {
  readonly url: string;
  readonly healthUrl: string;
  readonly keysFile: string;
  readonly log: () => readonly Readonly<Record<string, unknown>>[];
  readonly stop: () => Promise<void>;
}

/** A codec server of this test, with a key `a`, on ports of its own. */
export async function startCodecServer(environment: Environment = {}): Promise<RunningCodecServer> {
  const keysFile = join(temporaryFolder(), 'keys');
  writeFileSync(keysFile, keysText('a'));
  const lines: Readonly<Record<string, unknown>>[] = [];
  const kept = new Writable({
    write(line: Buffer, _, done) {
      lines.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
  const stop = new AbortController();
  const ended = runCodecServer(
    readCodecServerConfig({
      PIGEONFLOW_CODEC_KEYS_FILE: keysFile,
      PIGEONFLOW_CODEC_TOKEN: environment['PIGEONFLOW_CODEC_TOKEN_FILE'] === undefined ? TOKEN : undefined,
      PIGEONFLOW_CODEC_ORIGINS: ORIGIN,
      PIGEONFLOW_CODEC_ADDRESS: '127.0.0.1:0',
      PIGEONFLOW_HEALTH_ADDRESS: '127.0.0.1:0',
      ...environment,
    }),
    pino({ level: 'trace' }, kept),
    stop.signal,
  );
  const stopped = () => {
    stop.abort();
    return ended;
  };
  onTestFinished(() => stopped().catch(() => undefined));
  const isReady = eventually(() => Promise.resolve(lines.find(({ msg }) => msg === 'ready')), 'it is ready');
  const ready = await Promise.race([isReady, ended.then(() => Promise.reject(new Error('it has ended')))]);
  const scheme = ready['tls'] === true ? 'https' : 'http';
  return {
    url: `${scheme}://127.0.0.1:${String(ready['port'])}`,
    healthUrl: `http://127.0.0.1:${String(ready['healthPort'])}`,
    keysFile,
    log: () => [...lines],
    stop: stopped,
  };
}

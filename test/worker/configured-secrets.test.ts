import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, describeConfig, readWorkerConfig } from '../../src/config/config.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

describe('secrets', () => {
  const SECRETS = ['planted-token', 'planted-basic', 'planted-proxy', 'planted-key', 'planted-monitor'];
  const env = {
    PIGEON_SPACE: 'example',
    PIGEON_API_TOKEN: 'planted-token',
    PIGEON_BASIC_AUTH: 'user:planted-basic',
    HTTPS_PROXY: 'http://user:planted-proxy@proxy:1',
    TEMPORAL_API_KEY: 'planted-key',
    PIGEONFLOW_HEARTBEAT_URL: 'https://monitor.example.com/planted-monitor',
  };

  test('are not in the description of the configuration, which names where they come from', () => {
    const config = readWorkerConfig(env);
    const described = JSON.stringify(describeConfig(config));
    for (const secret of SECRETS) {
      expect(JSON.stringify(config)).toContain(secret);
      expect(described).not.toContain(secret);
    }
    expect(describeConfig(config)).toMatchObject({
      temporal: { tls: true },
      pigeon: { token: 'variable', basicAuth: 'variable', proxy: 'from the environment' },
    });
  });

  test('are not quoted when something is wrong', () => {
    const wrong = {
      ...env,
      PIGEON_SPACE: '',
      PIGEON_BASE_URL: 'https://user:planted-basic@example',
      PIGEON_API_TOKEN: 'planted-token\nplanted-token',
      PIGEON_API_TOKEN_FILE: '/no/file',
    };
    let message = '';
    try {
      readWorkerConfig(wrong);
    } catch (error) {
      message = error instanceof ConfigurationError ? error.message : '';
    }
    expect(message.match(/^ {2}- /gm)).toHaveLength(3);
    for (const secret of SECRETS) expect(message).not.toContain(secret);
  });

  test('are not quoted from a configuration file of Temporal with a mistake beside them, which is told by its place', () => {
    const file = join(temporaryFolder(), 'temporal.toml');
    for (const [line, text] of [
      [2, '[profile.default]\napi_key = "planted-key" surplus\nnamespace = "x"'],
      [3, '[profile.default]\napi_key = "planted-key"\nnamespace x\n'],
      [2, '[profile.default]\napi_key = "planted-key\n'],
    ] as const) {
      writeFileSync(file, text);
      const read = () => readWorkerConfig({ ...env, TEMPORAL_API_KEY: '', TEMPORAL_CONFIG_FILE: file });
      expect(read).toThrow(/TEMPORAL_\*: Invalid TOML document: [^\n]+ \(line \d, column \d+\)$/);
      expect(read).toThrow(`line ${line}`);
      expect(read).not.toThrow(/planted/);
    }
  });
});

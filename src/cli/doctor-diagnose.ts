import { examineConfig, type Environment } from '../config.js';
import { ExitCode } from './exit-code.js';
import { lookAtEncryption } from './doctor-encryption.js';
import type { Finding } from './doctor-finding.js';
import { lookAtPigeon } from './doctor-pigeon.js';
import { lookAtTemporal } from './doctor-temporal.js';

/** Looks at everything that can be looked at, also when something before it is wrong. */
export async function diagnose(env: Environment): Promise<readonly Finding[]> {
  const { problems, client, pigeon, codecKeysFile, version } = examineConfig(env);
  const [ofEncryption, ofTemporal, ofPigeon] = await Promise.all([
    lookAtEncryption(codecKeysFile),
    client === null ? [] : lookAtTemporal(client, version),
    pigeon === null ? [] : lookAtPigeon(pigeon),
  ]);
  const ofConfiguration: readonly Finding[] =
    problems.length === 0
      ? [{ check: 'configuration', ok: true, message: 'The configuration is complete.' }]
      : problems.map((message) => ({ check: 'configuration', ok: false, message, exitCode: ExitCode.usage }));
  return [...ofConfiguration, ofEncryption, ...ofTemporal, ...ofPigeon];
}

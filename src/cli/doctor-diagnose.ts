import { KeysFile, KeysFileUnusable } from '../codec/index.js';
import { examineConfig, type Environment } from '../config/config.js';
import { lookAtDuty } from './doctor-duty.js';
import { note, type Finding } from './doctor-finding.js';
import { lookAtPigeon } from './doctor-pigeon.js';
import { lookAtTemporal } from './doctor-temporal.js';
import { ExitCode } from './exit-code.js';

/** Looks at everything that can be looked at, also when something before it is wrong. */
export async function diagnose(env: Environment): Promise<readonly Finding[]> {
  const { problems, client, pigeon, codecKeysFile, version, files } = examineConfig(env);
  const [ofEncryption, ofTemporal, ofPigeon] = await Promise.all([
    lookAtEncryption(codecKeysFile),
    client === null ? [] : lookAtTemporal(client, version),
    pigeon === null ? [] : lookAtPigeon(pigeon),
  ]);
  const ofConfiguration: readonly Finding[] =
    problems.length === 0
      ? [{ check: 'configuration', ok: true, message: 'The configuration is complete.' }]
      : problems.map((message) => ({ check: 'configuration', ok: false, message, exitCode: ExitCode.usage }));
  return [...ofConfiguration, ofEncryption, ...ofTemporal, ...ofPigeon, ...(await lookAtDuty(files, Date.now()))];
}

const check = 'encryption';

/** Whether payloads are encrypted, and with which key. */
async function lookAtEncryption(keysFile: string | null): Promise<Finding> {
  if (keysFile === null) {
    return note(
      check,
      'Encryption is off: Temporal keeps numbers, names and texts as they are. PIGEONFLOW_CODEC_KEYS_FILE turns it on.',
    );
  }
  try {
    const { writing, reading } = await (await KeysFile.open(keysFile)).current();
    const others = [...reading.keys()].filter((id) => id !== writing.id);
    const also = others.length === 0 ? '' : `, and ${others.join(', ')} to read`;
    return { check, ok: true, message: `Encryption is on, with the key ${writing.id}${also}.` };
  } catch (error) {
    if (!(error instanceof KeysFileUnusable)) throw error;
    return { check, ok: false, message: error.message, exitCode: ExitCode.usage };
  }
}

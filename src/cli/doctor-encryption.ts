import { KeysFile, KeysFileUnusable } from '../codec.js';
import { type Finding, note } from './doctor-finding.js';
import { ExitCode } from './exit-code.js';

const check = 'encryption';

/** Whether payloads are encrypted, and with which key. */
export async function lookAtEncryption(keysFile: string | null): Promise<Finding> {
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

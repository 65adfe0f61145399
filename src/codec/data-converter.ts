import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { Logger } from 'pino';
import { EncryptionCodec } from './encryption-codec.js';
import { KeysFile, type KeysFileEvents } from './keys-file.js';

/** What a process may want to log; no text holds a part of a key or of a payload. */
export interface CodecEvents extends KeysFileEvents {
  /** A payload cannot be read, and why. */
  readonly unreadable?: (why: string) => void;
}

/**
 * What a client and a worker need to encrypt all that they give to Temporal, and to read it; the same for both.
 *
 * @param keysFile null: nothing is encrypted, and what is encrypted nevertheless fails with a message that says so.
 * @throws KeysFileUnusable
 */
export async function openDataConverter(keysFile: string | null, events: CodecEvents = {}): Promise<DataConverter> {
  if (keysFile === null) return { payloadCodecs: [new EncryptionCodec(null, events.unreadable)] };
  return {
    payloadCodecs: [new EncryptionCodec(await KeysFile.open(keysFile, events), events.unreadable)],
    failureConverterPath: fileURLToPath(new URL('./failure-converter.js', import.meta.url)),
  };
}

/** What happens to the keys of the encryption while a process runs. */
export const logKeys = (log: Logger): CodecEvents => ({
  changed: ({ writing, reading }) =>
    log.info({ writesWith: writing.id, reads: [...reading.keys()] }, 'the keys have changed'),
  unusable: (why) => log.error({ why }, 'the file of keys cannot be used: the keys that were read before stay in use'),
  unreadable: (why) => log.error({ why }, 'a payload cannot be read'),
});

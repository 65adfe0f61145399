import { LiveFile, type LiveFileEvents } from '../process/live-file.js';
import { namedFile } from '../config/named-file.js';
import { KeysFileUnusable, parseKeys, type Keys } from './keys.js';

/** What becomes of the file while a process runs. */
export type KeysFileEvents = Pick<LiveFileEvents<Keys>, 'changed' | 'unusable'>;

/** A file of keys that is read again when it has changed, so that keys are rotated without a restart. */
export type KeysFile = LiveFile<Keys>;

export const KeysFile = {
  /** @throws KeysFileUnusable */
  open: (path: string, events: KeysFileEvents = {}, now?: () => number): Promise<KeysFile> =>
    LiveFile.open(
      path,
      (text) => parseKeys(text, path),
      { ...events, cannotRead: (error) => unreadable(path, error) },
      now,
    ),
};

function unreadable(path: string, error: unknown): KeysFileUnusable {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new KeysFileUnusable(
    `The file of keys ${namedFile(path)} cannot be read (${code}): correct PIGEONFLOW_CODEC_KEYS_FILE, or let this process read it.`,
  );
}

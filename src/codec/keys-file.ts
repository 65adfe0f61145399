import { readFile, stat } from 'node:fs/promises';
import { namedFile } from '../named-file.js';
import { KeysFileUnusable, parseKeys, type Keys } from './keys.js';

/** What becomes of the file while a process runs. */
export interface KeysFileEvents {
  readonly changed?: (keys: Keys) => void;
  /** The file can no longer be used; the keys that were read before stay in use. Once a problem. */
  readonly unusable?: (message: string) => void;
}

/** How long a change may go unnoticed. */
const LOOK_EVERY_MS = 1_000;

/** A file of keys that is read anew when it has changed, so that keys are rotated without a restart. */
export class KeysFile {
  #lookedAt: number;
  #problem: string | null = null;

  private constructor(
    readonly path: string,
    private version: string,
    private keys: Keys,
    private readonly events: KeysFileEvents,
    private readonly now: () => number,
  ) {
    this.#lookedAt = now();
  }

  /** @throws KeysFileUnusable */
  static async open(path: string, events: KeysFileEvents = {}, now = () => performance.now()): Promise<KeysFile> {
    const version = await versionOf(path);
    return new KeysFile(path, version, await read(path), events, now);
  }

  /** As of at most a second ago. */
  async current(): Promise<Keys> {
    return this.now() - this.#lookedAt < LOOK_EVERY_MS ? this.keys : await this.latest();
  }

  /** As of now: for a key that is missing. */
  async latest(): Promise<Keys> {
    this.#lookedAt = this.now();
    try {
      const version = await versionOf(this.path);
      if (version === this.version) return this.keys;
      this.keys = await read(this.path);
      this.version = version;
      this.#problem = null;
      this.events.changed?.(this.keys);
    } catch (error) {
      // Calls must go on: a slip in a rotation is no reason to forget the keys.
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.#problem) this.events.unusable?.(message);
      this.#problem = message;
    }
    return this.keys;
  }
}

/** Changes with every replacement and every write. */
async function versionOf(path: string): Promise<string> {
  const { mtimeNs, ino, size } = await readable(path, () => stat(path, { bigint: true }));
  return `${mtimeNs} ${ino} ${size}`;
}

const read = async (path: string): Promise<Keys> => parseKeys(await readable(path, () => readFile(path, 'utf8')), path);

async function readable<T>(path: string, access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new KeysFileUnusable(
      `The file of keys ${namedFile(path)} cannot be read (${code}): correct PIGEONFLOW_CODEC_KEYS_FILE, or let this process read it.`,
    );
  }
}

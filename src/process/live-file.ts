import { readFile, stat } from 'node:fs/promises';

/** What becomes of a file while a process runs. */
export interface LiveFileEvents<T> {
  readonly changed?: (content: T) => void;
  /** The file can no longer be used; what was read before stays in use. Once a problem. */
  readonly unusable?: (message: string) => void;
  /** How it is said that the file cannot be read; default: the error of the file system. */
  readonly cannotRead?: (error: unknown) => Error;
}

/** How long a change may go unnoticed. */
const LOOK_EVERY_MS = 1_000;

/** A file that is read again when it has changed, so that nobody restarts a process for it. */
export class LiveFile<T> {
  #lookedAt: number;
  #problem: string | null = null;

  private constructor(
    readonly path: string,
    private readonly parse: (text: string, bytes: Buffer) => T,
    private version: string,
    private content: T,
    private readonly events: LiveFileEvents<T>,
    private readonly now: () => number,
  ) {
    this.#lookedAt = now();
  }

  /** @throws what reading the file or `parse` throws: what is wrong with it is said at once. */
  static async open<T>(
    path: string,
    parse: (text: string, bytes: Buffer) => T,
    events: LiveFileEvents<T> = {},
    now = () => performance.now(),
  ): Promise<LiveFile<T>> {
    const version = await readable(versionOf(path), events);
    const bytes = await readable(readFile(path), events);
    return new LiveFile(path, parse, version, parse(bytes.toString(), bytes), events, now);
  }

  /** As of at most a second ago. */
  async current(): Promise<T> {
    return this.now() - this.#lookedAt < LOOK_EVERY_MS ? this.content : await this.latest();
  }

  /** As of now. */
  async latest(): Promise<T> {
    this.#lookedAt = this.now();
    try {
      const version = await readable(versionOf(this.path), this.events);
      if (version === this.version && this.#problem === null) return this.content;
      const bytes = await readable(readFile(this.path), this.events);
      const content = this.parse(bytes.toString(), bytes);
      const isNew = version !== this.version;
      this.content = content;
      this.version = version;
      this.#problem = null;
      if (isNew) this.events.changed?.(content);
    } catch (error) {
      // Work must continue: a slip in an edit is no reason to forget what was right.
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.#problem) this.events.unusable?.(message);
      this.#problem = message;
    }
    return this.content;
  }
}

async function readable<R>(access: Promise<R>, { cannotRead }: Pick<LiveFileEvents<never>, 'cannotRead'>): Promise<R> {
  try {
    return await access;
  } catch (error) {
    throw cannotRead?.(error) ?? error;
  }
}

/** Changes with every replacement and every write. */
async function versionOf(path: string): Promise<string> {
  const { mtimeNs, ino, size } = await stat(path, { bigint: true });
  return `${mtimeNs} ${ino} ${size}`;
}

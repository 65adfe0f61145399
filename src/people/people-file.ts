import { LiveFile } from '../process/live-file.js';
import { describeProblem } from '../yaml-file/describe-problems.js';
import { readPeople, type People } from './read-people.js';

/** What is said of the file, to be logged. */
interface PeopleFileEvents {
  readonly changed: (people: number) => void;
  /** Once a problem: what was read before stays in use. */
  readonly unusable: (why: string) => void;
}

/**
 * The file of people of a process, as it is at each moment. A broken one counts as it was when it was last right; one that
 * has not been right yet is no reason not to begin, and is read again each time.
 */
export class PeopleFile {
  #file: LiveFile<People> | null = null;
  #latest: People | null = null;
  #problem: string | null = null;

  constructor(
    private readonly path: string,
    private readonly events: PeopleFileEvents,
  ) {}

  /** Null: it has never been right. As of at most a second ago. */
  async current(): Promise<People | null> {
    try {
      this.#file ??= await this.#open();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== this.#problem) this.events.unusable(why);
      this.#problem = why;
      return null;
    }
    return (this.#latest = await this.#file.current());
  }

  /** Whom policies may name, as it was read last. */
  get handles(): readonly string[] | 'unknown' {
    return this.#latest === null ? 'unknown' : [...this.#latest.keys()];
  }

  async #open(): Promise<LiveFile<People>> {
    const { changed, unusable } = this.events;
    const file = await LiveFile.open(this.path, (text) => parse(text, this.path), {
      changed: (people) => changed(people.size),
      unusable,
    });
    if (this.#problem !== null) changed((await file.current()).size);
    return file;
  }
}

function parse(text: string, path: string): People {
  const reading = readPeople(text);
  if (reading.ok) return reading.people;
  const errors = reading.problems.filter(({ severity }) => severity === 'error');
  const described = errors.slice(0, 5).map((problem) => describeProblem(problem, path, text));
  throw new Error(`the file of people has errors:\n${described.join('\n')}`);
}

/** @param file null: there is none. */
export const openPeople = (file: string | null, log: Log): PeopleFile | null =>
  file === null
    ? null
    : new PeopleFile(file, {
        changed: (people) => log.info({ people }, 'the file of people has changed'),
        unusable: (why) => log.error({ why }, 'the file of people cannot be used: what was read before stays in use'),
      });

interface Log {
  readonly info: (about: object, message: string) => void;
  readonly error: (about: object, message: string) => void;
}

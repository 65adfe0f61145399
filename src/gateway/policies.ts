import { join } from 'node:path';
import type { Logger as Pino } from 'pino';
import { LiveFile } from '../process/live-file.js';
import type { Policy } from '../contract/policy-schema.js';
import { schedulesOf, withDirectory } from '../people/directory.js';
import type { PeopleFile } from '../people/people-file.js';
import type { SchedulesFolder } from '../people/schedules-folder.js';
import { namedPolicy, POLICY_SUFFIX, PolicyUnusable } from '../policy/read-policy.js';

/** The policies of the incidents that are opened here, each as its file is at that time. */
export class Policies {
  readonly #files = new Map<string, Promise<LiveFile<Policy>>>();

  constructor(
    /** Null: an incident gets the name alone, and its worker reads the file. */
    private readonly folder: string | null,
    private readonly log: Pino,
    private readonly people: PeopleFile | null = null,
    private readonly schedules: SchedulesFolder | null = null,
  ) {}

  /**
   * What an incident of this policy opens with. A file that has got mistakes counts as it was before.
   *
   * @throws PolicyUnusable where there is none, or it has never been right since it was first asked for; the error of the
   *   file system where it cannot be read.
   */
  async current(name: string): Promise<Policy | string> {
    if (this.folder === null) return name;
    const people = (await this.people?.current()) ?? null;
    const file = this.#files.get(name) ?? this.#open(join(this.folder, `${name}${POLICY_SUFFIX}`), name);
    this.#files.set(name, file);
    try {
      const read = await (await file).current();
      const names = schedulesOf(read);
      const roster = names.length === 0 ? null : await this.schedules?.roster(names);
      const { policy, tooLarge } = withDirectory(read, people, roster);
      if (tooLarge !== undefined) this.log.error({ policy: name }, tooLarge);
      return policy;
    } catch (error) {
      if (this.#files.get(name) === file) this.#files.delete(name);
      throw error;
    }
  }

  #open(path: string, name: string): Promise<LiveFile<Policy>> {
    return LiveFile.open(
      path,
      (text) => namedPolicy(name, text, this.people === null ? {} : { people: this.people.handles }),
      {
        changed: () => this.log.info({ policy: name }, 'a policy has changed'),
        unusable: (why) =>
          this.log.error({ policy: name, why }, 'a policy cannot be used: what was read before stays in use'),
        cannotRead: (error) => {
          if (!(error instanceof Error)) return new Error(String(error));
          return 'code' in error && error.code === 'ENOENT'
            ? new PolicyUnusable(`there is no policy "${name}" in ${this.folder}`)
            : error;
        },
      },
    );
  }
}

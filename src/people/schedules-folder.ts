import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { secondsToGap } from '../duty/gaps.js';
import { readSchedule } from '../duty/read-schedule.js';
import type { Schedule } from '../duty/schedule.js';
import { LiveFile } from '../process/live-file.js';
import { describeProblem } from '../yaml-file/describe-problems.js';
import type { DutyRoster } from './resolve-callees.js';
import { rosterOf } from './schedule-roster.js';

interface Log {
  readonly info: (about: object, message: string) => void;
  readonly error: (about: object, message: string) => void;
}

const SUFFIX = '.yaml';

/** The schedules of a folder, `<name>.yaml` each, as they are at each moment. A broken one counts as it was when it was last right. */
export class SchedulesFolder {
  readonly #files = new Map<string, LiveFile<Schedule>>();
  readonly #problems = new Map<string, string>();

  constructor(
    private readonly folder: string,
    private readonly log: Log,
  ) {}

  /** Who is on duty by these schedules. As of at most a second ago. */
  async roster(names: readonly string[]): Promise<DutyRoster> {
    const schedules = await Promise.all(names.map(async (name) => [name, await this.#current(name)] as const));
    return rosterOf(new Map(schedules));
  }

  /** How long it is until nobody is on duty where somebody is required, by schedule. Without those that have never been right. */
  async secondsToGap(at: number): Promise<ReadonlyMap<string, number>> {
    const files = await readdir(this.folder).catch(() => []);
    // One that is gone stays in use as it was.
    const names = new Set([
      ...this.#files.keys(),
      ...files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length)),
    ]);
    const found = new Map<string, number>();
    for (const name of names) {
      const schedule = await this.#current(name);
      if (schedule !== null) found.set(name, secondsToGap(schedule, [], at));
    }
    return found;
  }

  /** Null: it has never been right. */
  async #current(name: string): Promise<Schedule | null> {
    try {
      const file = this.#files.get(name) ?? (await this.#open(name));
      this.#files.set(name, file);
      this.#problems.delete(name);
      return await file.current();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (this.#problems.get(name) !== why) this.log.error({ schedule: name, why }, 'a schedule cannot be used');
      this.#problems.set(name, why);
      return null;
    }
  }

  #open(name: string): Promise<LiveFile<Schedule>> {
    const path = join(this.folder, `${name}${SUFFIX}`);
    return LiveFile.open(path, (text) => this.#parse(text, path), {
      changed: () => this.log.info({ schedule: name }, 'a schedule has changed'),
      unusable: (why) =>
        this.log.error({ schedule: name, why }, 'a schedule cannot be used: what was read before stays in use'),
    });
  }

  #parse(text: string, path: string): Schedule {
    const reading = readSchedule(text, (calendar) => readFileSync(join(this.folder, calendar), 'utf8'));
    if (!reading.ok) {
      const errors = reading.problems.filter(({ severity }) => severity === 'error');
      const described = errors.slice(0, 5).map((problem) => describeProblem(problem, path, text));
      throw new Error(`the schedule has errors:\n${described.join('\n')}`);
    }
    for (const { calendar, why } of reading.unread) {
      this.log.error({ schedule: path, calendar, why }, 'a calendar cannot be read: its days count as working days');
    }
    return reading.schedule;
  }
}

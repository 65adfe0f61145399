import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundShifts, LiveOverride, ShiftSearch } from '../contract/duty-schema.js';
import { findShifts } from '../duty/find-shifts.js';
import { countingNow } from '../duty/overrides.js';
import { readSchedule } from '../duty/read-schedule.js';
import type { Schedule } from '../duty/schedule.js';
import { LiveFile } from '../process/live-file.js';
import { describeProblem } from '../yaml-file/describe-problems.js';
import type { DutyRoster } from './resolve-callees.js';
import { words } from '../words/words.js';
import { rosterOf, type ScheduleNow } from './schedule-roster.js';

interface Log {
  readonly info: (about: object, message: string) => void;
  readonly error: (about: object, message: string) => void;
}

/** The schedules of a folder, `<name>.yaml` each, as they are at each moment. A broken one counts as it was when it was last right. */
export class SchedulesFolder {
  readonly #files = new Map<string, LiveFile<Schedule>>();
  readonly #problems = new Map<string, string>();

  constructor(
    private readonly folder: string,
    private readonly log: Log,
    /** Those that are not in the files. Default: there are none. */
    private readonly overridesOf: (schedule: string) => Promise<readonly LiveOverride[]> = () => Promise.resolve([]),
  ) {}

  /** Who is on duty by these schedules. As of at most a second ago. */
  async roster(names: readonly string[]): Promise<DutyRoster> {
    const schedules = await Promise.all(names.map(async (name) => [name, await this.#now(name)] as const));
    return rosterOf(new Map(schedules));
  }

  /** @param known Handles that can be called; null: not known here. */
  async findShifts(search: ShiftSearch, known: ReadonlySet<string> | null): Promise<FoundShifts> {
    const schedule = await this.#current(search.schedule);
    if (schedule === null) return { found: 'nothing', message: words().duty.noSchedule(search.schedule) };
    return findShifts(schedule, search, known);
  }

  async #now(name: string): Promise<ScheduleNow | null> {
    const [schedule, overrides] = await Promise.all([this.#current(name), this.overridesOf(name)]);
    return schedule === null ? null : { schedule, overrides: countingNow(overrides) };
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
    const path = join(this.folder, `${name}.yaml`);
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

import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type CalendarSurroundings, withCalendars } from '../duty/calendar/calendar-layers.js';
import { secondsToGap } from '../duty/gaps.js';
import type { FoundShifts, LiveOverride, ShiftSearch } from '../contract/duty-schema.js';
import { findShifts } from '../duty/find-shifts.js';
import { countingNow } from '../duty/overrides.js';
import { isHolidayFile, readSchedule } from '../duty/read-schedule.js';
import { DAY, type CalendarSource, type Layer, type Schedule } from '../duty/schedule.js';
import { LiveFile } from '../process/live-file.js';
import { describeProblem } from '../yaml-file/describe-problems.js';
import type { People } from './read-people.js';
import { CalendarAddresses } from './calendar-addresses.js';
import type { DutyRoster } from './resolve-callees.js';
import { words } from '../words/words.js';
import { rosterOf, type ScheduleNow } from './schedule-roster.js';

interface Log {
  readonly info: (about: object, message: string) => void;
  readonly error: (about: object, message: string) => void;
}

const SUFFIX = '.yaml';

interface Options {
  /** By their names in calendars; null: any handle is taken on trust. */
  readonly people?: () => Promise<People | null>;
  readonly now?: () => number;
  /** Those that are not in the files. Default: there are none. */
  readonly overridesOf?: (schedule: string) => Promise<readonly LiveOverride[]>;
  /** Hosts of calendars that may be on this machine. */
  readonly calendarHosts?: readonly string[];
}

/** A schedule with the shifts of its calendars, and what they were made of: where all is the same it is the same. */
interface Filled {
  readonly result: Schedule | Error;
  readonly of: readonly unknown[];
  /** What was right last. */
  readonly last: Schedule | null;
}

/** The schedules of a folder, `<name>.yaml` each, as they are at each moment. A broken one counts as it was when it was last right. */
export class SchedulesFolder {
  readonly #files = new Map<string, LiveFile<Schedule>>();
  readonly #calendars = new Map<string, LiveFile<Buffer> | Error>();
  readonly #addresses: CalendarAddresses;
  readonly #filled = new Map<string, Filled>();
  readonly #problems = new Map<string, string>();
  readonly #told = new Map<string, string>();
  /** Files beside the schedules that are none. */
  readonly #holidayFiles = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly log: Log,
    private readonly options: Options = {},
  ) {
    this.#addresses = new CalendarAddresses(options.calendarHosts ?? [], log);
  }

  /** Who is on duty by these schedules. As of at most a second ago. */
  async roster(names: readonly string[]): Promise<DutyRoster> {
    const schedules = await Promise.all(names.map(async (name) => [name, await this.schedule(name)] as const));
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
    for (const name of names) if (!this.#files.has(name)) await this.#findHolidays(name);
    const found = new Map<string, number>();
    for (const name of names) {
      if (this.#holidayFiles.has(join(this.folder, `${name}${SUFFIX}`))) continue;
      const now = await this.schedule(name);
      if (now !== null) found.set(name, secondsToGap(now.schedule, now.overrides, at));
    }
    return found;
  }

  /** Days off may be in the same folder: what a schedule names as `holidays`, or what can be read as such. */
  async #findHolidays(name: string): Promise<void> {
    const path = join(this.folder, `${name}${SUFFIX}`);
    const text = await readFile(path, 'utf8').catch(() => '');
    if (isHolidayFile(text)) this.#holidayFiles.add(path);
    readSchedule(text, (holidays) => {
      this.#holidayFiles.add(join(this.folder, holidays));
      return '';
    });
  }

  /** Seconds since the calendars of addresses were fetched, by schedule: of the oldest; 0 where there is none. */
  async calendarAges(): Promise<ReadonlyMap<string, number>> {
    const ages = new Map<string, number>();
    for (const [name, file] of this.#files) {
      const { layers } = await file.current();
      const own = layers.flatMap(({ calendar }) =>
        calendar?.source.kind === 'address'
          ? (this.#addresses.age(resolve(this.folder, calendar.source.path)) ?? [])
          : [],
      );
      ages.set(name, Math.max(0, ...own));
    }
    return ages;
  }

  /** As of at most a second ago; null: it has never been right. */
  async schedule(name: string): Promise<ScheduleNow | null> {
    const [schedule, overrides] = await Promise.all([this.#current(name), this.options.overridesOf?.(name) ?? []]);
    return schedule === null ? null : { schedule, overrides: countingNow(overrides) };
  }

  /** @param known Names by handle, of all who can be called; null: not known here. */
  async findShifts(search: ShiftSearch, known: ReadonlyMap<string, string> | null): Promise<FoundShifts> {
    const schedule = await this.#current(search.schedule);
    if (schedule === null) return { found: 'nothing', message: words().duty.noSchedule(search.schedule) };
    return findShifts(schedule, search, known);
  }

  async #current(name: string): Promise<Schedule | null> {
    try {
      const file = this.#files.get(name) ?? (await this.#open(name));
      this.#files.set(name, file);
      const schedule = await this.#withCalendars(name, await file.current());
      this.#problems.delete(name);
      return schedule;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (this.#problems.get(name) !== why) this.log.error({ schedule: name, why }, 'a schedule cannot be used');
      this.#problems.set(name, why);
      return null;
    }
  }

  /** @throws Error where a calendar cannot be used, and never could. */
  async #withCalendars(name: string, schedule: Schedule): Promise<Schedule> {
    const sources = schedule.layers.flatMap(({ calendar }) => calendar?.source ?? []);
    if (sources.length === 0) return schedule;
    const { people, now = Date.now } = this.options;
    const read = new Map<string, Uint8Array | Error>();
    for (const source of sources) read.set(source.path, await this.#bytesOf(source));
    const around = now();
    const known = (await people?.()) ?? null;
    // Shifts are known for two years: each day for one more.
    const of = [schedule, known, Math.floor(around / DAY), ...read.values()];
    const before = this.#filled.get(name);
    const isSame = before !== undefined && before.of.every((part, index) => part === of[index]);
    const result = isSame ? before.result : this.#fill(name, schedule, read, { around, people: known ?? undefined });
    this.#filled.set(name, { of, result, last: result instanceof Error ? (before?.last ?? null) : result });
    if (result instanceof Error) throw result;
    return result;
  }

  #fill(
    name: string,
    schedule: Schedule,
    read: ReadonlyMap<string, Uint8Array | Error>,
    surroundings: CalendarSurroundings,
  ): Schedule | Error {
    const bytesOf = ({ path }: CalendarSource): Uint8Array => {
      const bytes = read.get(path);
      if (bytes instanceof Uint8Array) return bytes;
      throw bytes ?? new Error('it has not been read');
    };
    const { schedule: fresh, calendars } = withCalendars(schedule, bytesOf, surroundings);
    const last = this.#filled.get(name)?.last ?? null;
    const layers: Layer[] = [];
    for (const layer of fresh.layers) {
      const reading = calendars.find((one) => one.layer === layer.name);
      if (reading === undefined) layers.push(layer);
      else if (reading.why === null) {
        const { problems, unknown } = reading;
        const isRight = problems.length + unknown.length === 0;
        const about = { schedule: name, layer: layer.name, problems: problems.slice(0, 5), unknown: unknown.length };
        this.#tell(
          about,
          isRight ? null : 'some events of a calendar call nobody: pigeonflow schedule check names them',
        );
        layers.push(layer);
      } else {
        const { path } = reading.source;
        const calendar = last?.layers.find((one) => one.name === layer.name)?.calendar;
        if (calendar?.shifts == null || calendar.source.path !== path) {
          return new Error(`the calendar ${path} cannot be used: ${reading.why}`);
        }
        const about = { schedule: name, layer: layer.name, why: reading.why };
        this.#tell(about, 'a calendar cannot be used: what was read before stays in use');
        layers.push({ ...layer, calendar });
      }
    }
    return { ...fresh, layers };
  }

  /** Once, until it is something else. */
  #tell(about: { readonly schedule: string; readonly layer: string }, words: string | null): void {
    const key = `${about.schedule}/${about.layer}`;
    const told = words === null ? '' : JSON.stringify([words, about]);
    if (words !== null && this.#told.get(key) !== told) this.log.error(about, words);
    this.#told.set(key, told);
  }

  async #bytesOf({ kind, path }: CalendarSource): Promise<Uint8Array | Error> {
    if (kind === 'address') return await this.#addresses.bytes(resolve(this.folder, path));
    const known = this.#calendars.get(path);
    if (known instanceof LiveFile) return await known.current();
    try {
      const file = await LiveFile.open<Buffer>(resolve(this.folder, path), (_, bytes) => bytes);
      this.#calendars.set(path, file);
      return await file.current();
    } catch (error) {
      const why = error instanceof Error ? error : new Error(String(error));
      // The same problem is the same error.
      if (known?.message === why.message) return known;
      this.#calendars.set(path, why);
      return why;
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

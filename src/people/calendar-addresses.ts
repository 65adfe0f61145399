import { readFile } from 'node:fs/promises';
import { fetchCalendar } from '../duty/calendar/fetch-calendar.js';
import { readIcs } from '../duty/calendar/read-ics.js';

const REFRESH_INTERVAL_MS = 300_000;
const RETRY_INTERVAL_MS = 30_000;

interface Copy {
  /** What was sent last and was a calendar; null: nothing yet. */
  bytes: Buffer | null;
  /** When; before the first time, since when it has been wanted. */
  at: number;
  /** Why there is nothing newer. */
  error: Error | null;
  next: number;
  running: Promise<void> | null;
}

interface Log {
  readonly info: (about: object, message: string) => void;
  readonly error: (about: object, message: string) => void;
}

/** Calendars of addresses, fetched every few minutes. What was sent last stays in use while nothing new comes. */
export class CalendarAddresses {
  readonly #copies = new Map<string, Copy>();

  constructor(
    private readonly hosts: readonly string[],
    private readonly log: Log,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param file holds the address, and is read each time. The first question waits for the answer, later ones do not. */
  async bytes(file: string): Promise<Buffer | Error> {
    let copy = this.#copies.get(file);
    if (copy === undefined)
      this.#copies.set(file, (copy = { bytes: null, at: this.now(), error: null, next: 0, running: null }));
    const isFirst = copy.bytes === null && copy.error === null;
    if (copy.next <= this.now()) copy.running ??= this.#fetch(file, copy);
    if (isFirst) await copy.running;
    return copy.bytes ?? copy.error ?? new Error('it has not been fetched');
  }

  /** Seconds since it was fetched last; null: nobody has asked for it. */
  age(file: string): number | null {
    const copy = this.#copies.get(file);
    return copy === undefined ? null : Math.round((this.now() - copy.at) / 1_000);
  }

  async #fetch(file: string, copy: Copy): Promise<void> {
    try {
      const bytes = await fetchCalendar(await readFile(file, 'utf8'), this.hosts);
      // A page of an error is no calendar, and must not replace one.
      readIcs(bytes, 'UTC');
      if (copy.error !== null) this.log.info({ calendar: file }, 'a calendar can be fetched again');
      copy.error = null;
      copy.at = this.now();
      // The same is the same: nothing is read again.
      if (copy.bytes?.equals(bytes) !== true) copy.bytes = bytes;
      copy.next = this.now() + REFRESH_INTERVAL_MS;
    } catch (error) {
      const why = error instanceof Error ? error : new Error(String(error));
      const minutes = Math.round((this.now() - copy.at) / 60_000);
      const about = { calendar: file, why: why.message, ...(copy.bytes !== null && { copyIsMinutesOld: minutes }) };
      const words = copy.bytes === null ? 'nothing is known of it' : 'what was fetched before stays in use';
      this.log.error(about, `a calendar cannot be fetched: ${words}`);
      // The same problem is the same error.
      if (copy.error?.message !== why.message) copy.error = why;
      copy.next = this.now() + RETRY_INTERVAL_MS;
    } finally {
      copy.running = null;
    }
  }
}

/** Something that will happen at a point of the space's time, unless it is cancelled before. */
export interface Appointment {
  cancel(): void;
}

interface Entry {
  readonly at: number;
  readonly action: () => void;
}

/**
 * The time of a space, and what is due in it. Time moves by `advanceTo` alone, event by event, each at its exact time;
 * what is due at the same instant happens in the order in which it was appointed.
 */
export class Agenda {
  #now: number;
  #state: 'still' | 'advancing' = 'still';
  readonly #entries: Entry[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(startAt: number) {
    this.#now = startAt;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  nextAt(): number | undefined {
    return this.#entries[0]?.at;
  }

  after(delayMs: number, action: () => void): Appointment {
    const entry: Entry = { at: this.#now + Math.max(0, delayMs), action };
    let index = this.#entries.length;
    while (index > 0 && (this.#entries[index - 1]?.at ?? 0) > entry.at) index -= 1;
    this.#entries.splice(index, 0, entry);
    for (const listener of this.#listeners) listener();
    return {
      cancel: () => {
        const position = this.#entries.indexOf(entry);
        if (position >= 0) this.#entries.splice(position, 1);
      },
    };
  }

  /** Called after each new appointment, so that a clock can be told when to wake the space next. */
  onAppointment(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A time in the past changes nothing: requests that asked their clock at the same moment may come here in any order. */
  advanceTo(timeMs: number): void {
    if (this.#state === 'advancing' || timeMs < this.#now) return;
    this.#state = 'advancing';
    try {
      for (let entry = this.#entries[0]; entry !== undefined && entry.at <= timeMs; entry = this.#entries[0]) {
        this.#entries.shift();
        this.#now = entry.at;
        entry.action();
      }
      this.#now = timeMs;
    } finally {
      this.#state = 'still';
    }
  }
}

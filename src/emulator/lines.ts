/** Something that occupies a line from its start until it leaves. */
export interface LineUser {
  start(): void;
}

/** The lines of a space and the runs that wait for one, in the order in which they came. */
export class Lines<Run extends LineUser> {
  readonly #lines: number;
  readonly #calling = new Set<Run>();
  readonly #waiting: Run[] = [];

  constructor(lines: number) {
    this.#lines = lines;
  }

  /** Runs that the space holds, those being called included. */
  get held(): number {
    return this.#calling.size + this.#waiting.length;
  }

  get waiting(): readonly Run[] {
    return this.#waiting;
  }

  enter(run: Run): void {
    this.#waiting.push(run);
    this.#startWaiting();
  }

  leave(run: Run): void {
    this.#calling.delete(run);
    const place = this.#waiting.indexOf(run);
    if (place >= 0) this.#waiting.splice(place, 1);
    this.#startWaiting();
  }

  #startWaiting(): void {
    while (this.#calling.size < this.#lines) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#calling.add(next);
      next.start();
    }
  }
}

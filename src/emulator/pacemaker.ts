import type { Clock } from './clock.js';
import type { Space } from './space.js';

/** Keeps a space at the time of its clock: on demand, and automatically where the clock can wake it. */
export class Pacemaker {
  readonly #space: Space;
  readonly #clock: Clock;
  readonly #unsubscribe: () => void;
  #alarm: { readonly at: number; cancel(): void } | undefined;

  constructor(space: Space, clock: Clock) {
    this.#space = space;
    this.#clock = clock;
    this.#unsubscribe = space.onAppointment(() => this.#setAlarm());
  }

  /** Lets happen what is due by now. Rejects where the clock cannot be read. */
  async catchUp(): Promise<void> {
    this.#space.advanceTo(await this.#clock.now());
    this.#setAlarm();
  }

  stop(): void {
    this.#unsubscribe();
    this.#alarm?.cancel();
  }

  #wake(): void {
    this.#alarm = undefined;
    const now = this.#clock.now();
    // A clock that has to be asked wakes nobody, so this is a number; synchronous, for tests that advance and then look.
    if (typeof now === 'number') this.#space.advanceTo(now);
    this.#setAlarm();
  }

  #setAlarm(): void {
    const at = this.#space.nextEventAt();
    if (at === this.#alarm?.at) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (at === undefined) return;
    const cancel = this.#clock.wakeAt(at, () => this.#wake());
    this.#alarm = { at, cancel };
  }
}

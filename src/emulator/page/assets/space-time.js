/** @import { PageTime } from '../page-update.js' */

/** The time of the space, which may run faster than that of the browser. */
export class SpaceTime {
  /** @type {PageTime & { readonly heardAt: number }} */
  #told = { now: 0, speed: 0, heardAt: 0 };

  /** @param {PageTime} time */
  tell(time) {
    this.#told = { ...time, heardAt: performance.now() };
  }

  get speed() {
    return this.#told.speed;
  }

  /** Milliseconds since 1970. */
  now() {
    return this.#told.now + (performance.now() - this.#told.heardAt) * this.#told.speed;
  }
}

/**
 * @param {number} ms
 * @returns {string} such as `1:05`
 */
export function lengthText(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

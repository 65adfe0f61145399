import { part } from './element.js';

/** Tells a screen reader what the eye sees. */
export class Announcer {
  #now = part(document, '#announce-now', HTMLElement);
  #soon = part(document, '#announce', HTMLElement);

  /** @param {string} text said at once, such as that a telephone rings */
  sayNow(text) {
    replace(this.#now, text);
  }

  /** @param {string} text said when the screen reader has time */
  saySoon(text) {
    replace(this.#soon, text);
  }
}

/**
 * A new node is announced even if it says the same as the last.
 *
 * @param {HTMLElement} region
 * @param {string} text
 */
function replace(region, text) {
  const line = document.createElement('span');
  line.textContent = text;
  region.replaceChildren(line);
}

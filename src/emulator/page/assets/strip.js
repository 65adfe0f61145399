/** @import { PageCall } from '../page-update.js' */
/** @import { SpaceModel } from './space-model.js' */
import { part, setText } from './element.js';
import { say } from './language.js';

/** @typedef {'connecting' | 'connected' | 'lost'} Connection */

/** The line that stays in sight: whether the emulator is there, and what happens at which telephone. */
export class Strip {
  #strip = part(document, '.strip', HTMLElement);
  #connection = part(document, '#connection', HTMLElement);
  #happening = part(document, '#happening', HTMLElement);
  #go = part(document, '#go', HTMLButtonElement);
  /** @type {PageCall | undefined} */
  #call;

  /** @param {(call: PageCall) => void} goTo */
  constructor(goTo) {
    this.#go.addEventListener('click', () => {
      if (this.#call !== undefined) goTo(this.#call);
    });
  }

  /**
   * @param {SpaceModel} model
   * @param {Connection} connection
   */
  show(model, connection) {
    const live = connection === 'connected' ? model.live() : [];
    const ringing = live.find(({ phase }) => phase === 'ringing');
    this.#call = ringing ?? live[0];
    document.body.dataset['connection'] = connection;
    this.#strip.dataset['mood'] = ringing !== undefined ? 'ringing' : live.length > 0 ? 'talking' : 'quiet';
    setText(this.#connection, say(connection));
    setText(this.#happening, connection === 'connected' ? this.#happens(live) : '');
    this.#go.hidden = this.#call === undefined;
    document.title = ringing === undefined ? say('title') : `☎ ${this.#happens(live)}`;
  }

  /** @param {string} text stands there until something else happens */
  tell(text) {
    setText(this.#happening, text);
  }

  /** @param {readonly PageCall[]} live */
  #happens(live) {
    const call = this.#call;
    if (call === undefined) return say('quiet');
    if (live.length > 1) return say('severalActive', { count: live.length });
    const name = call.contact === '' ? call.phoneNumber : call.contact;
    return say(call.phase === 'ringing' ? 'isRinging' : 'isTalking', { name });
  }
}

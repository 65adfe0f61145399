/** @import { SpaceModel } from './space-model.js' */
import { arrange, part } from './element.js';
import { isTalking } from './space-model.js';
import { TelephoneCard } from './telephone-card.js';

/** The telephones of the space, in the order in which it came to know them. */
export class Desk {
  /** @type {Map<string, TelephoneCard>} */
  #cards = new Map();
  #list = part(document, '#handsets', HTMLElement);
  #empty = part(document, '#no-telephones', HTMLElement);
  /** @type {{ readonly onKey: (key: string) => void }} */
  #hooks;

  /** @param {{ readonly onKey: (key: string) => void }} hooks */
  constructor(hooks) {
    this.#hooks = hooks;
  }

  /** @param {SpaceModel} model */
  show(model) {
    const { telephones } = model;
    this.#cards = new Map(
      telephones.map(({ phoneNumber }) => [
        phoneNumber,
        this.#cards.get(phoneNumber) ?? new TelephoneCard(this.#hooks),
      ]),
    );
    this.#empty.hidden = telephones.length > 0;
    // Before they show anything: what is not in the page cannot scroll to what is being read.
    arrange(
      this.#list,
      [...this.#cards.values()].map(({ element }) => element),
    );
    for (const telephone of telephones) {
      this.#cards.get(telephone.phoneNumber)?.show(telephone, model.callAt(telephone.phoneNumber));
    }
  }

  /** @param {number} now */
  tick(now) {
    for (const card of this.#cards.values()) card.tick(now);
  }

  /** @param {string} callId */
  cardOf(callId) {
    return [...this.#cards.values()].find(({ call }) => call?.callId === callId);
  }

  /**
   * The telephone that a key of the keyboard is meant for: the focused one, or the only one in use.
   *
   * @param {'ringing' | 'talking' | 'any'} wanted
   * @returns {TelephoneCard | 'several' | 'none'}
   */
  meant(wanted) {
    const fitting = [...this.#cards.values()].filter(({ call }) => call !== undefined && isWanted(call, wanted));
    const focused = fitting.find(({ hasFocus }) => hasFocus);
    if (focused !== undefined) return focused;
    return fitting.length > 1 ? 'several' : (fitting[0] ?? 'none');
  }
}

/**
 * @param {import('../page-update.js').PageCall} call
 * @param {'ringing' | 'talking' | 'any'} wanted
 */
function isWanted(call, wanted) {
  const ringing = call.phase === 'ringing';
  switch (wanted) {
    case 'ringing':
      return ringing;
    case 'talking':
      return isTalking(call);
    case 'any':
      return ringing || isTalking(call);
    default:
      return false;
  }
}

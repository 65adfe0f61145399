/** @import { PageCall, PageTelephone } from '../page-update.js' */
/** @import { Effect } from './acts.js' */
/** @import { TextKey } from './texts.js' */
import { actAt } from './acts.js';
import { copyOf, part, setText } from './element.js';
import { Keypad } from './keypad.js';
import { say, sayWord, translate } from './language.js';
import { ReadAlong } from './read-along.js';
import { isLive, isTalking } from './space-model.js';
import { lengthText } from './space-time.js';

const STATES = /** @type {const} */ ({
  idle: 'stateIdle',
  ringing: 'stateRinging',
  talking: 'stateTalking',
  aborting: 'stateAborting',
});

/** @type {Readonly<Partial<Record<Effect, TextKey>>>} */
const NOTES = { readAgain: 'keyReadAgain', notCounted: 'keyNotCounted', tooLate: 'actTooLate', failed: 'actFailed' };

/** One telephone of the desk: its card, and what somebody does at it. */
export class TelephoneCard {
  element = copyOf('telephone-template');
  /** @type {PageCall | undefined} */
  call;
  #card = this.#part('.telephone');
  #readAlong = new ReadAlong(this.#part('.transcript'));
  #keypad = new Keypad(this.#part('.keypad'), this.#part('.legend'), (key) => void this.press(key));
  /** @type {{ readonly callId: string, readonly text: TextKey, readonly key: string } | undefined} */
  #note;
  #more = 0;
  /** @type {(key: string) => void} */
  #onKey;

  /** @param {{ readonly onKey: (key: string) => void }} hooks `onKey` hears of each key as it goes down */
  constructor({ onKey }) {
    this.#onKey = onKey;
    part(this.element, '.pick-up', HTMLButtonElement).addEventListener('click', () => void this.pickUp());
    part(this.element, '.hang-up', HTMLButtonElement).addEventListener('click', () => void this.hangUp());
  }

  get hasFocus() {
    return this.#card.contains(document.activeElement);
  }

  focus() {
    this.#card.focus();
  }

  async pickUp() {
    await this.#act('pick-up', '');
  }

  async hangUp() {
    await this.#act('hang-up', '');
  }

  /** @param {string} key */
  async press(key) {
    this.#onKey(key);
    await this.#act('press', key);
  }

  /**
   * @param {PageTelephone} telephone
   * @param {{ readonly call: PageCall | undefined, readonly more: number }} talk
   */
  show(telephone, { call, more }) {
    const focused = this.hasFocus;
    this.call = call;
    this.#more = more;
    const live = call !== undefined && isLive(call);
    const name = live ? call.contact : telephone.names.join(' · ');
    translate(this.element);
    setText(this.#part('.name'), name === '' ? say('unnamed') : name);
    setText(this.#part('.number'), telephone.phoneNumber);
    this.#card.ariaLabel = `${name} ${telephone.phoneNumber}`.trim();

    const state = call === undefined || !live ? 'idle' : stateOf(call);
    this.#card.dataset['state'] = state;
    setText(this.#part('.state-word'), say(STATES[state]));
    this.#showOutcome(live ? undefined : call);
    this.#showTalk(call, name);
    this.#showNote();
    // What had the focus may be gone; the telephone itself stays.
    if (focused && document.activeElement?.matches(':disabled, [hidden], [hidden] *, body') !== false) this.focus();
  }

  /**
   * Shows how far the call is at a time of the space.
   *
   * @param {number} now
   */
  tick(now) {
    const { call } = this;
    const live = call !== undefined && isLive(call);
    const since = call?.transcript?.[0]?.from ?? call?.createdAt ?? now;
    setText(this.#part('.clock'), live ? lengthText(now - since) : '');
    if (live) this.#readAlong.tick(now);
  }

  /** @param {PageCall | undefined} call the last one, where none is in progress */
  #showOutcome(call) {
    const outcome = this.#part('.outcome');
    outcome.hidden = call === undefined;
    if (call === undefined) return;
    const { keyInput: key, status, transcript } = call;
    const values = { status: sayWord('call', status), key: key ?? '' };
    setText(this.#part('.ended'), say(key === undefined ? 'lastCall' : 'lastCallKey', values));
    outcome.dataset['status'] = status;
    const text = transcript?.at(-1)?.text;
    setText(this.#part('.last-said'), text === undefined ? '' : say('lastHeard', { text }));
  }

  /**
   * @param {PageCall | undefined} call
   * @param {string} name
   */
  #showTalk(call, name) {
    this.#part('.talk').hidden = call === undefined || !isLive(call);
    if (call === undefined) return;
    const talking = isTalking(call);
    this.#part('.before').hidden = talking;
    this.#part('.transcript').hidden = !talking;
    this.#part('.transcript').ariaLabel = say('heard', { name });
    if (talking) this.#readAlong.show(call);
    const enabled = talking && call.status === 'calling' && call.phase !== 'reacting' && call.phase !== 'closing';
    this.#keypad.show(call.keys ?? {}, { pressed: call.keyInput, enabled });
    const ringing = call.phase === 'ringing';
    this.#part('.pick-up').hidden = !ringing;
    setText(this.#part('.hang-up-word'), say(ringing ? 'decline' : 'hangUp'));
  }

  #showNote() {
    const { call } = this;
    if (call === undefined) return;
    const texts = [this.#noteOf(call), this.#more > 0 ? say('moreCalls', { count: this.#more }) : ''];
    setText(this.#part('.note'), texts.join(' ').trim());
  }

  /** @param {PageCall} call */
  #noteOf({ callId, keyInput, keys = {}, phase }) {
    if (keyInput !== undefined) {
      return say('keyCounted', { key: keyInput, does: sayWord('explain', keys[keyInput] ?? '') });
    }
    if (this.#note?.callId === callId) return say(this.#note.text, { key: this.#note.key });
    return phase === 'awaitingKey' ? say('waitsForKey') : '';
  }

  /**
   * @param {'pick-up' | 'press' | 'hang-up'} act
   * @param {string} key
   */
  async #act(act, key) {
    const callId = this.call?.callId;
    if (callId === undefined) return;
    const effect = await actAt(callId, act, key === '' ? {} : { key });
    const text = NOTES[effect];
    this.#note = text === undefined ? undefined : { callId, text, key };
    this.#showNote();
  }

  /** @param {string} selector */
  #part(selector) {
    return part(this.element, selector, HTMLElement);
  }
}

/**
 * @param {PageCall} call
 * @returns {keyof typeof STATES}
 */
function stateOf({ status, phase }) {
  if (status === 'aborting') return 'aborting';
  return phase === 'ringing' ? 'ringing' : 'talking';
}

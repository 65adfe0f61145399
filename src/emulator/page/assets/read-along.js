/** @import { PageCall } from '../page-update.js' */
import { lengthText } from './space-time.js';
import { setText } from './element.js';

/** @typedef {NonNullable<PageCall['transcript']>[number]} Utterance */
/** @typedef {{ readonly element: HTMLElement, readonly from: number, readonly length: number }} Sentence */
/** @typedef {{ readonly utterance: Utterance, readonly element: HTMLElement, readonly sentences: readonly Sentence[] }} Line */

/** Kept free above and below the sentence that is being read. */
const MARGIN_PX = 12;

const SENTENCES = new Intl.Segmenter('ja', { granularity: 'sentence' });

/** The transcript of a call, in which the sentence that is being read is marked, and in it what has been read. */
export class ReadAlong {
  /** @type {HTMLElement} */
  #list;
  /** @type {string | undefined} */
  #callId;
  /** @type {Line[]} */
  #lines = [];
  /** @type {HTMLElement | undefined} */
  #reading;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  /** @param {PageCall} call */
  show({ callId, transcript = [] }) {
    if (callId !== this.#callId) this.#clear(callId);
    const start = transcript[0]?.from ?? 0;
    const news = transcript.slice(this.#lines.length);
    for (const utterance of news) {
      const line = lineOf(utterance, utterance.from - start);
      this.#lines.push(line);
      this.#list.append(line.element);
    }
    if (news.length > 0) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /**
   * Marks what is being read at a time of the space.
   *
   * @param {number} now
   */
  tick(now) {
    for (const [index, { utterance, element, sentences }] of this.#lines.entries()) {
      // A key cuts the sentence before it off.
      const end = Math.min(utterance.until, this.#lines[index + 1]?.utterance.from ?? Infinity);
      const part = (Math.min(now, end) - utterance.from) / (utterance.until - utterance.from);
      const heard = Math.floor(Math.max(0, part) * utterance.text.length);
      const reading = now < end;
      element.dataset['state'] = reading ? 'reading' : 'read';
      for (const sentence of sentences) this.#mark(sentence, heard - sentence.from, reading);
    }
  }

  /**
   * @param {Sentence} sentence
   * @param {number} heard characters of it
   * @param {boolean} reading whether its utterance is being read
   */
  #mark({ element, length }, heard, reading) {
    const state = heard >= length ? 'heard' : heard < 0 || (heard === 0 && !reading) ? 'ahead' : 'reading';
    const shown = state === 'reading' && !reading ? 'cutOff' : state;
    if (element.dataset['state'] !== shown) element.dataset['state'] = shown;
    const [past, coming] = element.children;
    if (past === undefined || coming === undefined) return;
    const text = element.textContent ?? '';
    const split = Math.min(Math.max(heard, 0), length);
    if (past.textContent?.length !== split) {
      setText(past, text.slice(0, split));
      setText(coming, text.slice(split));
    }
    if (shown === 'reading' && this.#reading !== element) this.#follow(element);
  }

  /** @param {HTMLElement} sentence */
  #follow(sentence) {
    this.#reading = sentence;
    const list = this.#list.getBoundingClientRect();
    const { top, bottom } = sentence.getBoundingClientRect();
    // Only inside the list: the page itself must not move under somebody's hand.
    if (top < list.top) this.#list.scrollTop -= list.top - top + MARGIN_PX;
    else if (bottom > list.bottom) this.#list.scrollTop += bottom - list.bottom + MARGIN_PX;
  }

  /** @param {string} callId */
  #clear(callId) {
    this.#callId = callId;
    this.#lines = [];
    this.#reading = undefined;
    this.#list.replaceChildren();
  }
}

/**
 * @param {Utterance} utterance
 * @param {number} after the pick-up, in milliseconds
 * @returns {Line}
 */
function lineOf(utterance, after) {
  const element = document.createElement('li');
  const at = document.createElement('span');
  at.className = 'at';
  at.textContent = lengthText(after);
  const text = document.createElement('p');
  const sentences = [...SENTENCES.segment(utterance.text)].map(({ segment, index }) => {
    const sentence = document.createElement('span');
    sentence.className = 'sentence';
    const [past, coming] = [document.createElement('span'), document.createElement('span')];
    past.className = 'past';
    coming.textContent = segment;
    sentence.append(past, coming);
    text.append(sentence);
    return { element: sentence, from: index, length: segment.length };
  });
  element.append(at, text);
  return { utterance, element, sentences };
}

/** @import { TextKey } from './texts.js' */
import { setText } from './element.js';
import { ENGLISH, JAPANESE } from './texts.js';

/** @typedef {'ja' | 'en'} Language */

const KEPT_UNDER = 'pigeonflow-emulator-language';

/** @type {Language} */
let language = kept() ?? (navigator.language.toLowerCase().startsWith('ja') ? 'ja' : 'en');

/** @returns {Language} */
export function currentLanguage() {
  return language;
}

export function switchLanguage() {
  language = language === 'ja' ? 'en' : 'ja';
  try {
    localStorage.setItem(KEPT_UNDER, language);
  } catch {
    // A browser that keeps nothing forgets the choice, no more.
  }
}

/**
 * A text in the present language, its `{name}` places filled.
 *
 * @param {TextKey} key
 * @param {Readonly<Record<string, string | number>>} [values]
 */
export function say(key, values = {}) {
  const template = (language === 'ja' ? JAPANESE : ENGLISH)[key];
  return template.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/**
 * What an emulator's word is called, such as the status `missed`; words that have no text stand for themselves.
 *
 * @param {'run' | 'call' | 'does' | 'explain'} group
 * @param {string} word
 */
export function sayWord(group, word) {
  const key = `${group}_${word}`;
  return isText(key) ? say(key) : word;
}

/**
 * Fills the elements that are marked with `data-text` or, for their label, `data-label`.
 *
 * @param {ParentNode} root
 */
export function translate(root) {
  for (const element of root.querySelectorAll('[data-text], [data-label]')) {
    const text = element.getAttribute('data-text') ?? '';
    if (isText(text)) setText(element, say(text));
    const label = element.getAttribute('data-label') ?? '';
    if (isText(label)) element.ariaLabel = say(label);
  }
}

/**
 * @param {string} key
 * @returns {key is TextKey}
 */
function isText(key) {
  return Object.hasOwn(ENGLISH, key);
}

/** @returns {Language | undefined} */
function kept() {
  try {
    const value = localStorage.getItem(KEPT_UNDER);
    return value === 'ja' || value === 'en' ? value : undefined;
  } catch {
    return undefined;
  }
}

import { objectOrNull, textOrNull } from './json-value.js';

const MAX_EXCERPT_LENGTH = 200;

/** Nine digits and more of any script, separated or not (03-0000-0001, ０３００００００００１): may be a telephone number. */
const LONG_NUMBER = /\p{Nd}(?:[\s().\-‐-―ー－]{0,2}\p{Nd}){8,}/gu;

/**
 * A foreign text made fit for a log: secrets and telephone numbers taken out, one line, at most 200 characters.
 *
 * @param secrets tokens and passwords that must not show even if the other side echoes them.
 */
export function excerptOf(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) if (secret !== '') shown = shown.replaceAll(secret, '[secret]');
  shown = shown
    .replace(LONG_NUMBER, '[number]')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const characters = Array.from(shown);
  return characters.length <= MAX_EXCERPT_LENGTH ? shown : `${characters.slice(0, MAX_EXCERPT_LENGTH - 1).join('')}…`;
}

/** The words of an answer, under one of the usual keys; null when there are none. The keys are guesses: the vendor publishes none. */
export function messageIn(json: unknown, secrets: readonly string[]): string | null {
  const object = objectOrNull(json);
  if (object === null) return null;
  for (const key of ['message', 'error', 'detail', 'reason']) {
    const text = textOrNull(object[key]);
    if (text !== null) return excerptOf(text, secrets);
  }
  return null;
}

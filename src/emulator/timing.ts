/** Durations that the vendor does not let anybody choose. Those that can be doubted on purpose are switches. */

/** From the record of a call to its dialling; the manual calls it an instant. Guess. */
export const PREPARING_MS = 100;

/** From dialling a busy telephone to knowing that it is busy. Guess. */
export const BUSY_MS = 2_000;

/** From an abort to the end of a call in progress: the line is not cut at once (manual), the length is a guess. */
export const ABORTING_MS = 3_000;

/** A call is held open at most ten minutes (manual), counted here from the pick-up (guess). */
export const LONGEST_CALL_MS = 600_000;

/** The guidance is read twice in a row, up to three times (manual). */
export const READINGS_IN_A_ROW = 2;
export const ROWS_OF_READINGS = 3;

/**
 * Speed of the voice, in characters per second of Japanese text. Guess: six readings of a usual guidance of 150
 * characters, with the waits for a key, then last the 3.5 minutes of the manual.
 */
const SPEECH_CHARACTERS_PER_SECOND = 5;

/** Read before Pigeon gives up waiting for a key. The manual tells that there is such a sentence; the words are a guess. */
export const CLOSING_SENTENCE = '入力が確認できませんでした。お電話を終了します。';

/** How long it takes to read a text aloud. */
export function speechMs(text: string): number {
  return Math.ceil((text.length * 1_000) / SPEECH_CHARACTERS_PER_SECOND);
}

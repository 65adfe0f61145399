import { secondsToSpeak } from '../incident/spoken.js';
import { readTemplate } from './template.js';

/** What the incident brings is not known yet. */
const ASSUMED_VALUE = 'ウェブサーバー三号機';

/** A guidance is read twice in a row, up to three times (manual), with a wait for a key after each pair (5 s, a guess). */
const READINGS = 6;
const KEY_WAITS_SECONDS = 3 * 5;

/** Read before Pigeon gives up on a call without a key (manual); how long is a guess. */
const CLOSING_SECONDS = 5;

/** A call is held open for at most ten minutes (manual), then it counts as failed. */
export const LONGEST_CALL_SECONDS = 600;

/** A reading longer than this does not fit six times into a call. */
export const LONGEST_READING_SECONDS = Math.floor(
  (LONGEST_CALL_SECONDS - KEY_WAITS_SECONDS - CLOSING_SECONDS) / READINGS,
);

/** Beyond this people who were asleep no longer know what key was for what, and an answering machine takes minutes. */
export const COMFORTABLE_SECONDS = 45;

/** Seconds that one reading takes. Parameters that are not given count as ten characters. */
export function readingSeconds(template: string, parameters: Readonly<Record<string, string>>): number {
  const text = readTemplate(template).placeholders.reduce(
    (filled, { name, written }) =>
      filled.replace(written, () => (Object.hasOwn(parameters, name) ? (parameters[name] ?? '') : ASSUMED_VALUE)),
    template,
  );
  return Math.ceil(secondsToSpeak(text));
}

/** How long an answering machine holds the line: nobody presses a key. */
export function unansweredSeconds(readingSeconds: number): number {
  return Math.min(LONGEST_CALL_SECONDS, READINGS * readingSeconds + KEY_WAITS_SECONDS + CLOSING_SECONDS);
}

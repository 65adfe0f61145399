import { knownSeverity, normalWord, SEVERITIES, type Severity } from '../contract/severity.js';
import type { InternalAlert } from './alert.js';

/** What words of one's own mean, by the routing file: in the form of `normalWord`. */
export type OwnSeverities = ReadonlyMap<string, Severity>;

/** Reads the severity by the words of a routing file, which win over every table. */
export function withSeverities(alert: InternalAlert, own: OwnSeverities): InternalAlert {
  const severity = alert.severityWord === undefined ? undefined : own.get(normalWord(alert.severityWord));
  if (severity === undefined) return alert;
  const { unknownWords, ...rest } = alert;
  return {
    ...rest,
    severity,
    ...(unknownWords?.state !== undefined && { unknownWords: { state: unknownWords.state } }),
  };
}

/** The worst that these words say. One that is not known, or is not there, is `error`, as it is alone. */
export function worstWord(words: readonly (string | undefined)[]): string | undefined {
  const rank = (word: string | undefined) => SEVERITIES.indexOf(knownSeverity(word) ?? 'error');
  return words.toSorted((a, b) => rank(a) - rank(b))[0];
}

import { normalWord, type Severity } from '../contract/severity.js';
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

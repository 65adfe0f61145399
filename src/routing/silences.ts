import type { InternalAlert } from '../alerts/alert.js';
import type { SilenceHold } from '../contract/incident-schema.js';
import type { Silence } from '../contract/silence-schema.js';

/** As many as an incident takes. */
const MAX_HOLDS = 20;

/**
 * The silences that are for all of these alerts, which are one incident. Where one of several is not silenced, somebody is called:
 * so whatever is grouped, no silence is for more than it names. An alert whose severity nobody knows is never silenced.
 */
export function silencesFor(
  silences: readonly Silence[],
  alerts: readonly InternalAlert[],
  integration: string,
): readonly SilenceHold[] {
  if (alerts.some(({ unknownWords }) => unknownWords?.severity !== undefined)) return [];
  return silences
    .filter((silence) => alerts.every((alert) => isFor(silence, alert, integration)))
    .toSorted((a, b) => Date.parse(b.until) - Date.parse(a.until))
    .slice(0, MAX_HOLDS)
    .map(({ id, until, by, reason, critical }) => ({
      silence: id,
      until,
      by,
      reason,
      unless: critical ? [] : ['critical'],
    }));
}

function isFor(silence: Silence, { labels, severalValues = {} }: InternalAlert, integration: string): boolean {
  if (silence.integration !== null && silence.integration !== integration) return false;
  return Object.entries(silence.labels).every(([name, wanted]) => {
    if (Object.hasOwn(labels, name) && labels[name] === wanted) return true;
    return Object.hasOwn(severalValues, name) && severalValues[name]?.includes(wanted) === true;
  });
}

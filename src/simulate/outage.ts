import type { Outage } from './script.js';

/** The outage of this moment, if there is one, until the end of all that overlap it. */
export function outageAt(outages: readonly Outage[], at: number): Outage | null {
  const now = outages.find(({ from, to }) => from <= at && at < to);
  if (now === undefined) return null;
  const next = outageAt(outages, now.to);
  return next === null ? now : { ...now, to: next.to };
}

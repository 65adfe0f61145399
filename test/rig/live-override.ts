import type { LiveOverride } from '../../src/client.js';

/** As it is printed and put back: of a time, confirmed. */
export function liveOverride(
  people: readonly string[],
  from: string,
  until: string,
  parts: Partial<LiveOverride> = {},
): LiveOverride {
  const part = { people: [...people], instead: null, layer: null, shift: null, from, until, after: null, before: null };
  return {
    number: 1,
    kind: 'override',
    parts: [{ ...part, former: [] }],
    by: 'kato',
    reason: null,
    at: from,
    proposed: false,
    unconfirmed: [],
    confirmed: [],
    removed: null,
    ...parts,
  };
}

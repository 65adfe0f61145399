const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A whole number and one unit: `30s`, `5m`, `4h`, `2d`. */
export const DURATION_PATTERN = '^[1-9][0-9]{0,5}[smhd]$';

/**
 * Milliseconds of a duration of the contract.
 *
 * @throws RangeError for anything that {@link DURATION_PATTERN} does not match; validated input never does.
 */
export function durationMs(duration: string): number {
  const unit = duration.at(-1);
  const count = Number(duration.slice(0, -1));
  if (!new RegExp(DURATION_PATTERN).test(duration) || !(unit === 's' || unit === 'm' || unit === 'h' || unit === 'd')) {
    throw new RangeError(`"${duration}" is not a duration such as 30s, 5m, 4h or 2d`);
  }
  return count * UNIT_MS[unit];
}

/** `90000` → `1m 30s`, for people. Units that are zero are left out; less than a second reads `0s`. */
export function describeMs(ms: number): string {
  let rest = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? '0s' : parts.join(' ');
}

export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { n: sorted.length, p50: at(sorted, 0.5), p95: at(sorted, 0.95), p99: at(sorted, 0.99) };
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

export interface Ratio {
  readonly ratio: number;
  /** 95 % of the bootstrap's ratios lie between. */
  readonly from: number;
  readonly to: number;
}

/** The ratio of two quantiles of values that were taken in turn, with the interval of a bootstrap over the pairs. */
export function ratioOf(values: readonly number[], floor: readonly number[], quantile: 'p50' | 'p95' | 'p99'): Ratio {
  const pairs = values.map((value, index) => [value, floor[index] ?? NaN] as const);
  const ratios = Array.from({ length: 500 }, () => {
    const drawn = pairs.map(() => pairs[Math.floor(Math.random() * pairs.length)] ?? [NaN, NaN]);
    return spreadOf(drawn.map(([value]) => value))[quantile] / spreadOf(drawn.map(([, value]) => value))[quantile];
  }).toSorted((a, b) => a - b);
  return {
    ratio: spreadOf(values)[quantile] / spreadOf(floor)[quantile],
    from: at(ratios, 0.025),
    to: at(ratios, 0.975),
  };
}

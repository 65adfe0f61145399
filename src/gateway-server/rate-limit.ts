/** So many at once, and so many a minute after that, for each name. */
export class RateLimit {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Takes `wanted`, of which it `has` some already, or nothing. More than a minute's worth is possible where a whole minute is free: what
   * follows then waits until all of it is paid for.
   *
   * @returns Seconds after which to try again; 0: it may.
   */
  take(name: string, perMinute: number, wanted = 1, has = 0): number {
    const at = this.now();
    const bucket = this.#buckets.get(name) ?? { left: perMinute, at };
    const left = Math.min(perMinute, bucket.left + ((at - bucket.at) / 60_000) * perMinute);
    const missing = Math.min(wanted, perMinute) - has - left;
    this.#buckets.set(name, { left: missing > 0 ? left : left - (wanted - has), at });
    return missing > 0 ? Math.max(1, Math.ceil(((missing + has) / perMinute) * 60)) : 0;
  }
}

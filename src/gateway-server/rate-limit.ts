/** So many at once, and so many a minute after that, for each name. */
export class RateLimit {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Seconds after which to try again; 0: it may. */
  take(name: string, perMinute: number): number {
    const at = this.now();
    const bucket = this.#buckets.get(name) ?? { left: perMinute, at };
    const left = Math.min(perMinute, bucket.left + ((at - bucket.at) / 60_000) * perMinute);
    this.#buckets.set(name, { left: left < 1 ? left : left - 1, at });
    return left < 1 ? Math.max(1, Math.ceil(((1 - left) / perMinute) * 60)) : 0;
  }
}

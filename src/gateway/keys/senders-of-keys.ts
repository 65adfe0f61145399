import type { Logger as Pino } from 'pino';

/**
 * Notices two tools that send with one key. Their groups have the same keys, so the same trouble of both is one incident, and
 * the end of one resolves that of the other. The members of one cluster of Alertmanagers may do so.
 */
export class SendersOfKeys {
  readonly #first = new Map<string, string>();
  readonly #told = new Set<string>();

  /** @param sender how the tool names itself; undefined where it does not. */
  heard(key: string, sender: string | undefined, log: Pick<Pino, 'warn'>): void {
    if (sender === undefined || this.#told.has(key)) return;
    const first = this.#first.get(key);
    if (first === undefined) this.#first.set(key, sender);
    if (first === undefined || first === sender) return;
    this.#told.add(key);
    log.warn(
      { key, senders: [first, sender] },
      'two senders use one key: unless they are one cluster, give each its own, or one ends the incidents of the other',
    );
  }
}

/** Why an alert called nobody. */
export const CALLED_NOBODY = ['ignored', 'unrouted', 'silenced', 'refused', 'unknownKey'] as const;

export interface RecentAlert {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly result: (typeof CALLED_NOBODY)[number];
  /** In words: by which rule, which silence and until when, which field. */
  readonly why: string;
  readonly source: string;
  /** Whose key it came with; null: nobody's. */
  readonly integration: string | null;
  readonly summary: string | null;
  readonly incident: string | null;
}

const MAX_KEPT = 200;
/** Apart, so that a stranger pushes out nothing else. */
const MAX_OF_STRANGERS = 50;

/** The newest alerts that called nobody, at this gateway since it runs: in memory, and bounded. */
export class RecentAlerts {
  readonly #ofHolders: RecentAlert[] = [];
  readonly #ofStrangers: RecentAlert[] = [];

  add(alert: Omit<RecentAlert, 'at'>): void {
    const isStranger = alert.result === 'unknownKey';
    const kept = isStranger ? this.#ofStrangers : this.#ofHolders;
    kept.push({ at: new Date().toISOString(), ...alert });
    if (kept.length > (isStranger ? MAX_OF_STRANGERS : MAX_KEPT)) kept.shift();
  }

  /** Newest first. */
  get all(): readonly RecentAlert[] {
    return [...this.#ofHolders, ...this.#ofStrangers].toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  }
}

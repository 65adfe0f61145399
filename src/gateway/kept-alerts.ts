import type { Logger as Pino } from 'pino';

/** Why Temporal has not taken it: an incident that takes no more changes now, or that is over and still hangs up. */
export type KeptFor = 'tooManyChanges' | 'stillClosing';

/** One try: whether it is done with, whatever came of it. */
type Try = () => Promise<'done' | 'again'>;

interface Kept {
  readonly why: KeptFor;
  readonly attempt: Try;
  readonly until: number;
  timer: NodeJS.Timeout | null;
}

const EVERY_MS: Readonly<Record<KeptFor, number>> = { tooManyChanges: 60_000, stillClosing: 10_000 };
/** An incident is at most so long exhausted, or hangs up. What was kept longer is old news. */
const FOR_MS: Readonly<Record<KeptFor, number>> = { tooManyChanges: 24 * 3_600_000, stillClosing: 1_800_000 };
/** Each an alert; anyone who is pushed out has been answered so that its sender reports it again, or is known already. */
const MAX_KEPT = 10_000;

/**
 * The newest alert of each incident that cannot take it now, in memory: the incident itself is Temporal's, and is known to
 * people as it was before. It is tried again until it is taken, or something newer came.
 */
export class KeptAlerts {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly log: Pino,
    private readonly everyMs = EVERY_MS,
  ) {}

  /** In place of what was kept for this incident before. */
  keep(incident: string, why: KeptFor, attempt: Try): void {
    const before = this.#kept.get(incident);
    this.drop(incident);
    if (before?.why !== why) this.log.warn({ incident, why }, SAID[why]);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= MAX_KEPT && oldest.done !== true) this.drop(oldest.value);
    // What hangs up does so once, however many alerts come meanwhile; else each alert has its whole time.
    const until = why === 'stillClosing' && before?.why === why ? before.until : Date.now() + FOR_MS[why];
    const kept: Kept = { why, attempt, until, timer: null };
    this.#kept.set(incident, kept);
    this.#later(incident, kept);
  }

  /** Something newer was taken. */
  drop(incident: string): void {
    const kept = this.#kept.get(incident);
    if (kept?.timer != null) clearTimeout(kept.timer);
    this.#kept.delete(incident);
  }

  isKept(incident: string, attempt: Try): boolean {
    return this.#kept.get(incident)?.attempt === attempt;
  }

  close(): void {
    for (const incident of this.#kept.keys()) this.drop(incident);
  }

  #later(incident: string, kept: Kept): void {
    kept.timer = setTimeout(() => void this.#tryAgain(incident, kept), this.everyMs[kept.why]).unref();
  }

  async #tryAgain(incident: string, kept: Kept): Promise<void> {
    const outcome = await kept.attempt().catch(() => 'again' as const);
    if (this.#kept.get(incident) !== kept) return;
    if (outcome === 'again' && Date.now() < kept.until) return this.#later(incident, kept);
    this.drop(incident);
    if (outcome === 'done')
      this.log.info({ incident }, 'an alert that was kept has been taken, or is no longer needed');
    else this.log.error({ incident, why: kept.why }, 'an alert that was kept is given up');
  }
}

const SAID: Readonly<Record<KeptFor, string>> = {
  tooManyChanges:
    'an incident has changed too often to take more now: it continues, the newest alert is kept here and tried once a minute',
  stillClosing: 'an incident is over and still hangs up: its new alert is kept here and tried until it opens',
};

import type { Client } from '@temporalio/client';
import type { Logger as Pino } from 'pino';
import type { InternalAlert } from '../alerts/alert.js';
import {
  IncidentFailed,
  IncidentInputInvalid,
  IncidentNotFound,
  IncidentStillClosing,
  IncidentTerminated,
  type PigeonflowClient,
} from '../client.js';
import { askIncident } from '../client/ask-incident.js';
import { isHeld, reportOf } from '../client/open-incident.js';
import type { Decision } from '../routing/route.js';
import type { Policies } from './policies.js';
import { tryAgain } from './problem.js';
import { setTimeout as sleep } from 'node:timers/promises';

/** What an alert can come to. */
export const RESULTS = [
  'opened',
  /** The same, and a silence is for it: nobody is called until its end. */
  'silenced',
  /** It was open, and nothing is new. */
  'known',
  /** It was open, and hears of the change. */
  'changed',
  'acknowledged',
  'resolved',
  /** To acknowledge or resolve: it is not open, or has an owner already. */
  'unchanged',
  /** A rule ignores it: nobody is called. */
  'ignored',
  /** No rule takes it: nobody is called. */
  'unrouted',
  /** An element of a list that does not fit: nobody is called, and those beside it are taken. */
  'refused',
] as const;

export interface Delivered {
  readonly result: (typeof RESULTS)[number];
  readonly incident?: string;
}

/** Below the patience of the senders that are known: Datadog 15 s, Amazon SNS 15 s. */
export const ANSWER_WITHIN_MS = 9_000;
/** Of what is tried again and again: little of the updates of a run. */
const KEPT_TRY_MS = 1_000;

/** Carries out what was decided about alerts. All state is Temporal's; in here is only what is under way. */
export class Delivery {
  readonly #inOrder = new InOrder<Delivered>();
  readonly #kept: KeptAlerts;

  constructor(
    private readonly temporal: Client,
    private readonly pigeonflow: PigeonflowClient,
    private readonly policies: Policies,
    log: Pino,
    keptEveryMs?: Readonly<Record<KeptFor, number>>,
  ) {
    this.#kept = new KeptAlerts(log, keptEveryMs);
  }

  close(): void {
    this.#kept.close();
  }

  /** Resolves when Temporal has it. Rejects with what the client throws, PolicyUnusable, or a Problem 503. */
  async deliver(alert: InternalAlert, decision: Decision, integration: string): Promise<readonly Delivered[]> {
    const deadline = Date.now() + ANSWER_WITHIN_MS;
    switch (decision.kind) {
      case 'ignore':
        return [{ result: 'ignored' }];
      case 'unrouted':
        return [{ result: 'unrouted' }];
      case 'open': {
        const { incident, input, route, instead } = decision;
        const open = async (timeLimitMs: number): Promise<Delivered> => {
          const policy = await this.policies.current(input.policy);
          const { reported, notTaken, incidentId } = await this.pigeonflow
            .openIncident({ ...input, policy }, { route, timeLimitMs, instead })
            .catch((error: unknown) => {
              if (error instanceof IncidentStillClosing) this.#keep(incident, 'stillClosing', open);
              throw error;
            });
          if (notTaken === true) {
            this.#keep(incident, 'tooManyChanges', async () => {
              const deadline = Date.now() + ANSWER_WITHIN_MS;
              return (
                (await askIncident(this.temporal, incidentId, 'alert', reportOf(input), deadline)) !== 'tooManyChanges'
              );
            });
          } else this.#kept.drop(incident);
          return { incident: incidentId, result: reported === 'opened' && isHeld(input) ? 'silenced' : reported };
        };
        return [await this.#ordered(incident, JSON.stringify(input), deadline, open)];
      }
      case 'followUp': {
        const { action, incidents } = decision;
        const by = claimedBy(alert.by ?? alert.source, integration);
        return await allEnded(
          incidents.map((incident) =>
            this.#ordered(incident, `${action} ${by}`, deadline, (timeLimitMs) =>
              this.#followUp(incident, action, by, timeLimitMs),
            ),
          ),
        );
      }
      default:
        return decision satisfies never;
    }
  }

  /**
   * Tries it again later, in order with whatever comes for this incident; what comes takes its place. `work`: false, or an
   * error, is no success.
   */
  #keep(incident: string, why: KeptFor, work: (timeLimitMs: number) => Promise<unknown>): void {
    const attempt = async (): Promise<'done' | 'again'> => {
      let isTaken: unknown = true;
      const deadline = Date.now() + ANSWER_WITHIN_MS;
      await this.#ordered(incident, `kept ${Date.now()}`, deadline, async () => {
        if (this.#kept.isKept(incident, attempt)) isTaken = await work(KEPT_TRY_MS);
        return { incident, result: 'known' };
      });
      return isTaken === false ? 'again' : 'done';
    };
    this.#kept.keep(incident, why, attempt);
  }

  async #ordered(
    incident: string,
    content: string,
    deadline: number,
    work: (timeLimitMs: number) => Promise<Delivered>,
  ): Promise<Delivered> {
    return await this.#inOrder.run(incident, content, async () => {
      const timeLimitMs = deadline - Date.now();
      if (timeLimitMs <= 0) throw tryAgain('Other alerts of the same incident are still on their way to Temporal.', 5);
      // The limit of whatever has none of its own.
      return await this.temporal.withDeadline(deadline, () => work(timeLimitMs));
    });
  }

  async #followUp(
    incident: string,
    action: 'acknowledge' | 'resolve',
    by: string,
    timeLimitMs: number,
  ): Promise<Delivered> {
    try {
      // Also that of an incident that is over and hangs up: what was kept for the next one has ended.
      if (action === 'resolve') this.#kept.drop(incident);
      const { accepted } = await this.pigeonflow.incident(incident)[action]({ by }, { timeLimitMs });
      return { incident, result: accepted ? `${action}d` : 'unchanged' };
    } catch (error) {
      // Nobody waits for its end any more.
      if (NOT_OPEN.some((kind) => error instanceof kind)) return { incident, result: 'unchanged' };
      throw error;
    }
  }
}

const NOT_OPEN = [IncidentNotFound, IncidentTerminated, IncidentFailed, IncidentInputInvalid];

/** How soon to try again: a telephone is hung up within seconds, a server is restarted within some more. */
export const retryAfterSeconds = (error: unknown): number => (error instanceof IncidentStillClosing ? 2 : 5);

/**
 * As `Promise.all`, but it waits for the end of all of them: who answers then has left nothing half done behind.
 */
export async function allEnded<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}

/** As the contract bounds it. */
const LONGEST = 200;

/**
 * Who asks, where a key proves only whose key it is: the name that its holder claims, and marked so, `sato (via shop)`.
 *
 * @param claimed What the caller says; without it the holder of the key alone is named.
 */
export function claimedBy(claimed: string | null | undefined, holder: string): string {
  const name = (claimed ?? '').trim();
  if (name === '') return holder;
  const via = ` (via ${holder})`;
  return `${name.slice(0, LONGEST - via.length)}${via}`;
}

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

/** What is asked of one incident, until it has been answered. */
interface Asked<T> {
  readonly content: string;
  readonly outcome: Promise<T>;
  begun: boolean;
}

/**
 * Does one thing at a time for each id, in the order in which they came: so a resolve does not overtake its trigger on the
 * way to Temporal, and a storm of repeats does not meet Temporal's limit of updates in flight. Anyone who brings what already
 * waits as the last of its id shares the outcome.
 */
export class InOrder<T> {
  readonly #last = new Map<string, Asked<T>>();

  run(id: string, content: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id);
    if (before !== undefined && !before.begun && before.content === content) return before.outcome;
    const begin = () => {
      asked.begun = true;
      return work();
    };
    const asked: Asked<T> = {
      content,
      begun: before === undefined,
      outcome: before === undefined ? work() : before.outcome.then(begin, begin),
    };
    this.#last.set(id, asked);
    const done = () => {
      if (this.#last.get(id) === asked) this.#last.delete(id);
    };
    asked.outcome.then(done, done);
    return asked.outcome;
  }
}

/** How long an alert waits for one that came before it; a sender that is slow must not keep the next telephone from ringing. */
const TURN_TIMEOUT_MS = 2_000;

/** A request, from its arrival until what it asks for is in order. */
export interface Place {
  /** Resolves when those that came before have left. */
  readonly turn: () => Promise<void>;
  readonly leave: () => void;
}

/**
 * Requests of one sender in the order in which they came, whatever has to be awaited for each before it is known which
 * incident it is of: a file that is read again, a signature that is proven.
 */
export class Arrivals {
  readonly #last = new Map<string, Promise<void>>();

  enter(sender: string): Place {
    const before = this.#last.get(sender);
    let leave = (): void => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const all = before === undefined ? left : before.then(() => left);
    this.#last.set(sender, all);
    void all.then(() => {
      if (this.#last.get(sender) === all) this.#last.delete(sender);
    });
    return {
      leave,
      turn: async () => {
        if (before === undefined) return;
        const limit = new AbortController();
        const tooLong = sleep(TURN_TIMEOUT_MS, undefined, { signal: limit.signal }).catch(() => undefined);
        await Promise.race([before, tooLong]);
        limit.abort();
      },
    };
  }
}

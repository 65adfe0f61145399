import { type Place, type RejectionReason, retryIntervalMs, type SeenOfOthers } from '../contract/rejected-calls.js';
import { SEVERITIES, type Severity } from '../contract/severity.js';

/** No two retries of this worker are sent within this time. */
const RETRY_GAP_MS = 1_000;
/** Rejected calls are asked to come back at times so far apart: they come a little late, and must not meet. */
const SLOT_MS = 1_500;
/** How near another call must have been accepted, so that the space had room. */
const NEAR_MS = 1_000;
/** While a critical call waits, one of the others is tried so often: else a critical that can never be placed stops all. */
const PROBE_INTERVAL_MS = 60_000;
/** A call that did not come back so long after its time is over, or asks another worker. */
const GONE_TIMEOUT_MS = 15_000;
const MAX_CALLS = 2_000;
const MAX_REASONS = 50;
const MAX_ACCEPTED = 200;

/** When a POST was sent and answered, in milliseconds since 1970. */
export interface Sent {
  readonly sentAt: number;
  readonly answeredAt: number;
}

interface Rejected extends Sent {
  readonly severity: Severity;
  /** Null: Pigeon gave none. */
  readonly reason: string | null;
  readonly acceptedBefore: boolean;
  readonly acceptedAround: number;
  /** When it asks again. */
  readonly againAt: number;
}

/**
 * What a worker remembers of a space whose queue is full, to say which call may ask again and when, and whether a rejection
 * concerns others too. It lives in the memory of the process alone: lost, each call asks at its own interval, and the rate of
 * the task queue holds for all of them; each worker judges by what it saw.
 */
export class QueueTurns {
  /** By call, the one that was rejected last at the end. */
  readonly #rejected = new Map<string, Rejected>();
  #accepted: (Sent & { readonly call: string })[] = [];
  /** Answered to calls that were accepted later: so a full queue is answered. */
  readonly #fullReasons = new Set<string>();
  /** The times that were given away, by the rank of whom they were given to. */
  readonly #slots = new Map<number, number>();
  readonly #lastFirst: Record<Severity, number> = { critical: -Infinity, error: -Infinity, warning: -Infinity, info: -Infinity }; // prettier-ignore
  /** Calls whose first POST was held back. */
  readonly #heldFirst = new Set<string>();
  readonly #holdsFirst: boolean;
  #lastRetry = -Infinity;
  #probeAt: number | null = null;

  /** @param holdsFirst not where a worker of the version before may take up the call: it knows no first POST that is held back. */
  constructor({ holdsFirst = true } = {}) {
    this.#holdsFirst = holdsFirst;
  }

  /** Null: it may be sent now. Else it is held back, and asks again after so many milliseconds. */
  admit(place: Place, now: number): number | null {
    const { severity, rejections } = place;
    if (rejections === 0) {
      const againInMs = this.#letsCriticalPass(place, now);
      if (againInMs !== null) return againInMs;
      this.#lastFirst[severity] = now;
      return null;
    }
    const others = SEVERITIES.slice(0, rankOf(severity) + 1);
    const behindFirst = others.some((one) => now - this.#lastFirst[one] < RETRY_GAP_MS);
    if (this.#waitsForCritical(severity, now)) return this.#postpone(place, now, retryIntervalMs(severity, 1));
    if (behindFirst || now - this.#lastRetry < RETRY_GAP_MS) return this.#postpone(place, now, RETRY_GAP_MS);
    this.#lastRetry = now;
    return null;
  }

  accepted(call: string, sent: Sent): void {
    const reason = this.#rejected.get(call)?.reason ?? null;
    this.#rejected.delete(call);
    if (reason !== null) this.#learn(reason);
    for (const [other, rejected] of this.#rejected) {
      const isNear = rejected.acceptedBefore && sent.sentAt - rejected.answeredAt <= NEAR_MS;
      if (!isNear) continue;
      // Counted once, so it is no longer open.
      const acceptedAround = rejected.acceptedAround + 1;
      this.#rejected.set(other, { ...rejected, acceptedBefore: false, acceptedAround });
    }
    this.#accepted.push({ call, ...sent });
    if (this.#accepted.length > MAX_ACCEPTED) this.#accepted = this.#accepted.slice(-MAX_ACCEPTED / 2);
  }

  /** What is known of others, and after how long it asks again. */
  rejected(
    { call, severity, rejections }: Place,
    given: RejectionReason | null,
    sent: Sent,
  ): { readonly seen: SeenOfOthers; readonly againInMs: number } {
    const reason = wordsOf(given);
    const acceptedAround = this.#rejected.get(call)?.acceptedAround ?? 0;
    const acceptedBefore = this.#accepted.some(
      (one) => one.call !== call && sent.sentAt - one.answeredAt <= NEAR_MS && one.answeredAt <= sent.answeredAt,
    );
    const now = sent.answeredAt;
    const againInMs = this.#slot(severity, now, retryIntervalMs(severity, rejections + 1));
    this.#rejected.delete(call);
    this.#rejected.set(call, { ...sent, severity, reason, acceptedBefore, acceptedAround, againAt: now + againInMs });
    const oldest = this.#rejected.keys().next();
    if (this.#rejected.size > MAX_CALLS && !oldest.done) this.#rejected.delete(oldest.value);
    return { seen: { otherReason: this.#isOtherReason(reason), acceptedAround }, againInMs };
  }

  /** Calls that wait for a place, as far as this worker knows. */
  waitingCalls(now: number): Readonly<Record<Severity, number>> {
    const counts = { critical: 0, error: 0, warning: 0, info: 0 };
    for (const one of this.#rejected.values()) if (one.againAt + GONE_TIMEOUT_MS >= now) counts[one.severity] += 1;
    return counts;
  }

  /** A first POST waits once, until each critical call has asked again: it would have the place that has just become free. */
  #letsCriticalPass({ call, severity }: Place, now: number): number | null {
    const wasHeld = this.#heldFirst.delete(call);
    if (!this.#holdsFirst || wasHeld || severity === 'critical' || !this.#criticalWaits(now)) return null;
    this.#heldFirst.add(call);
    const oldest = this.#heldFirst.values().next();
    if (this.#heldFirst.size > MAX_CALLS && !oldest.done) this.#heldFirst.delete(oldest.value);
    return retryIntervalMs('critical', 1) + SLOT_MS;
  }

  #criticalWaits(now: number): boolean {
    return [...this.#rejected.values()].some(
      (one) => one.severity === 'critical' && one.againAt + GONE_TIMEOUT_MS >= now && !this.#isOtherReason(one.reason),
    );
  }

  #waitsForCritical(severity: Severity, now: number): boolean {
    const isWaiting = this.#criticalWaits(now);
    if (!isWaiting) this.#probeAt = null;
    if (severity === 'critical' || !isWaiting) return false;
    this.#probeAt ??= now + PROBE_INTERVAL_MS;
    if (now < this.#probeAt) return true;
    this.#probeAt = now + PROBE_INTERVAL_MS;
    return false;
  }

  #postpone({ call, severity }: Place, now: number, earliestMs: number): number {
    const againInMs = this.#slot(severity, now, earliestMs);
    const rejected = this.#rejected.get(call);
    if (rejected !== undefined) this.#rejected.set(call, { ...rejected, severity, againAt: now + againInMs });
    return againInMs;
  }

  /** The first time from then on that was given to none of this severity or a higher one. */
  #slot(severity: Severity, now: number, earliestMs: number): number {
    const rank = rankOf(severity);
    const current = Math.floor(now / SLOT_MS);
    for (const slot of this.#slots.keys()) if (slot < current) this.#slots.delete(slot);
    const earliest = now + earliestMs;
    let slot = Math.floor(earliest / SLOT_MS);
    while ((this.#slots.get(slot) ?? Infinity) <= rank) slot += 1;
    this.#slots.set(slot, rank);
    return Math.max(earliestMs, slot * SLOT_MS - now);
  }

  #learn(reason: string): void {
    this.#fullReasons.delete(reason);
    this.#fullReasons.add(reason);
    const oldest = this.#fullReasons.values().next();
    if (this.#fullReasons.size > MAX_REASONS && !oldest.done) this.#fullReasons.delete(oldest.value);
  }

  #isOtherReason(reason: string | null): boolean {
    return reason !== null && this.#fullReasons.size > 0 && !this.#fullReasons.has(reason);
  }
}

const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** Without what may differ from answer to answer: counts, times, ids. */
function wordsOf(reason: RejectionReason | null): string | null {
  if (reason === null) return null;
  const words = [reason.title, reason.detail].map((text) => text ?? '').join('\n');
  return words
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\p{Nd}+/gu, '#')
    .trim();
}

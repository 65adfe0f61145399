/**
 * Holds: nobody is called for a while, as a silence wants it and no person has asked of this incident. What is open when the
 * last one ends is called then, without a new report.
 */
import type { SilenceHold } from '../contract/incident-schema.js';
import type { Severity } from '../contract/severity.js';
import type { SilenceChanged } from './events.js';
import { type Hold, holdsIn, type IncidentState } from './state.js';
import type { HoldEnd } from './timeline.js';
import { beginRound, type Transition } from './transitions.js';

/** A silence lasts no longer; neither does what it holds. */
const MAX_HOLD_MS = 24 * 3_600_000;

/** As an alert brings them. One whose end cannot be read holds nothing. */
export function holdsOf(given: readonly SilenceHold[] | undefined): readonly Hold[] {
  return (given ?? []).flatMap(({ silence, until, by, reason, unless = ['critical'] }) => {
    const at = Date.parse(until);
    return Number.isNaN(at) ? [] : [{ until: at, unless, by, reason, silence }];
  });
}

/** The one that ends last, of those that count for an alert of this severity; null: it is called. */
export function currentHold(holds: readonly Hold[], severity: Severity, at: number): Hold | null {
  return holds.reduce<Hold | null>((last, hold) => {
    const counts = hold.until > at && !hold.unless.includes(severity);
    return counts && hold.until > (last?.until ?? at) ? hold : last;
  }, null);
}

/** In place of calling a step, where one of these counts. */
export function holdInstead(transition: Transition, step: string, given: readonly Hold[]): void {
  const latest = transition.at + MAX_HOLD_MS;
  hold(
    transition,
    step,
    given.map((one) => ({ ...one, until: Math.min(one.until, latest) })),
  );
}

/** After every event: the incident is held by what counts now, and called where nothing does. */
export function followHolds(transition: Transition, why?: HoldEnd, by: string | null = null): void {
  const { phase, alert } = transition.state;
  const holds = holdsIn(phase);
  if (phase.kind !== 'snoozed' || holds === null) return;
  const current = currentHold(holds, alert.severity, transition.at);
  if (current?.until === phase.timer.at || !transition.byTodaysRules()) return;
  if (current !== null) return hold(transition, phase.step, holds);
  const { step } = phase;
  const unasked = holds.some(({ until }) => until > transition.at) ? 'severity' : 'over';
  transition.record({ kind: 'holdEnded', step, why: why ?? unasked, by });
  beginRound(transition, step);
}

/** The timer of the last one: whatever the clock of its server says by then, its time is over. */
export function holdIsOver(transition: Transition, holds: readonly Hold[], timerAt: number): void {
  replace(
    transition,
    holds.filter(({ until }) => until > timerAt),
    'over',
    null,
  );
}

export function silenceChanged(transition: Transition, { silence, until, by }: SilenceChanged): void {
  const holds = holdsIn(transition.state.phase);
  if (holds?.some((hold) => hold.silence === silence) !== true) return;
  const end = Math.min(until, transition.at + MAX_HOLD_MS);
  const changed = holds.map((hold) => (hold.silence === silence ? { ...hold, until: end } : hold));
  replace(
    transition,
    changed.filter((hold) => hold.until > transition.at),
    'ended',
    by,
  );
}

/** It was reported again: only silences that are for this report, too, count from now on. */
export function heldByReport(transition: Transition, holds: readonly Hold[]): void {
  if (!changesHolds(transition.state, holds)) return;
  replace(transition, holds, holds.length === 0 ? 'reported' : 'severity', null);
}

/** Whether a report with these holds changes what holds the incident. */
export function changesHolds({ phase }: Pick<IncidentState, 'phase'>, holds: readonly Hold[]): boolean {
  const known = holdsIn(phase);
  return known !== null && brief(known) !== brief(holds);
}

const brief = (holds: readonly Hold[]): string =>
  holds
    .map(({ silence, until, unless }) => JSON.stringify([silence, until, unless]))
    .toSorted()
    .join();

function hold(transition: Transition, step: string, holds: readonly Hold[]): void {
  const current = currentHold(holds, transition.state.alert.severity, transition.at);
  if (current === null) return;
  const { by, reason, until } = current;
  transition.record({ kind: 'held', by, reason, step, until });
  transition.enter({ kind: 'snoozed', step, timer: transition.timer(until), holds });
}

function replace(transition: Transition, holds: readonly Hold[], why: HoldEnd, by: string | null): void {
  const { phase } = transition.state;
  if (phase.kind !== 'snoozed' || !transition.byTodaysRules()) return;
  transition.change({ phase: { ...phase, holds } });
  followHolds(transition, why, by);
}

import fc from 'fast-check';
import { type CallOutcome, type Hold, type IncidentState, timerOf, type LiveCall } from '../../src/incident/state.js';
import { type IncidentEvent, UPDATES } from '../../src/incident/events.js';
import type { Policy } from '../../src/contract/policy-schema.js';

/** What may happen next, whatever the state is: made into an event when the state is known. */
export interface Move {
  readonly kind:
    | 'callEnds'
    | 'keyPressed'
    | 'time'
    | 'oldTimer'
    | 'blocked'
    | 'unblocked'
    | 'run'
    | 'silence'
    | 'cancelled'
    | 'update';
  readonly afterMs: number;
  readonly pick: number;
  readonly outcome: CallOutcome;
  readonly update: (typeof UPDATES)[number];
}

export const arbitraryMove: fc.Arbitrary<Move> = fc.record({
  kind: fc.oneof(
    { weight: 80, arbitrary: fc.constantFrom('callEnds' as const, 'time' as const) },
    { weight: 40, arbitrary: fc.constantFrom('keyPressed' as const, 'run' as const) },
    { weight: 30, arbitrary: fc.constantFrom('update' as const, 'blocked' as const, 'unblocked' as const) },
    { weight: 10, arbitrary: fc.constantFrom('oldTimer' as const, 'silence' as const) },
    { weight: 1, arbitrary: fc.constant('cancelled' as const) },
  ),
  afterMs: fc.constantFrom(0, 1, 1_000, 29_000, 60_000, 3_600_000),
  pick: fc.nat({ max: 11 }),
  outcome: fc.constantFrom('unanswered', 'rejected', 'aborted', 'timedOut', 'unknown', 'refused', 'nobody'),
  update: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom('resolve' as const) },
    { weight: 4, arbitrary: fc.constantFrom(...UPDATES.filter((kind) => kind !== 'resolve')) },
  ),
});

/** The event of this move, never later than the running timer; null where it makes no sense now. */
export function eventOf(policy: Policy, state: IncidentState, now: number, move: Move): IncidentEvent | null {
  const timer = timerOf(state);
  const at = now + move.afterMs;
  if (timer !== null && timer.at <= at) return { kind: 'timerFired', at: timer.at, timer: timer.id };
  const call = state.level.live[move.pick % Math.max(1, state.level.live.length)];
  const run = state.runs[move.pick % Math.max(1, state.runs.length)]?.id;
  switch (move.kind) {
    case 'callEnds':
    case 'keyPressed': {
      if (call === undefined) return null;
      const key = move.kind === 'keyPressed' ? String(1 + (move.pick % 5)) : null;
      const outcome = key !== null ? 'answered' : call.hangingUp ? 'hungUp' : move.outcome;
      const calls =
        outcome === 'refused' || outcome === 'nobody' || call.blocked !== null
          ? 0
          : move.pick % (1 + mostOf(policy, state.level.step, call));
      return {
        kind: 'callEnded',
        at,
        call: call.id,
        outcome,
        keyInput: key,
        contact: '田中',
        calls: key === null ? calls : Math.max(1, calls),
      };
    }
    case 'time':
      return timer === null ? null : { kind: 'timerFired', at: timer.at, timer: timer.id };
    case 'oldTimer':
      return {
        kind: 'timerFired',
        at,
        timer: move.pick % Math.max(1, timer?.id ?? Math.max(state.serial, state.level.serial)),
      };
    case 'blocked':
      return call === undefined ? null : { kind: 'callBlocked', at, call: call.id, reason: 'the token has expired' };
    case 'unblocked':
      return call === undefined ? null : { kind: 'callUnblocked', at, call: call.id };
    case 'run':
      if (run === undefined) return null;
      if (move.pick % 3 === 0) return { kind: 'automationCancelled', at, run };
      return move.pick % 3 === 1
        ? { kind: 'automationEnded', at, run }
        : { kind: 'automationFailed', at, run, message: 'no such host' };
    case 'silence': {
      const until = at + ([-1, 0, 1, 3_600_000][move.pick % 4] ?? 0);
      return { kind: 'silenceChanged', at, silence: String(move.pick % 3), until, by: 'sato' };
    }
    case 'cancelled':
      return { kind: 'cancelled', at };
    case 'update':
      return updateOf(policy, at, move);
    default:
      return move.kind satisfies never;
  }
}

function mostOf(policy: Policy, step: string, { index }: LiveCall): number {
  const flow = policy.steps[step]?.call[index]?.callflow;
  return flow === undefined ? 1 : flow.loopLimit * flow.contacts.length;
}

function updateOf(policy: Policy, at: number, { update: kind, pick }: Move): IncidentEvent {
  const by = ['sato', 'kato', undefined][pick % 3];
  const step = [...Object.keys(policy.steps), 'nowhere', undefined][pick % 4];
  switch (kind) {
    case 'acknowledge':
      return { kind, at, by, takeOver: pick % 2 === 0 };
    case 'resolve':
    case 'hangUp':
      return { kind, at, by };
    case 'escalate':
      return { kind, at, by, to: step, from: pick % 5 === 0 ? policy.start : undefined };
    case 'snooze':
      return { kind, at, by, for: ['1s', '10m', 'a while', undefined][pick % 4] };
    case 'alert':
      return {
        kind,
        at,
        alert: { summary: 'disk full', severity: SEVERITIES[pick % SEVERITIES.length] ?? 'error' },
        holds: [0, 1].slice(pick % 3).map((silence) => holdUntil(at + 3_600_000, silence)),
      };
    default:
      return kind satisfies never;
  }
}

const holdUntil = (until: number, silence: number): Hold => ({
  until: until + silence,
  unless: silence === 0 ? [] : ['critical'],
  by: 'sato',
  reason: 'new disks',
  silence: String(silence),
});

export const arbitraryHolds: fc.Arbitrary<readonly Hold[]> = fc.oneof(
  fc.constant([]),
  fc
    .array(fc.tuple(fc.constantFrom(0, 60_000, 7_200_000), fc.nat({ max: 2 })), { maxLength: 3 })
    .map((holds) => holds.map(([until, silence]) => holdUntil(until, silence))),
);

const SEVERITIES = ['error', 'critical', 'warning', 'info'] as const;

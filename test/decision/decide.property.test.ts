import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationMs } from '../../src/contract/duration.js';
import { decide } from '../../src/incident/decide.js';
import { type CallEnded, inOrder } from '../../src/incident/events.js';
import { contractState, type IncidentState, keptIn, ownerOf, timerOf } from '../../src/incident/state.js';
import { arbitraryHolds, arbitraryMove } from './arbitrary-event.js';
import { arbitraryPolicy } from './arbitrary-policy.js';
import { World } from './world.js';

const until = fc.constantFrom('resolved' as const, 'acknowledged' as const);
const moves = fc.array(arbitraryMove, { maxLength: 60 });
const incident = fc
  .record({ policy: arbitraryPolicy, until, moves, holds: arbitraryHolds })
  .map(({ policy, until, moves, holds }) => ({ world: () => new World(policy, until, holds), moves }));
const RUNS = { numRuns: 300 };

/** Any incident, in whatever state it got into, that has not closed. */
function inAnyState(check: (world: World) => void): void {
  fc.assert(
    fc.property(incident, ({ world, moves }) => {
      const played = world().play(moves);
      if (played.closed === null) check(played);
    }),
    RUNS,
  );
}

/** The most telephone calls in any span of the budget, if each rang at the beginning of its run, or at its end. */
function mostInASpan({ rang, policy }: World, when: 'from' | 'to'): number {
  const span = durationMs(policy.budget.within);
  const spans = rang.map(({ [when]: begin }) =>
    rang.filter(({ [when]: at }) => at >= begin && at < begin + span).reduce((sum, { calls }) => sum + calls, 0),
  );
  return Math.max(0, ...spans);
}

const unanswered = (state: IncidentState, at: number): readonly CallEnded[] =>
  state.level.live.map(({ id, hangingUp }) => ({
    kind: 'callEnded',
    at,
    call: id,
    outcome: hangingUp ? 'hungUp' : 'unanswered',
    keyInput: null,
    contact: null,
    calls: 1,
  }));

describe('whatever happens, in whatever order, under any policy', () => {
  test('state, actions and timeline agree, nothing rings that must not, and nothing is live at the close', () => {
    fc.assert(
      fc.property(incident, ({ world, moves }) => {
        const { closed, state } = world().play(moves);
        expect(closed === null || state.level.live.length + state.runs.length === 0).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('the same events give the same result', () => {
    fc.assert(
      fc.property(incident, ({ world, moves }) => {
        expect(world().play(moves).state).toEqual(world().play(moves).state);
      }),
      RUNS,
    );
  });

  test('no more calls ring in any span than the budget allows', () => {
    fc.assert(
      fc.property(incident, fc.boolean(), ({ world, moves }, late) => {
        const played = world().play(moves);
        expect(mostInASpan(played, late ? 'to' : 'from')).toBeLessThanOrEqual(played.policy.budget.calls);
      }),
      RUNS,
    );
  });

  test('nor when every call takes long and rings all that it may', () => {
    const minutes = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(arbitraryPolicy, fc.array(minutes, { minLength: 1 }), (policy, lasts) => {
        const world = new World({ ...policy, budget: { ...policy.budget, within: '10m' } }, 'resolved');
        for (let round = 0; round < 25 && world.closed === null; round += 1) {
          const end = world.now + (lasts[round % lasts.length] ?? 1) * 60_000;
          for (const event of unanswered(world.state, end)) {
            const calls = world.mostCalls(event.call);
            world.happens({ ...event, calls });
          }
          const timer = timerOf(world.state);
          if (timer !== null) world.happens({ kind: 'timerFired', at: timer.at, timer: timer.id });
        }
        expect(mostInASpan(world, 'to')).toBeLessThanOrEqual(policy.budget.calls);
      }),
      { numRuns: 100 },
    );
  });

  test('with nobody answering, it keeps calling or ends', () => {
    inAnyState((world) => {
      const { placedAttempts } = world;
      for (let round = 0; round < 20 && world.closed === null && world.placedAttempts === placedAttempts; round += 1) {
        for (const { id } of world.state.runs) world.happens({ kind: 'automationEnded', at: world.now, run: id });
        for (const event of unanswered(world.state, world.now)) world.happens(event);
        const timer = timerOf(world.state);
        if (timer !== null) world.happens({ kind: 'timerFired', at: timer.at, timer: timer.id });
      }
      expect(world.closed !== null || world.isKept || world.placedAttempts > placedAttempts).toBe(true);
    });
  });

  test('an acknowledge beats a timer of the same instant: nobody is called', () => {
    inAnyState((world) => {
      const timer = timerOf(world.state);
      // A workflow that took too long is the exception: its time is over, no matter who owns the incident.
      if (timer === null || world.state.phase.kind === 'running') return;
      const attempts = world.placedAttempts;
      const together = inOrder([
        { kind: 'timerFired', at: timer.at, timer: timer.id },
        { kind: 'acknowledge', at: timer.at, by: 'nobody else', takeOver: true },
      ]);
      for (const event of together) world.happens(event);
      expect(world.placedAttempts).toBe(attempts);
      expect(ownerOf(world.state)?.by).toBe('nobody else');
    });
  });

  test('nobody is called after a resolve, whatever comes', () => {
    fc.assert(
      fc.property(incident, moves, ({ world, moves }, more) => {
        const played = world().play(moves);
        played.happens({ kind: 'resolve', at: played.now });
        const attempts = played.placedAttempts;
        expect(played.play(more).placedAttempts).toBe(attempts);
      }),
      RUNS,
    );
  });

  test('a key of a level that is over changes nothing but the timeline', () => {
    inAnyState(({ policy, state, now }) => {
      for (const call of state.level.live) {
        if (state.level.status.kind === 'running') continue;
        const ended = { kind: 'callEnded', at: now, call: call.id, contact: '田中', calls: 1 } as const;
        const late = decide(policy, state, { ...ended, outcome: 'answered', keyInput: '1' });
        const silent = decide(policy, state, { ...ended, outcome: 'hungUp', keyInput: null });
        expect({ state: late.state, actions: late.actions }).toEqual({ state: silent.state, actions: silent.actions });
        expect(late.timeline.some(({ kind }) => kind === 'keyLate' || kind === 'alsoAcknowledged')).toBe(true);
      }
    });
  });

  test('a timer of the past changes nothing', () => {
    inAnyState(({ policy, state, now }) => {
      for (let timer = 0; timer <= Math.max(state.serial, state.level.serial); timer += 1) {
        if (timer === timerOf(state)?.id) continue;
        expect(decide(policy, state, { kind: 'timerFired', at: now, timer })).toMatchObject({ state, actions: [] });
      }
    });
  });

  test('while it is blocked nobody else is called, and no attempt is used', () => {
    inAnyState((world) => {
      const { state, now } = world;
      if (state.phase.kind !== 'calling' || state.level.live.some(({ hangingUp }) => hangingUp) || state.level.waiting)
        return;
      if (state.level.attemptCounts) return;
      const { number, attempts } = state.level;
      for (const { id } of state.level.live)
        world.happens({ kind: 'callBlocked', at: now, call: id, reason: 'no token' });
      expect(contractState(world.state)).toBe(keptIn(state.phase) === null ? 'blocked' : 'acknowledged');
      for (const event of unanswered(world.state, now)) {
        world.happens({ ...event, outcome: 'timedOut', calls: 0 });
      }
      expect(world.state.level).toMatchObject({ number, attempts });
      expect(world.state.level.waiting).not.toBeNull();
    });
  });

  test('it is never exhausted unless a telephone call was placed in its last round', () => {
    fc.assert(
      fc.property(incident, ({ world, moves }) => {
        const played = world();
        for (const move of moves) {
          played.play([move]);
          expect(contractState(played.state) !== 'exhausted' || played.placedInRound > 0).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('where no telephone ever rings it is tried again and again, for a day at least, and never exhausted', () => {
    fc.assert(
      fc.property(arbitraryPolicy, until, (policy, until) => {
        let { state } = new World(policy, until);
        let now = 0;
        for (let round = 0; round < 500 && state.phase.kind !== 'closed'; round += 1) {
          expect(contractState(state)).toMatch(/^(triggered|blocked)$/);
          const timer = timerOf(state);
          now = timer?.at ?? now;
          if (timer !== null) state = decide(policy, state, { kind: 'timerFired', at: now, timer: timer.id }).state;
          for (const event of unanswered(state, now)) {
            state = decide(policy, state, { ...event, outcome: 'refused', calls: 0 }).state;
          }
        }
        const isGivenUp = contractState(state) === 'cancelled' && now >= 24 * 3_600_000;
        expect(state.phase.kind !== 'closed' || isGivenUp).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('what begins in silences is called when the last of them ends, and nobody before', () => {
    fc.assert(
      fc.property(arbitraryPolicy, until, arbitraryHolds, (policy, until, holds) => {
        const world = new World(policy, until, holds);
        const end = Math.max(0, ...holds.map((hold) => hold.until));
        for (let timer = timerOf(world.state); world.now < end && timer !== null; timer = timerOf(world.state)) {
          expect([world.placedAttempts, contractState(world.state)]).toEqual([0, 'snoozed']);
          world.happens({ kind: 'timerFired', at: timer.at, timer: timer.id });
        }
        const isDelayed = end === 0 && policy.steps[policy.start]?.after?.error !== undefined;
        expect([world.now, world.placedAttempts]).toEqual([end, isDelayed ? 0 : 1]);
      }),
      RUNS,
    );
  });

  test('exhausted and open, it is called again by any report, owned by any acknowledge, and ended by any resolve', () => {
    inAnyState((world) => {
      const { state, now, policy } = world;
      if (contractState(state) !== 'exhausted' || state.phase.kind !== 'snoozed') return;
      const alert = decide(policy, state, { kind: 'alert', at: now, alert: state.alert });
      expect(contractState(alert.state)).toBe('triggered');
      const owned = decide(policy, state, { kind: 'acknowledge', at: now, by: 'sato' });
      expect(ownerOf(owned.state)?.by).toBe('sato');
      expect(contractState(decide(policy, state, { kind: 'resolve', at: now }).state)).toBe('resolved');
    });
  });

  test('the state stays small however long the incident lasts', () => {
    fc.assert(
      fc.property(arbitraryPolicy, fc.infiniteStream(arbitraryMove), (policy, stream) => {
        const world = new World(policy, 'resolved');
        world.play([...stream.take(600)].filter(({ kind, update }) => kind !== 'update' || update !== 'resolve'));
        expect(JSON.stringify(world.state).length).toBeLessThan(6_000);
      }),
      { numRuns: 20 },
    );
  });
});

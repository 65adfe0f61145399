import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, openIncident, type Decision } from '../../src/incident/decide.js';
import { decideLevel, type LevelEvent } from '../../src/incident/level.js';
import type { Action } from '../../src/incident/actions.js';
import type { CallEnded, CallEvent, IncidentEvent, LevelReported, TimerFired } from '../../src/incident/events.js';
import { contractState, type IncidentState, ownerOf, timerOf, type Level } from '../../src/incident/state.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import type { TimelineEntry } from '../../src/incident/timeline.js';
import { arbitraryPolicy } from './arbitrary-policy.js';
import { policyOf, step } from './policy-of.js';

/**
 * An incident whose further levels run elsewhere: each side decides for itself, and what they tell one another arrives
 * late, in order, as between two workflows. Time passes only when nothing else can happen.
 */
class TwoPlaces {
  state: IncidentState;
  now = 0;
  child: Level | null = null;
  placed: string[] = [];
  readonly timeline: TimelineEntry[] = [];
  readonly #toChild: LevelEvent[] = [];
  readonly #toIncident: LevelReported[] = [];
  #untold: TimelineEntry[] = [];
  isClosed = false;

  constructor(readonly policy: Policy) {
    const alert = { summary: 'disk full', severity: 'error' } as const;
    this.state = { ...openIncident(policy, { at: 0, alert, until: 'resolved' }).state };
    this.#follow(openIncident(policy, { at: 0, alert, until: 'resolved', branches: 'elsewhere' }));
  }

  happens(event: IncidentEvent): Decision {
    const decision = decide(this.policy, this.state, event);
    this.#follow(decision);
    return decision;
  }

  #follow({ state, actions, timeline }: Decision): void {
    this.state = state;
    this.timeline.push(...timeline);
    for (const action of actions) this.#perform(action);
  }

  #perform(action: Action): void {
    if (action.kind === 'placeCalls') this.#place(action.step, action.attempt);
    if (action.kind === 'startLevel') {
      assert.equal(this.child, null, 'levels follow one another');
      this.child = action.level;
      if (action.level.live.length > 0) this.#place(action.level.step, 1);
    }
    if (action.kind === 'standDownLevel') this.#toChild.push({ kind: 'standDown', at: this.now });
    if (action.kind === 'hangUpLevel') this.#toChild.push({ kind: 'hangUpLive', at: this.now });
    if (action.kind === 'close') {
      assert.equal(this.child, null, 'nothing closes while a level lives');
      this.isClosed = true;
    }
  }

  #place(step: string, attempt: number): void {
    this.placed.push(`${step} ${attempt}`);
  }

  inChild(event: LevelEvent): void {
    if (this.child === null) return;
    const { level, actions, timeline } = decideLevel(this.policy, this.child, event);
    for (const action of actions) if (action.kind === 'placeCalls') this.#place(action.step, action.attempt);
    this.#untold.push(...timeline);
    this.child = level;
    const isOver = level.status.kind === 'over';
    if (timeline.length > 0 || isOver) {
      this.#toIncident.push({ kind: 'levelReported', at: this.now, level, timeline: this.#untold });
      this.#untold = [];
    }
    if (isOver) this.child = null;
  }

  deliverToChild(): boolean {
    const message = this.#toChild.shift();
    if (message !== undefined) this.inChild({ ...message, at: this.now });
    return message !== undefined;
  }

  deliverToIncident(): boolean {
    const report = this.#toIncident.shift();
    if (report !== undefined) this.happens({ ...report, at: this.now });
    return report !== undefined;
  }

  /** Of the level that is carried on now, wherever that is. */
  get level(): Level {
    return this.child ?? this.state.level;
  }

  levelHappens(event: CallEvent | TimerFired): void {
    if (this.child !== null) this.inChild(event);
    else if (this.state.level.runs === 'here') this.happens(event);
  }

  /** The next thing that happens automatically; false when nothing will. */
  timePasses(): boolean {
    const timer = this.child === null ? timerOf(this.state) : (this.child.waiting ?? timerOf(this.state));
    if (timer === null) return false;
    this.now = Math.max(this.now, timer.at);
    const fired = { kind: 'timerFired', at: this.now, timer: timer.id } as const;
    if (this.child?.waiting?.id === timer.id) this.inChild(fired);
    else this.happens(fired);
    return true;
  }
}

const move = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant('callEnds' as const) },
    { weight: 4, arbitrary: fc.constant('toIncident' as const) },
    { weight: 4, arbitrary: fc.constant('toChild' as const) },
    { weight: 3, arbitrary: fc.constant('time' as const) },
    { weight: 2, arbitrary: fc.constantFrom('acknowledge' as const, 'escalate' as const, 'snooze' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('hangUp' as const, 'lost' as const, 'childCancelled' as const, 'run' as const),
    },
  ),
  pick: fc.nat({ max: 11 }),
});
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

function play(places: TwoPlaces, { kind, pick }: Move): void {
  const at = places.now;
  switch (kind) {
    case 'callEnds': {
      const call = places.level.live[pick % Math.max(1, places.level.live.length)];
      if (call === undefined) return;
      const keyInput = pick % 3 === 0 ? String(1 + (pick % 5)) : null;
      const outcome = keyInput === null ? (call.hangingUp ? 'hungUp' : 'unanswered') : 'answered';
      const ended: CallEnded = { kind: 'callEnded', at, call: call.id, outcome, keyInput, contact: '田中', calls: 1 };
      return places.levelHappens(ended);
    }
    case 'toIncident':
      return void places.deliverToIncident();
    case 'toChild':
      return void places.deliverToChild();
    case 'time':
      return void places.timePasses();
    case 'acknowledge':
    case 'hangUp':
      return void places.happens({ kind, at, by: 'sato' });
    case 'escalate':
    case 'snooze':
      return void places.happens({ kind, at });
    case 'lost':
      if (places.child === null || pick % 4 !== 0) return;
      while (places.deliverToIncident());
      if (places.child === null) return;
      places.child = null;
      return void places.happens({ kind: 'levelLost', at, level: places.state.level.number, message: 'terminated' });
    case 'childCancelled':
      return places.inChild({ kind: 'levelCancelled', at });
    case 'run':
      for (const { id } of places.state.runs) places.happens({ kind: 'automationEnded', at, run: id });
      return;
    default:
      return kind satisfies never;
  }
}

/** Everything under way comes to its end, and every message arrives. */
function drain(places: TwoPlaces): void {
  for (let round = 0; round < 200; round += 1) {
    for (const { id } of places.state.runs) places.happens({ kind: 'automationEnded', at: places.now, run: id });
    if (places.deliverToChild() || places.deliverToIncident()) continue;
    const call = places.level.live[0];
    if (call === undefined || (places.child === null && places.level.runs === 'elsewhere')) return;
    const outcome = call.hangingUp ? 'hungUp' : 'unanswered';
    const ended = { kind: 'callEnded', at: places.now, call: call.id, contact: null, calls: 1 } as const;
    places.levelHappens({ ...ended, outcome, keyInput: null });
  }
}

describe('a level that runs elsewhere, however late its messages arrive', () => {
  const moves = fc.array(move, { maxLength: 80 });

  test('decides as one that runs here, when the messages arrive at once', () => {
    fc.assert(
      fc.property(arbitraryPolicy, moves, (policy, played) => {
        const places = new TwoPlaces(policy);
        let here = openIncident(policy, {
          at: 0,
          alert: { summary: 'disk full', severity: 'error' },
          until: 'resolved',
        }).state;
        for (const { pick } of played.filter(({ kind }) => kind === 'callEnds')) {
          const call = here.level.live[pick % Math.max(1, here.level.live.length)];
          if (call === undefined) break;
          const keyInput = pick % 3 === 0 ? String(1 + (pick % 5)) : null;
          const outcome = call.hangingUp ? 'hungUp' : keyInput === null ? 'unanswered' : 'answered';
          const ended = { kind: 'callEnded', at: places.now, call: call.id, contact: '田中', calls: 1 } as const;
          here = decide(policy, here, { ...ended, outcome, keyInput }).state;
          places.levelHappens({
            ...ended,
            call: places.level.live[pick % places.level.live.length]?.id ?? -1,
            outcome,
            keyInput,
          });
          while (places.deliverToChild() || places.deliverToIncident());
          const { phase, level, placedCalls } = here;
          expect(places.state.phase.kind).toBe(phase.kind);
          expect(places.state.placedCalls).toBe(placedCalls);
          expect(places.state.level).toMatchObject({
            number: level.number,
            step: level.step,
            attempts: level.attempts,
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('there is one owner, and nothing is called once the level has heard of it', () => {
    fc.assert(
      fc.property(arbitraryPolicy, moves, (policy, played) => {
        const places = new TwoPlaces(policy);
        for (const one of played) play(places, one);
        const { owner } =
          places.happens({ kind: 'acknowledge', at: places.now, by: 'kato', takeOver: true }).answer ?? {};
        if (places.state.phase.kind !== 'acknowledged') return;
        expect(owner?.by).toBe('kato');
        while (places.deliverToChild());
        const { placed } = places;
        const before = placed.length;
        drain(places);
        expect(places.placed).toHaveLength(before);
        expect(ownerOf(places.state)?.by).toBe('kato');
        expect(contractState(places.state)).toBe('acknowledged');
        expect(places.state.level.status.kind).toBe('over');
      }),
      { numRuns: 500 },
    );
  });

  test('every incident can be resolved, closes then, and counts every call of both places', () => {
    fc.assert(
      fc.property(arbitraryPolicy, moves, (policy, played) => {
        const places = new TwoPlaces(policy);
        for (const one of played) play(places, one);
        places.happens({ kind: 'resolve', at: places.now });
        drain(places);
        expect(places.isClosed).toBe(true);
        const ended = places.timeline.flatMap((entry) => (entry.kind === 'callEnded' ? [entry.calls] : []));
        expect(places.state.placedCalls).toBe(ended.reduce((sum, calls) => sum + calls, 0));
      }),
      { numRuns: 500 },
    );
  });

  test('every key to acknowledge that was pressed makes an owner, or is told as too late', () => {
    fc.assert(
      fc.property(arbitraryPolicy, moves, (policy, played) => {
        const places = new TwoPlaces(policy);
        for (const one of played) play(places, one);
        places.happens({ kind: 'resolve', at: places.now });
        drain(places);
        const told = (kind: TimelineEntry['kind']) => places.timeline.filter((entry) => entry.kind === kind).length;
        const pressed = places.timeline.filter(
          (entry) =>
            entry.kind === 'callEnded' &&
            entry.keyInput !== null &&
            policy.steps[entry.step]?.keys[entry.keyInput]?.kind === 'acknowledge',
        ).length;
        const owners = places.timeline.filter((entry) => {
          if (entry.kind !== 'acknowledged' || entry.owner.via !== 'key') return false;
          return policy.steps[entry.owner.step]?.keys[entry.owner.keyInput]?.kind === 'acknowledge';
        }).length;
        expect(owners + told('alsoAcknowledged')).toBe(pressed);
      }),
      { numRuns: 500 },
    );
  });

  test('left alone, it keeps calling or ends', () => {
    fc.assert(
      fc.property(arbitraryPolicy, moves, (policy, played) => {
        const places = new TwoPlaces(policy);
        for (const one of played) play(places, one);
        const before = places.placed.length;
        for (let round = 0; round < 30 && !places.isClosed && places.placed.length === before; round += 1) {
          drain(places);
          places.timePasses();
        }
        const isKept = places.state.phase.kind === 'acknowledged' && policy.acknowledged.resolveWithin === 'never';
        expect(places.isClosed || isKept || places.placed.length > before).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a level that is ending', () => {
  const policy = policyOf({ duty: step({ attempts: 'unlimited', every: '1s' }), second: step() });
  const stoodDown = { outcome: 'stoodDown', keyInput: null, contact: null } as const;
  const level: Level = {
    number: 2,
    step: 'duty',
    runs: 'here',
    attempts: 3,
    attemptCounts: false,
    calls: 3,
    live: [],
    waiting: { id: 9, at: 1_000 },
    rung: [],
    serial: 9,
    status: { kind: 'running' },
  };
  const ending: Level = { ...level, status: { kind: 'ending', ...stoodDown } };

  test('calls nobody when a timer fires that it was begun with', () => {
    const fired = decideLevel(policy, ending, { kind: 'timerFired', at: 1_000, timer: 9 });
    expect(fired.actions).not.toContainEqual(expect.objectContaining({ kind: 'placeCalls' }));
    expect(fired.level.status.kind).toBe('over');
  });

  test('hangs up what rings anyway when it is stood down', () => {
    const live = [{ id: 8, index: 0, blocked: null, hangingUp: false }];
    const { actions } = decideLevel(policy, { ...ending, waiting: null, live }, { kind: 'standDown', at: 1_000 });
    expect(actions).toEqual([{ kind: 'hangUpCalls', calls: [8] }]);
  });

  test('waits for no further attempt, whatever its child reports that has not heard of it', () => {
    const alert = { summary: 'disk full', severity: 'error' } as const;
    const opened = openIncident(policy, { at: 0, alert, until: 'resolved', branches: 'elsewhere' }).state;
    const state: IncidentState = { ...opened, level: { ...level, runs: 'elsewhere', waiting: null } };
    const owned = decide(policy, state, { kind: 'acknowledge', at: 10, by: 'sato' }).state;
    const reported = decide(policy, owned, { kind: 'levelReported', at: 20, level, timeline: [] }).state;
    expect(reported.level).toMatchObject({ status: { kind: 'ending' }, waiting: null });
  });
});

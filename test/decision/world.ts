import assert from 'node:assert/strict';
import { decide, openIncident, type Decision } from '../../src/incident/decide.js';
import type { Action, Close } from '../../src/incident/actions.js';
import { describeEntry } from '../../src/incident/describe-entry.js';
import { type IncidentEvent, isUpdate } from '../../src/incident/events.js';
import { contractState, type Hold, type IncidentState, keptIn, ownerOf, timerOf } from '../../src/incident/state.js';
import { durationMs } from '../../src/contract/duration.js';
import type { Severity } from '../../src/contract/severity.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { eventOf, type Move } from './arbitrary-event.js';

/**
 * What carries the actions out and knows only them, as the workflow does. It fails the test on whatever must never be,
 * after every single event.
 */
export class World {
  state: IncidentState;
  now = 0;
  closed: Close | null = null;
  /** When each telephone call can have rung: between these two times. */
  readonly rang: { readonly from: number; readonly to: number; readonly calls: number }[] = [];
  readonly #ringing = new Map<number, { readonly since: number; hangingUp: boolean }>();
  readonly #runs = new Map<number, { cancelled: boolean }>();
  #timer: { readonly id: number; readonly at: number } | null = null;
  placedAttempts = 0;
  /** Nobody and nothing else has begun a round. */
  #isByPolicyAlone = true;
  readonly #severities = new Set<Severity>();
  /** Telephone calls since people were last called from the beginning, or by somebody or something that is no `otherwise`. */
  placedInRound = 0;

  constructor(
    readonly policy: Policy,
    until: 'resolved' | 'acknowledged',
    holds: readonly Hold[] = [],
  ) {
    const decision = openIncident(policy, { at: 0, until, alert: { summary: 'disk full', severity: 'error' }, holds });
    this.state = decision.state;
    this.#check(null, decision);
  }

  play(moves: readonly Move[]): this {
    for (const move of moves) {
      const event = eventOf(this.policy, this.state, this.now, move);
      if (event !== null) this.happens(event);
    }
    return this;
  }

  happens(event: IncidentEvent): Decision {
    this.now = event.at;
    const before = this.state;
    const decision = decide(this.policy, frozen(before), event);
    assert.deepEqual(decide(this.policy, json(before), event), decision);
    assert.deepEqual(json(decision.state), decision.state);
    if (event.kind === 'callEnded') this.#callEnded(event);
    if ('run' in event) this.#runs.delete(event.run);
    // Somebody owned it until then, and people are called again.
    const callsAgain = decision.state.phase.kind === 'next' || decision.state.phase.kind === 'calling';
    if ('run' in event && before.phase.kind === 'running' && callsAgain) this.placedInRound = 0;
    if (event.kind === 'timerFired' && this.#timer?.id === event.timer) assert.equal(event.at, this.#timer.at);
    this.state = decision.state;
    assert.equal(decision.answer === null, !isUpdate(event));
    this.#check(event, decision);
    return decision;
  }

  /** Its owner has all the time. */
  get isKept(): boolean {
    return this.state.phase.kind === 'acknowledged' && this.policy.acknowledged.resolveWithin === 'never';
  }

  /** The most telephone calls that a live run may place. */
  mostCalls(id: number): number {
    const { level } = this.state;
    const live = level.live.find((call) => call.id === id);
    const call = live === undefined ? undefined : this.policy.steps[level.step]?.call[live.index];
    return (call?.callflow?.loopLimit ?? 1) * (call?.callflow?.contacts.length ?? 1);
  }

  #callEnded({ call, at, calls }: Extract<IncidentEvent, { kind: 'callEnded' }>): void {
    this.placedInRound += this.#ringing.has(call) ? calls : 0;
    const since = this.#ringing.get(call)?.since;
    if (since !== undefined && calls > 0) this.rang.push({ from: since, to: at, calls });
    this.#ringing.delete(call);
  }

  #check(event: IncidentEvent | null, { state, actions, timeline, answer }: Decision): void {
    const wasClosed = this.closed !== null;
    if (timeline.some(({ kind }) => BEGINS_ROUND.includes(kind))) this.placedInRound = 0;
    if (event?.kind === 'timerFired' && timeline.some(({ kind }) => kind === 'levelBegan')) this.placedInRound = 0;
    const isByPolicy = (kind: string) => !BEGINS_ROUND.includes(kind) && !ALSO_BEGINS.includes(kind);
    this.#severities.add(state.alert.severity);
    this.#isByPolicyAlone &&= timeline.every(({ kind }) => isByPolicy(kind));
    for (const action of actions) this.#perform(action);
    if (wasClosed) assert.deepEqual({ actions, timeline }, { actions: [], timeline: [] });
    // State and world agree.
    assert.deepEqual(
      [...this.#ringing.keys()],
      state.level.live.map(({ id }) => id),
    );
    assert.deepEqual(
      [...this.#runs.keys()],
      state.runs.map(({ id }) => id),
    );
    assert.deepEqual(this.#timer, timerOf(state));
    // Exactly one owner.
    const contract = contractState(state);
    if (contract === 'acknowledged') assert.notEqual(ownerOf(state), null);
    if (['triggered', 'blocked', 'snoozed', 'exhausted'].includes(contract)) assert.equal(ownerOf(state), null);
    if (answer !== null) {
      const { state: answered, owner, since } = answer;
      assert.deepEqual({ answered, owner, since }, { answered: contract, owner: ownerOf(state), since: state.since });
    }
    // Nothing rings unless the incident is triggered, or its owner has worse news; a workflow of a key continues only while somebody owns it.
    const hasNews = keptIn(state.phase) !== null;
    const mayRing = contract === 'triggered' || contract === 'blocked' || hasNews;
    if (!mayRing)
      assert.equal(
        [...this.#ringing.values()].every(({ hangingUp }) => hangingUp),
        true,
      );
    if (contract !== 'acknowledged')
      assert.equal(
        [...this.#runs.values()].every(({ cancelled }) => cancelled),
        true,
      );
    if (actions.some(({ kind }) => kind === 'placeCalls')) assert.ok(contract === 'triggered' || hasNews);
    // Something will happen, or it is closed.
    if (this.closed === null && !this.isKept)
      assert.ok(this.#ringing.size + this.#runs.size > 0 || this.#timer !== null, 'something will happen');
    assert.ok(state.level.rung.length <= this.policy.budget.calls);
    checkTimeline(event, state, actions, timeline);
  }

  /** Nobody is called before the time that the policy sets for a step, whichever severity it was. */
  #checkDelay(step: string): void {
    const { after = {} } = this.policy.steps[step] ?? {};
    const delays = [...this.#severities].map(
      (severity) => durationMs(after[severity] ?? '1s') * (severity in after ? 1 : 0),
    );
    assert.ok(this.now >= Math.min(...delays), `"${step}" is called before its time`);
  }

  #perform(action: Action): void {
    switch (action.kind) {
      case 'placeCalls':
        assert.equal(this.#ringing.size, 0, 'no level runs twice at once');
        assert.equal(this.closed, null);
        if (this.#isByPolicyAlone) this.#checkDelay(action.step);
        this.placedAttempts += 1;
        for (const { id } of action.calls) this.#ringing.set(id, { since: this.now, hangingUp: false });
        return;
      case 'hangUpCalls':
        for (const id of action.calls) {
          assert.equal(this.#ringing.get(id)?.hangingUp, false, 'hung up once, and live');
          this.#ringing.set(id, { since: this.#ringing.get(id)?.since ?? 0, hangingUp: true });
        }
        return;
      case 'startTimer':
        assert.equal(this.#timer, null, 'one timer at a time');
        this.#timer = { id: action.timer, at: action.at };
        return;
      case 'cancelTimer':
        assert.equal(this.#timer?.id, action.timer);
        this.#timer = null;
        return;
      case 'startLevel':
      case 'standDownLevel':
      case 'hangUpLevel':
        throw new Error('every level runs here');
      case 'startAutomation':
        this.#runs.set(action.run, { cancelled: false });
        return;
      case 'cancelAutomation':
        assert.equal(this.#runs.get(action.run)?.cancelled, false);
        this.#runs.set(action.run, { cancelled: true });
        return;
      case 'close':
        assert.equal(this.closed, null);
        assert.equal(this.#ringing.size + this.#runs.size, 0, 'nothing is live at close');
        this.closed = action;
        return;
      default:
        return action satisfies never;
    }
  }
}

/** Who owned it, or that nothing rang: what is called then is called at once. */
const ALSO_BEGINS: readonly string[] = ['worseNews', 'runEnded', 'nothingRang', 'levelLost'];

/** And a timer that begins a level. */
const BEGINS_ROUND: readonly string[] = ['escalated', 'snoozeEnded', 'holdEnded', 'notResolvedInTime', 'begunAgain'];

/** The timeline tells exactly what was done. */
function checkTimeline(
  event: IncidentEvent | null,
  { phase }: IncidentState,
  actions: readonly Action[],
  timeline: Decision['timeline'],
): void {
  const kinds = (kind: string): number => timeline.filter((entry) => entry.kind === kind).length;
  const done = (kind: string): number => actions.filter((action) => action.kind === kind).length;
  assert.equal(kinds('callsPlaced'), done('placeCalls'));
  assert.equal(kinds('hangingUp'), done('hangUpCalls'));
  assert.equal(kinds('closed'), done('close'));
  assert.equal(kinds('runStarted'), done('startAutomation'));
  const timers = actions.flatMap((action) => (action.kind === 'startTimer' ? [action.at] : []));
  // News that call at once: what was awaited before them is kept for afterwards, and has no timer now.
  const awaited = timeline.slice(timeline.findLastIndex(({ kind }) => kind === 'worseNews') + 1);
  const told = awaited.flatMap((entry) => ('until' in entry && entry.until !== null ? [entry.until] : []));
  // Only that an owner is to be called for news, or no longer, is in no entry: the news are.
  const isOfNews =
    phase.kind === 'acknowledged' &&
    (phase.resolveAt !== undefined || event?.kind === 'timerFired' || timeline.at(-1)?.kind === 'newsNotTaken');
  if (!isOfNews) assert.deepEqual(told, timers);
  for (const entry of timeline) {
    assert.equal(entry.at, event?.at ?? 0);
    assert.match(describeEntry(entry), /^(?!.*(undefined|null|NaN|\[object)).+/);
  }
}

function json(state: IncidentState): IncidentState {
  return JSON.parse(JSON.stringify(state)) as IncidentState;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

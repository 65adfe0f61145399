import { decide, openIncident, type Answer, type Decision } from '../../src/incident/decide.js';
import type { Action } from '../../src/incident/actions.js';
import type { CallEnded, IncidentEvent, Opening } from '../../src/incident/events.js';
import { contractState, type IncidentState, timerOf } from '../../src/incident/state.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import type { TimelineEntry } from '../../src/incident/timeline.js';

type Kind = IncidentEvent['kind'];
type Without<E, K extends string> = E extends unknown ? Omit<E, K> : never;
/** An event without its time. */
export type Now<K extends Kind = Kind> = Without<Extract<IncidentEvent, { kind: K }>, 'at'>;

/** An incident under test, and what was decided about it. Time stands still until the test says otherwise. */
export class Incident {
  state: IncidentState;
  now: number;
  readonly actions: Action[] = [];
  readonly timeline: TimelineEntry[] = [];

  constructor(
    readonly policy: Policy,
    opening: Partial<Opening> = {},
  ) {
    const alert = { summary: 'disk full', severity: 'error' } as const;
    const decision = openIncident(policy, { at: 0, alert, until: 'resolved', ...opening });
    this.state = decision.state;
    this.now = opening.at ?? 0;
    this.#note(decision);
  }

  #note({ state, actions, timeline }: Decision): void {
    this.state = state;
    this.actions.push(...actions);
    this.timeline.push(...timeline);
  }

  happens(event: Now): Decision {
    const decision = decide(this.policy, this.state, { ...event, at: this.now });
    this.#note(decision);
    return decision;
  }

  asks(event: Now<'acknowledge' | 'resolve' | 'escalate' | 'snooze' | 'hangUp' | 'alert'>): Answer {
    const { answer } = this.happens(event);
    if (answer === null) throw new Error('An update was not answered');
    return answer;
  }

  /** The first live call ends. */
  callEnds(part: Partial<Omit<CallEnded, 'kind' | 'at'>> = {}): Decision {
    const call = this.live[0];
    if (call === undefined) throw new Error('No call is live');
    const outcome = part.keyInput === undefined || part.keyInput === null ? 'unanswered' : 'answered';
    return this.happens({ kind: 'callEnded', call, outcome, keyInput: null, contact: '田中', calls: 1, ...part });
  }

  passes(ms: number): this {
    this.now += ms;
    return this;
  }

  /** Time passes until the running timer is due, and it fires. */
  timerFires(): Decision {
    const timer = timerOf(this.state);
    if (timer === null) throw new Error(`No timer runs in the phase ${this.state.phase.kind}`);
    this.now = timer.at;
    return this.happens({ kind: 'timerFired', timer: timer.id });
  }

  get contractState() {
    return contractState(this.state);
  }

  /** Ids of the calls that are not yet reported ended. */
  get live(): readonly number[] {
    return this.state.level.live.map(({ id }) => id);
  }

  /** `primary 1`, `primary 2`, `manager 1`: every attempt that was placed. */
  get placed(): readonly string[] {
    return this.actions.flatMap((action) => (action.kind === 'placeCalls' ? [`${action.step} ${action.attempt}`] : []));
  }

  told<K extends TimelineEntry['kind']>(kind: K): readonly Extract<TimelineEntry, { kind: K }>[] {
    return this.timeline.filter((entry): entry is Extract<TimelineEntry, { kind: K }> => entry.kind === kind);
  }

  did<K extends Action['kind']>(kind: K): readonly Extract<Action, { kind: K }>[] {
    return this.actions.filter((action): action is Extract<Action, { kind: K }> => action.kind === kind);
  }
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { IncidentInput, IncidentResult, IncidentStatus } from '../../contract/incident-schema.js';
import { NOBODY, OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../contract/names.js';
import type { Policy } from '../../contract/policy-schema.js';
import type { CheckedIncident } from '../../incident/check-incident.js';
import { type Answer, beforeItsFirstLevel, decide } from '../../incident/decide.js';
import { describeEntry, describeOwner, ownerInTable } from '../../incident/describe-entry.js';
import { EXTERNAL, type IncidentEvent, type Update } from '../../incident/events.js';
import { escaped, table } from '../../incident/markdown.js';
import { contractState, type Hold, type IncidentState, type Owner, ownerOf } from '../../incident/state.js';
import { RunRoom } from '../../incident/updates.js';
import { clock, zoneName } from '../../words/clock.js';
import { words } from '../../words/words.js';
import { timeOf } from '../call/call.js';
import { clipped, summaryOf } from '../call/wait.js';
import { count } from '../metrics.js';
import { whatToDo } from './show.js';
import { Journal, type JournalPages, measureFirstOwner } from './journal.js';

/** What continue-as-new carries of an incident that still waits for its policy. */
export interface AwaitedProgress {
  readonly state: IncidentState;
  readonly journal: JournalPages;
  /** When the incident opened. Epoch milliseconds. */
  readonly openedAt: number;
  readonly reads: number;
  readonly reason: string;
}

/**
 * An incident whose policy cannot be read. Nobody can be called, and it says so; but it can be acknowledged, resolved,
 * reported again and cancelled, by the same decision as any other, over a policy that calls nobody.
 */
export class AwaitedPolicy {
  state: IncidentState;
  readonly journal: Journal;
  readonly room = new RunRoom();
  result: IncidentResult | null = null;
  /** Somebody asks to read it now. */
  readNow = false;
  /** What holds it from the moment in which its policy is read. */
  holds: readonly Hold[];
  readonly #policy: Policy;
  #nextAt = 0;

  private constructor(
    readonly name: string,
    private progressed: Omit<AwaitedProgress, 'journal'>,
    journal: JournalPages | undefined,
    holds: readonly Hold[],
  ) {
    this.holds = holds;
    this.#policy = emptyPolicy(name);
    this.state = progressed.state;
    this.journal = new Journal(journal);
  }

  static begin(name: string, { alert, until, holds }: CheckedIncident, reason: string): AwaitedPolicy {
    const at = Date.now();
    count('incidentsOpened', alert.severity);
    const state: IncidentState = {
      ...beforeItsFirstLevel(emptyPolicy(name), { at, alert, until }),
      phase: { kind: 'snoozed', step: NO_STEP, timer: { id: 0, at } },
    };
    const begun = new AwaitedPolicy(name, { state, openedAt: at, reads: 0, reason }, undefined, holds);
    const { summary, severity } = alert;
    begun.journal.add([{ at, kind: 'opened', alert: { summary, severity }, policy: name }]);
    begun.unreadable(reason);
    return begun;
  }

  static fromProgress(
    name: string,
    { holds }: CheckedIncident,
    { journal, ...progress }: AwaitedProgress,
  ): AwaitedPolicy {
    return new AwaitedPolicy(name, progress, journal, holds);
  }

  /** Once more. */
  unreadable(reason: string): void {
    const { reads, openedAt } = this.progressed;
    const isNews = reads === 0 || reason !== this.progressed.reason;
    const at = Date.now();
    count('policyReads', 'unreadable');
    this.progressed = { ...this.progressed, reads: reads + 1, reason };
    this.readNow = false;
    this.#nextAt = at + Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(reads, 20));
    if (isNews) this.journal.add([{ at, kind: 'policyUnreadable', policy: this.name, reason }]);
    if (at - openedAt >= READ_TIMEOUT_MS) this.#giveUp(at);
    this.#show();
  }

  happened(event: IncidentEvent): Answer | null {
    const refusal = this.#refusalOf(event);
    if (refusal !== null) return refusal;
    this.#follow(event);
    const { state, timeline, answer } = decide(this.#policy, this.state, event);
    measureFirstOwner(this.journal, timeline, state);
    this.state = state;
    this.journal.add(timeline);
    if (state.phase.kind === 'closed') this.#close(state.phase.state, state.phase.owner);
    this.#show();
    if (answer === null) return null;
    const isOwned = event.kind === 'acknowledge' && answer.accepted && !this.isOver;
    const message = isOwned ? words().answers.ownsWithoutPolicy(answer.owner?.by ?? '') : answer.message;
    return { ...answer, state: stateOf(state), message };
  }

  #follow(event: IncidentEvent): void {
    if (event.kind === 'alert') this.holds = event.holds ?? [];
    if (event.kind !== 'silenceChanged') return;
    const { silence, until } = event;
    this.holds = this.holds.map((hold) => (hold.silence === silence ? { ...hold, until } : hold));
  }

  /** What it is answered if it happens now. Changes nothing. */
  foresee(update: Update): Answer | null {
    const refusal = this.#refusalOf(update);
    if (refusal !== null) return refusal;
    const { state, answer } = decide(this.#policy, this.state, update);
    return answer === null ? null : { ...answer, state: stateOf(state) };
  }

  /** Without its steps. */
  #refusalOf({ kind }: IncidentEvent): Answer | null {
    if (this.isOver || !NEEDS_POLICY.some((one) => one === kind)) return null;
    const { state } = this;
    const message = words().answers.noSteps(this.name, this.progressed.reason);
    return { accepted: false, state: stateOf(state), owner: ownerOf(state), since: state.since, message };
  }

  /** Reads the policy now. */
  lookNow(): void {
    this.readNow = true;
  }

  get isOver(): boolean {
    return this.result !== null;
  }

  /** Until the policy is read again. Milliseconds. */
  get waitMs(): number {
    return Math.max(1, this.#nextAt - Date.now());
  }

  get owner(): Owner | null {
    return ownerOf(this.state);
  }

  get progress(): AwaitedProgress {
    return { ...this.progressed, state: this.state, journal: this.journal.pages };
  }

  /** With which the next run begins: also one of an earlier version, to which it is an incident that opens. */
  inputOf(input: IncidentInput): IncidentInput {
    const { summary, severity, parameters } = this.state.alert;
    const { heldBy: _, ...rest } = input;
    const heldBy = this.holds.map((hold) => ({ ...hold, until: timeOf(hold.until) }));
    const more = { ...(parameters !== undefined && { parameters }), ...(heldBy.length > 0 && { heldBy }) };
    return { ...rest, summary, severity, ...more };
  }

  get status(): IncidentStatus {
    const { state } = this;
    const { since, alert, placedCalls } = state;
    return {
      state: stateOf(state),
      since: timeOf(since),
      message: this.#message,
      next: this.isOver ? words().general.nothing : this.#next(clock(this.#nextAt)),
      owner: ownerOf(state),
      summary: alert.summary,
      severity: alert.severity,
      policy: this.name,
      level: 0,
      step: '',
      attempt: 1,
      attempts: 1,
      ringing: [],
      nextAt: this.isOver ? null : timeOf(this.#nextAt),
      placedCalls,
      result: this.result,
    };
  }

  get #message(): string {
    const { owner } = this;
    const { incident } = words();
    if (this.isOver) return incident.over(stateOf(this.state), 0);
    if (owner !== null) return incident.ownedWithoutPolicy(describeOwner(owner));
    return incident.policyUnreadable(this.progressed.reason);
  }

  #next(when: string): string {
    const { incident } = words();
    return summaryOf(
      this.owner === null ? incident.nextRead(when, this.name) : incident.nextReadForOwner(when, this.name),
    );
  }

  /** A day without one. */
  #giveUp(at: number): void {
    const { owner } = this;
    if (owner === null) {
      this.journal.add([{ at, kind: 'policyGivenUp', policy: this.name }]);
      this.happened({ kind: 'cancelled', at });
      return;
    }
    this.state = { ...this.state, since: at, phase: { kind: 'closed', state: 'acknowledged', owner } };
    this.journal.add([{ at, kind: 'closed', state: 'acknowledged', placedCalls: 0 }]);
    this.#close('acknowledged', owner);
  }

  #close(state: IncidentResult['state'], owner: Owner | null): void {
    const { levels, alsoAcknowledged } = this.journal.pages;
    const timeline = this.journal.timeline.entries;
    this.result = { state, owner, keyInput: null, placedCalls: 0, levels, alsoAcknowledged, timeline };
    count('incidentsClosed', state);
  }

  #show(): void {
    const { state, owner, name } = this;
    setCurrentDetails(this.#details);
    const shown = workflowInfo().typedSearchAttributes;
    const changes = [
      { key: STATE, value: stateOf(state) },
      { key: OWNER, value: owner === null ? NOBODY : EXTERNAL },
    ].filter(({ key, value }) => shown.get(key) !== value);
    if (changes.length === 0) return;
    upsertSearchAttributes(changes);
    const { summary, severity } = state.alert;
    upsertMemo({
      summary: clipped(summary, 400),
      severity,
      policy: name,
      level: 0,
      owner: owner === null ? NOBODY : clipped(ownerInTable(owner), 300),
      now: clipped(this.#message, 500),
      next: this.isOver ? words().general.nothing : this.#next(words().incident.atLeastEveryTenMinutes),
      at: timeOf(Date.now()),
    });
  }

  get #details(): string {
    const { state, owner } = this;
    const { severity, summary } = state.alert;
    const { incident, general } = words();
    const newest = this.journal.newest(SHOWN);
    const lines = newest.map((entry) => `- ${clock(entry.at)} ${escaped(describeEntry(entry))}`);
    return [
      incident.title(stateOf(state), severity, escaped(summary.slice(0, 300))),
      '',
      ...(this.isOver ? [] : [whatToDo(owner), '']),
      ...table(
        [incident.rowNow, escaped(this.#message.slice(0, 2_000))],
        [
          [incident.rowOwner, owner === null ? `**${general.nobody}**` : escaped(ownerInTable(owner))],
          [incident.rowNext, escaped(this.isOver ? general.nothing : this.#next(clock(this.#nextAt)))],
          [incident.rowToCorrect, incident.correctPolicy],
        ],
      ),
      '',
      incident.whatHappened(zoneName(newest.at(-1)?.at ?? state.since)),
      '',
      ...lines.toReversed(),
    ].join('\n');
  }
}

/** A file that is just being written is right a moment later; one that is wrong is corrected within minutes, or hours. */
const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 600_000;
const READ_TIMEOUT_MS = 24 * 3_600_000;
const SHOWN = 20;

const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');
const OWNER = defineSearchAttributeKey(OWNER_ATTRIBUTE, 'KEYWORD');

/** It is no snooze of anybody's. */
function stateOf(state: IncidentState): IncidentStatus['state'] {
  return state.phase.kind === 'snoozed' ? 'blocked' : contractState(state);
}

const NEEDS_POLICY = ['escalate', 'snooze', 'hangUp'] as const;
const NO_STEP = 'none';

/** Calls nobody. */
const emptyPolicy = (name: string): Policy => ({
  version: 1,
  name,
  start: NO_STEP,
  parameters: [],
  contacts: {},
  steps: { [NO_STEP]: { call: [], attempts: 1, every: '10m', keys: {}, otherwise: { kind: 'exhausted' } } },
  acknowledged: { resolveWithin: '1d', otherwise: { kind: 'escalate', step: NO_STEP } },
  budget: { calls: 1, within: '1d' },
});

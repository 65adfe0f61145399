/**
 * What follows from what was decided. Keys, ends of workflows, steps that nobody answers, timers and updates all lead to one
 * of these transitions, so a rule about any of them is here once. `Transition` is the state while it is being decided.
 */
import { durationMs } from '../contract/duration.js';
import type {
  AutomationAction,
  AutomationOutcome,
  Decided,
  Escalate,
  Exhausted,
  Policy,
} from '../contract/policy-schema.js';
import { isMoreSevere, SEVERITIES, type Severity } from '../contract/severity.js';
import { words } from '../words/words.js';
import type { Action } from './actions.js';
import { describeCallEnd } from './describe-entry.js';
import { LevelTransition } from './level.js';
import { findStep, ownersStep } from './policy.js';
import {
  currentStep,
  holdsIn,
  type IncidentState,
  isInChild,
  type Kept,
  keptIn,
  type KeyOwner,
  type Level,
  type Owner,
  ownerOf,
  type Phase,
  type Timer,
  type Unattended,
  type VainRounds,
  worstOf,
} from './state.js';
import type { TimelineEntry, TimelineEvent } from './timeline.js';

/**
 * `before`: as runs decide that began before the patch `unattended`. An incident that is `exhausted` closes at once, also where no
 * telephone has rung. Only for replaying what was recorded then.
 */
export type Rules = 'today' | 'before';

/** The state while an event is being decided: as it is by now, and what was recorded on the way. Lives only inside `decide`. */
export class Transition {
  readonly timeline: TimelineEntry[] = [];
  /** What the child of a level is asked to do. */
  readonly requests: Action[] = [];
  /** The rules before would have led to something else. */
  differs = false;
  #state: IncidentState;

  constructor(
    readonly policy: Policy,
    state: IncidentState,
    readonly at: number,
    private readonly rules: Rules = 'today',
  ) {
    this.#state = state;
  }

  /** Asked where the rules before would lead to something else: whether today's count. */
  byTodaysRules(): boolean {
    this.differs ||= this.rules === 'today';
    return this.rules === 'today';
  }

  get state(): IncidentState {
    return this.#state;
  }

  change(part: Partial<IncidentState>): void {
    this.#state = { ...this.#state, ...part };
  }

  record(event: TimelineEvent): void {
    this.timeline.push({ at: this.at, ...event });
  }

  newId(): number {
    const serial = Math.max(this.state.serial, this.state.level.serial) + 1;
    this.change({ serial });
    return serial;
  }

  /** A timer until this moment, or for this duration of the policy. */
  timer(until: number | string): Timer {
    return { id: this.newId(), at: typeof until === 'number' ? until : this.at + durationMs(until) };
  }

  /**
   * The only way from one phase to another. What belongs to the phase that is left ends with it: a level runs, and its
   * telephones ring, only while `calling`; automations continue only while `running`; an owner owns only in the phases
   * that name one.
   */
  enter(phase: Phase): void {
    const owner = ownerOf(this.state);
    const isTaken = phase.kind === 'acknowledged' || phase.kind === 'running' || phase.kind === 'snoozed';
    if (isTaken && this.policy.worse === 'call' && !this.#isSameOwners(phase))
      this.change({ known: worstOf(this.state) });
    this.change({ phase });
    if (owner !== null && ownerOf(this.state) === null) this.record({ kind: 'released', owner });
    if (phase.kind !== 'calling') this.#standDown();
    if (phase.kind !== 'running') this.#cancelRuns();
  }

  /** Lets something happen to the level. */
  onLevel(happen: (transition: LevelTransition) => void): void {
    const transition = new LevelTransition(this.policy, this.state.level, this.at, this.timeline);
    happen(transition);
    this.setLevel(transition.level);
  }

  /** Puts into the incident what its level has come to. */
  setLevel(level: Level): void {
    const { level: before, placedCalls, levelsInVain } = this.state;
    const isNext = level.number !== before.number;
    const ended = level.status.kind === 'over' && (isNext || before.status.kind !== 'over');
    const outcome = level.status.kind === 'running' ? null : level.status.outcome;
    const gaveWay = outcome === 'notPlaced' && (isNext || before.status.kind === 'running');
    const inVain = ended && (outcome === 'unanswered' || outcome === 'nobody') && level.calls === 0;
    this.change({
      level,
      placedCalls: placedCalls + level.calls - (isNext ? 0 : before.calls),
      // One that could not be placed took half an hour: it needs no other pause, and returns.
      levelsInVain: inVain ? levelsInVain + 1 : ended && outcome !== 'notPlaced' ? 0 : levelsInVain,
      ...(gaveWay && { gaveWay }),
    });
  }

  /** Hangs up what rings, without ending the level. */
  hangUp(): void {
    const { level } = this.state;
    if (!isInChild(level)) return this.onLevel((transition) => transition.hangUp());
    this.requests.push({ kind: 'hangUpLevel', level: level.number });
    this.change({ level: hangingUp(level) });
  }

  /** The end of a workflow, or of calls for news, that leaves it with its owner: nobody has looked at it. */
  #isSameOwners(phase: Phase): boolean {
    const { phase: before } = this.state;
    const wasBusy = before.kind === 'running' || keptIn(before) !== null;
    return wasBusy && phase.kind === 'acknowledged' && phase.owner === ownerOf(this.state);
  }

  #standDown(): void {
    const { level } = this.state;
    if (level.status.kind !== 'running') return;
    const ending = { outcome: 'stoodDown', keyInput: null, contact: null } as const;
    if (!isInChild(level)) return this.onLevel((transition) => transition.end(ending));
    this.requests.push({ kind: 'standDownLevel', level: level.number });
    this.change({ level: { ...hangingUp(level), waiting: null, status: { kind: 'ending', ...ending } } });
  }

  #cancelRuns(): void {
    this.change({ runs: this.state.runs.map((run) => ({ ...run, cancelling: true })) });
  }
}

/** Shown so from the moment in which it was asked; what becomes of it is reported. */
function hangingUp(level: Level): Level {
  return { ...level, live: level.live.map((call) => ({ ...call, hangingUp: true })) };
}

export function followKey(transition: Transition, action: Decided, presser: KeyOwner): void {
  if (action.kind === 'run') startAutomation(transition, action, presser);
  else follow(transition, action, presser);
}

/** What follows from what somebody decided by a key: at once, or when the workflow that it started has ended. */
function follow(transition: Transition, action: AutomationOutcome, owner: Owner): void {
  switch (action.kind) {
    case 'acknowledge':
      return own(transition, owner, null);
    case 'resolve':
      return resolve(transition, owner, null);
    case 'snooze':
      return snooze(transition, action.for, owner.by);
    case 'escalate':
    case 'exhausted':
      return escalateOrEnd(transition, action);
    default:
      return action satisfies never;
  }
}

/** What follows from how an automation has ended. Somebody owned the incident meanwhile, so people are called in a new round. */
export function followAutomation(transition: Transition, outcome: AutomationOutcome, owner: Owner): void {
  if (outcome.kind === 'escalate' && transition.byTodaysRules()) return beginRound(transition, outcome.step);
  follow(transition, outcome, owner);
}

/** Another step, or the end of the round: of a step's `otherwise`, of a key, of an automation. */
export function escalateOrEnd(transition: Transition, otherwise: Escalate | Exhausted): void {
  switch (otherwise.kind) {
    case 'escalate':
      return callStepLater(transition, otherwise);
    case 'exhausted':
      return endRound(transition);
    default:
      return otherwise satisfies never;
  }
}

export function own(transition: Transition, owner: Owner, note: string | null): void {
  if (transition.state.until === 'acknowledged') {
    transition.record({ kind: 'acknowledged', owner, note, until: null });
    return transition.enter({ kind: 'over', state: 'acknowledged', owner });
  }
  const timer = timerToResolve(transition);
  // An absent time is one of which nothing needs to be said.
  transition.record({
    kind: 'acknowledged',
    owner,
    note,
    until: timer?.at ?? null,
    ...(timer === null && { stays: true }),
  });
  transition.enter({ kind: 'acknowledged', owner, timer });
}

/** Until it must be resolved; null where the owner has all the time. */
export function timerToResolve(transition: Transition): Timer | null {
  const { resolveWithin } = transition.policy.acknowledged;
  return resolveWithin === 'never' ? null : transition.timer(resolveWithin);
}

/** Another owner, who has the whole time to resolve it; but an automation continues, no matter who owns it. */
export function takeOver(transition: Transition, from: Owner, owner: Owner, note: string | null): void {
  const { phase } = transition.state;
  transition.record({ kind: 'takenOver', owner, from, note });
  if (phase.kind === 'running') return transition.enter({ ...phase, owner });
  own(transition, owner, note);
}

/** The person who resolves it when nobody owns it is its owner in the result. */
export function resolve(transition: Transition, resolver: Owner, note: string | null): void {
  transition.record({ kind: 'resolved', by: resolver.by, via: resolver.via, note });
  transition.enter({ kind: 'over', state: 'resolved', owner: ownerOf(transition.state) ?? resolver });
}

/** Nobody is called for a while; then the same step begins again. */
export function snooze(transition: Transition, duration: string, by: string): void {
  const step = currentStep(transition.state);
  const timer = transition.timer(duration);
  transition.record({ kind: 'snoozed', by, step, until: timer.at });
  transition.enter({ kind: 'snoozed', step, timer });
}

/** The person who pressed the key owns the incident while the workflow runs. */
function startAutomation(transition: Transition, action: AutomationAction, presser: KeyOwner): void {
  const id = transition.newId();
  const timer = transition.timer(action.within);
  transition.record({ kind: 'runStarted', run: id, workflow: action.workflow, owner: presser, until: timer.at });
  transition.change({ runs: [...transition.state.runs, { id, cancelling: false }] });
  transition.enter({ kind: 'running', owner: presser, presser, run: id, action, timer });
}

/** A new level begins with this step as soon as nothing of the old one rings. */
export function callStep(
  transition: Transition,
  step: string,
  {
    kept = keptIn(transition.state.phase),
    notBefore = 0,
  }: { readonly kept?: Kept | null; readonly notBefore?: number } = {},
): void {
  const isLater = notBefore > transition.at;
  transition.enter({ kind: 'next', step, ...(kept !== null && { kept }), ...(isLater && { notBefore }) });
}

/** The same, as the policy comes to it by itself: not before the pause that it has there, nor before the step's own time. */
export function callStepLater(transition: Transition, { step, after }: Pick<Escalate, 'step' | 'after'>): void {
  const pausesUntil = after === undefined ? 0 : transition.at + durationMs(after);
  const notBefore = Math.max(pausesUntil, firstCallAt(transition, step, transition.state.alert.severity));
  // Who owns it is to hear the news now.
  callStep(transition, step, keptIn(transition.state.phase) === null ? { notBefore } : {});
}

/** By `after` of the step; epoch milliseconds. */
function firstCallAt({ policy, state: { openedAt } }: Transition, step: string, severity: Severity): number {
  const after = findStep(policy, step)?.after?.[severity];
  return after === undefined || openedAt === undefined ? 0 : openedAt + durationMs(after);
}

/** A worse incident is not left for as long: a step that waits for its own time waits for an earlier one. */
export function hasten(transition: Transition): void {
  const { phase, level, alert } = transition.state;
  const step = currentStep(transition.state);
  const waitsUntil = phase.kind === 'next' ? phase.notBefore : phase.kind === 'calling' ? level.waiting?.at : undefined;
  const isItsOwn = SEVERITIES.some((severity) => firstCallAt(transition, step, severity) === waitsUntil);
  const notBefore = firstCallAt(transition, step, alert.severity);
  if (waitsUntil !== undefined && isItsOwn && notBefore < waitsUntil) callStep(transition, step, { notBefore });
}

/** The same, and what rang before no longer counts: a person, a timer or a new report has begun it. */
export function beginRound(
  transition: Transition,
  step: string,
  vain: VainRounds | null = null,
  kept: Kept | null = null,
): void {
  newRound(transition, 1, vain);
  callStep(transition, step, { kept });
}

function newRound(transition: Transition, round: number, vain: VainRounds | null): void {
  const { placedCalls, levelsInVain, gaveWay, round: before = 1 } = transition.state;
  transition.change({ roundFrom: placedCalls, vain, ...(gaveWay === true && { gaveWay: false }) });
  if (round !== before) transition.change({ round });
  if (levelsInVain > 0 && transition.byTodaysRules()) transition.change({ levelsInVain: 0 });
}

/** How many are left after this one; null: none. */
export function furtherRounds(
  { rounds }: Policy,
  { round = 1 }: Pick<IncidentState, 'round'>,
): NonNullable<Policy['rounds']> | null {
  return rounds === undefined || round >= rounds.times ? null : { ...rounds, times: rounds.times - round };
}

/** As often as the policy says, in all; whoever acts meanwhile begins a first one. */
function beginsNextRound(transition: Transition): boolean {
  const { rounds, start } = transition.policy;
  const { round = 1 } = transition.state;
  if (rounds === undefined || furtherRounds(transition.policy, transition.state) === null) return false;
  transition.record({ kind: 'roundEnded', round, times: rounds.times });
  newRound(transition, round + 1, null);
  callStep(transition, start, { notBefore: transition.at + durationMs(rounds.every) });
  return true;
}

/** The policy has ended and nobody owns the incident. */
function endRound(transition: Transition): void {
  const kept = keptIn(transition.state.phase);
  if (kept !== null) return backToOwner(transition, kept);
  // A step that the space had no room for was not called: it returns. Each round of those takes half an hour.
  if (transition.state.gaveWay === true)
    return beginRound(transition, transition.policy.start, transition.state.vain ?? null);
  if (!rang(transition.state) && transition.byTodaysRules()) return roundWithoutRing(transition);
  if (beginsNextRound(transition)) return;
  if (transition.state.until === 'resolved' && transition.byTodaysRules()) return stayUnattended(transition);
  transition.record({ kind: 'exhausted' });
  transition.enter({ kind: 'over', state: 'exhausted', owner: null });
}

/** Nobody has taken the news: it stays with its owner, for as long as there was. */
function backToOwner(transition: Transition, { owner, resolveAt }: Kept): void {
  transition.record({ kind: 'newsNotTaken', owner });
  const timer = resolveAt === null ? null : transition.timer(Math.max(transition.at, resolveAt));
  transition.enter({ kind: 'acknowledged', owner, timer });
}

/** Nobody was reached: it is open, and shown as exhausted, until somebody reports it again or acts. */
function stayUnattended(transition: Transition): void {
  transition.change({ vain: null });
  const timer = transition.timer(transition.at + UNATTENDED_TIMEOUT_MS);
  transition.record({ kind: 'exhausted', until: timer.at });
  transition.enter({ kind: 'snoozed', step: transition.policy.start, timer, unattended: { kind: 'exhausted' } });
}

/** The time of an unattended incident is over. */
export function unattendedLongEnough(transition: Transition, unattended: Unattended): void {
  if (unattended.kind === 'nothingRang')
    return beginRound(transition, transition.policy.start, transition.state.vain ?? null);
  transition.record({ kind: 'leftUnattended' });
  transition.enter({ kind: 'over', state: 'exhausted', owner: null });
}

/** Nobody was even called, so nobody can have been reached: the whole policy again, ever more slowly. */
export function roundWithoutRing(transition: Transition): void {
  const kept = keptIn(transition.state.phase);
  if (kept !== null) return backToOwner(transition, kept);
  const { lastInVain } = transition.state;
  const reason = reasonNobodyRang(transition) ?? lastInVain ?? words().timeline.noCallPlaced;
  // In a circle no round ends, but one that rang does not count.
  const before = (rang(transition.state) ? null : transition.state.vain) ?? { rounds: 0, since: transition.at };
  if (transition.at - before.since >= NEVER_RANG_TIMEOUT_MS) {
    transition.record({ kind: 'neverRang', since: before.since, reason });
    return transition.enter({ kind: 'over', state: 'cancelled', owner: null });
  }
  transition.change({ vain: { ...before, rounds: before.rounds + 1 } });
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(before.rounds, 10), MAX_WAIT_MS);
  const timer = transition.timer(Math.min(transition.at + wait, before.since + NEVER_RANG_TIMEOUT_MS));
  const step = transition.policy.start;
  transition.record({ kind: 'nothingRang', step, reason, until: timer.at });
  transition.enter({ kind: 'snoozed', step, timer, unattended: { kind: 'nothingRang', reason } });
}

/** Whether a telephone call was placed in this round. */
const rang = ({ placedCalls, roundFrom = 0 }: IncidentState): boolean => placedCalls > roundFrom;

/** The last run that rang nobody, of what happened just now. */
export function reasonNobodyRang({ timeline: told }: Pick<Transition, 'timeline'>): string | null {
  for (const entry of told.toReversed()) {
    if (entry.kind === 'callEnded' && entry.calls === 0) {
      return words().timeline.lastOfRound(entry.step, describeCallEnd(entry)).slice(0, MAX_REASON_LENGTH);
    }
  }
  return null;
}

/** A day: the people who come to work next have seen it, and what still fires has been reported again. */
const UNATTENDED_TIMEOUT_MS = 24 * 3_600_000;

const NEVER_RANG_TIMEOUT_MS = 24 * 3_600_000;

/** 10, 20, 40 s … 10 min: soon enough for a restart of the space, and never a storm of what is refused. */
const FIRST_WAIT_MS = 10_000;

const MAX_WAIT_MS = 600_000;
const MAX_REASON_LENGTH = 300;

type Acknowledged = Extract<Phase, { readonly kind: 'acknowledged' }>;

/** After every event: calls again where the news are worse, and the policy says so. What rings is left as it is. */
export function followNews(transition: Transition): void {
  const { phase } = transition.state;
  if (!areNewsWorse(transition)) return;
  if (phase.kind === 'acknowledged') return callOwner(transition, phase);
  // A worker of the version before may have had this policy, and called nobody.
  if (phase.kind !== 'snoozed' || phase.unattended !== undefined || holdsIn(phase) !== null) return;
  if (!transition.byTodaysRules()) return;
  recordNews(transition, null);
  beginRound(transition, phase.step);
}

function areNewsWorse({ policy, state: { alert, known } }: Transition): boolean {
  const { severity } = alert;
  return policy.worse === 'call' && known !== undefined && CALLS.includes(severity) && isMoreSevere(severity, known);
}

function callOwner(transition: Transition, phase: Acknowledged): void {
  const { owner, timer, resolveAt = timer?.at ?? null } = phase;
  const { times, lastAt } = transition.state.news ?? { times: 0, lastAt: Number.NEGATIVE_INFINITY };
  const dueAt = lastAt + NEWS_INTERVAL_MS;
  const isLater = dueAt > transition.at;
  // Awaited already; or by then it is due for more than news.
  const isDueFirst = phase.resolveAt !== undefined || (resolveAt !== null && dueAt >= resolveAt);
  const isNothing = times >= MAX_NEWS_CALLS || (isLater && isDueFirst);
  if (isNothing || !transition.byTodaysRules()) return;
  if (isLater) return transition.change({ phase: { ...phase, timer: transition.timer(dueAt), resolveAt } });
  const kept: Kept = { owner, resolveAt };
  transition.change({ news: { times: times + 1, lastAt: transition.at } });
  recordNews(transition, kept);
  beginRound(transition, ownersStep(transition.policy, owner) ?? transition.policy.start, null, kept);
}

function recordNews(transition: Transition, kept: Kept | null): void {
  const { severity } = transition.state.alert;
  transition.change({ known: severity });
  transition.record({ kind: 'worseNews', severity, owner: kept?.owner ?? null });
}

/** The timer of an acknowledged incident whose owner had been called for news a moment ago. */
export function newsAreDue(transition: Transition, { owner }: Acknowledged, resolveAt: number | null): void {
  const timer = resolveAt === null ? null : transition.timer(resolveAt);
  transition.change({ phase: { kind: 'acknowledged', owner, timer } });
}

const NEWS_INTERVAL_MS = 10 * 60_000;

/** How often the owner of one incident is called for news. */
const MAX_NEWS_CALLS = 3;

const CALLS: readonly Severity[] = ['critical', 'error'];

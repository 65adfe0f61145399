/**
 * What follows from what was decided. Keys, ends of workflows, steps that nobody answers, timers and updates all lead to one
 * of these transitions, so a rule about any of them is here once. `Transition` is the state while it is being decided.
 */
import { durationMs } from '../contract/duration.js';
import type { Decided, Escalate, Exhausted, RunAction, RunOutcome, Policy } from '../contract/policy.js';
import { isMoreSevere, type Severity } from '../contract/severity.js';
import type { Action } from './actions.js';
import { describeCallEnd } from './describe-entry.js';
import { LevelTurn } from './level.js';
import { ownersStep } from './policy.js';
import {
  currentStep,
  keptIn,
  ownerOf,
  worstOf,
  type IncidentState,
  type Kept,
  type KeyOwner,
  type Owner,
  type Unattended,
  type VainRounds,
  type Phase,
  type Level,
  type Timer,
} from './state.js';
import type { Happening, TimelineEntry } from './timeline.js';

/**
 * `before`: as version 0.1.0 decided. An incident that is `exhausted` closes at once, also where no telephone has rung. Only
 * for replaying what was recorded then.
 */
export type Rules = 'today' | 'before';

/** One decision in the making: the state as it stands by now, and what was told on the way. Lives only inside `decide`. */
export class Turn {
  readonly told: TimelineEntry[] = [];
  /** What a level that runs elsewhere is asked to do. */
  readonly asked: Action[] = [];
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

  tell(happening: Happening): void {
    this.told.push({ at: this.at, ...happening });
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
   * telephones ring, only while `calling`; workflows of keys go on only while `running`; an owner owns only in the phases
   * that name one.
   */
  enter(phase: Phase): void {
    const owner = ownerOf(this.state);
    const isTaken = phase.kind === 'acknowledged' || phase.kind === 'running' || phase.kind === 'snoozed';
    if (isTaken && this.policy.worse === 'call' && !this.#isSameOwners(phase))
      this.change({ known: worstOf(this.state) });
    this.change({ phase });
    if (owner !== null && ownerOf(this.state) === null) this.tell({ kind: 'released', owner });
    if (phase.kind !== 'calling') this.#standDown();
    if (phase.kind !== 'running') this.#cancelRuns();
  }

  /** Lets something happen to the level. */
  onLevel(happen: (turn: LevelTurn) => void): void {
    const turn = new LevelTurn(this.policy, this.state.level, this.at, this.told);
    happen(turn);
    this.setLevel(turn.level);
  }

  /** Puts into the incident what its level has come to. */
  setLevel(level: Level): void {
    const { level: before, placedCalls, levelsInVain } = this.state;
    const isNext = level.number !== before.number;
    const ended = level.status.kind === 'over' && (isNext || before.status.kind !== 'over');
    const outcome = level.status.kind === 'running' ? null : level.status.outcome;
    const gaveWay = outcome === 'notPlaced' && (isNext || before.status.kind === 'running');
    const inVain = ended && outcome === 'unanswered' && level.calls === 0;
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
    if (level.runs === 'here') return this.onLevel((turn) => turn.hangUp());
    this.asked.push({ kind: 'hangUpLevel', level: level.number });
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
    if (level.runs === 'here') return this.onLevel((turn) => turn.end(ending));
    this.asked.push({ kind: 'standDownLevel', level: level.number });
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

export function keyDecided(turn: Turn, action: Decided, presser: KeyOwner): void {
  if (action.kind === 'run') run(turn, action, presser);
  else follow(turn, action, presser);
}

/** What follows from what somebody decided by a key: at once, or when the workflow that it started has ended. */
export function follow(turn: Turn, action: RunOutcome, owner: Owner): void {
  switch (action.kind) {
    case 'acknowledge':
      return own(turn, owner, null);
    case 'resolve':
      return resolve(turn, owner, null);
    case 'snooze':
      return snooze(turn, action.for, owner.by);
    case 'escalate':
    case 'exhausted':
      return goOn(turn, action);
    default:
      return action satisfies never;
  }
}

/** What follows without anybody having decided it: a step's `otherwise`. */
export function goOn(turn: Turn, otherwise: Escalate | Exhausted): void {
  switch (otherwise.kind) {
    case 'escalate':
      return callStep(turn, otherwise.step);
    case 'exhausted':
      return endRound(turn);
    default:
      return otherwise satisfies never;
  }
}

export function own(turn: Turn, owner: Owner, note: string | null): void {
  if (turn.state.until === 'acknowledged') {
    turn.tell({ kind: 'acknowledged', owner, note, until: null });
    return turn.enter({ kind: 'over', state: 'acknowledged', owner });
  }
  const timer = turn.timer(turn.policy.acknowledged.resolveWithin);
  turn.tell({ kind: 'acknowledged', owner, note, until: timer.at });
  turn.enter({ kind: 'acknowledged', owner, timer });
}

/** Another owner, who has the whole time to resolve it; but a workflow that a key started goes on, whoever owns it. */
export function takeOver(turn: Turn, from: Owner, owner: Owner, note: string | null): void {
  const { phase } = turn.state;
  turn.tell({ kind: 'takenOver', owner, from, note });
  if (phase.kind === 'running') return turn.enter({ ...phase, owner });
  own(turn, owner, note);
}

/** Whoever resolves it when nobody owns it is its owner in the result. */
export function resolve(turn: Turn, resolver: Owner, note: string | null): void {
  turn.tell({ kind: 'resolved', by: resolver.by, via: resolver.via, note });
  turn.enter({ kind: 'over', state: 'resolved', owner: ownerOf(turn.state) ?? resolver });
}

/** Nobody is called for a while; then the same step begins again. */
export function snooze(turn: Turn, duration: string, by: string): void {
  const step = currentStep(turn.state);
  const timer = turn.timer(duration);
  turn.tell({ kind: 'snoozed', by, step, until: timer.at });
  turn.enter({ kind: 'snoozed', step, timer });
}

/** Whoever pressed the key owns the incident while the workflow goes on. */
function run(turn: Turn, action: RunAction, presser: KeyOwner): void {
  const id = turn.newId();
  const timer = turn.timer(action.within);
  turn.tell({ kind: 'runStarted', run: id, workflow: action.workflow, owner: presser, until: timer.at });
  turn.change({ runs: [...turn.state.runs, { id, cancelling: false }] });
  turn.enter({ kind: 'running', owner: presser, presser, run: id, action, timer });
}

/** A new level begins with this step as soon as nothing of the old one rings. */
export function callStep(turn: Turn, step: string, kept = keptIn(turn.state.phase)): void {
  turn.enter({ kind: 'next', step, ...(kept !== null && { kept }) });
}

/** The same, and what rang before no longer counts: a person, a timer or a new report has begun it. */
export function beginRound(turn: Turn, step: string, vain: VainRounds | null = null, kept: Kept | null = null): void {
  const { placedCalls, levelsInVain } = turn.state;
  turn.change({ roundFrom: placedCalls, vain, ...(turn.state.gaveWay === true && { gaveWay: false }) });
  if (levelsInVain > 0 && turn.byTodaysRules()) turn.change({ levelsInVain: 0 });
  callStep(turn, step, kept);
}

/** The policy has ended and nobody owns the incident. */
function endRound(turn: Turn): void {
  const kept = keptIn(turn.state.phase);
  if (kept !== null) return backToOwner(turn, kept);
  // Whom the space had no room for was not called: that step returns. Each round of those takes half an hour.
  if (turn.state.gaveWay === true) return beginRound(turn, turn.policy.start, turn.state.vain ?? null);
  if (!rang(turn.state) && turn.byTodaysRules()) return roundInVain(turn);
  if (turn.state.until === 'resolved' && turn.byTodaysRules()) return stayUnattended(turn);
  turn.tell({ kind: 'exhausted' });
  turn.enter({ kind: 'over', state: 'exhausted', owner: null });
}

/** Nobody has taken the news: it stays with its owner, for as long as there was. */
function backToOwner(turn: Turn, { owner, resolveAt }: Kept): void {
  turn.tell({ kind: 'newsNotTaken', owner });
  turn.enter({ kind: 'acknowledged', owner, timer: turn.timer(Math.max(turn.at, resolveAt)) });
}

/** Nobody was reached: it is open, and shown as exhausted, until somebody says something about it. */
function stayUnattended(turn: Turn): void {
  turn.change({ vain: null });
  const timer = turn.timer(turn.at + UNATTENDED_FOR_MS);
  turn.tell({ kind: 'exhausted', until: timer.at });
  turn.enter({ kind: 'snoozed', step: turn.policy.start, timer, unattended: { kind: 'exhausted' } });
}

/** The time of an unattended incident is over. */
export function unattendedLongEnough(turn: Turn, unattended: Unattended): void {
  if (unattended.kind === 'nothingRang') return beginRound(turn, turn.policy.start, turn.state.vain ?? null);
  turn.tell({ kind: 'leftUnattended' });
  turn.enter({ kind: 'over', state: 'exhausted', owner: null });
}

/** Nobody was even called, so nobody can have been reached: the whole policy again, ever more slowly. */
export function roundInVain(turn: Turn): void {
  const kept = keptIn(turn.state.phase);
  if (kept !== null) return backToOwner(turn, kept);
  const { lastInVain } = turn.state;
  const reason = reasonIn(turn) ?? lastInVain ?? 'no call was placed';
  // In a circle no round ends, but one that rang is not in vain.
  const before = (rang(turn.state) ? null : turn.state.vain) ?? { rounds: 0, since: turn.at };
  if (turn.at - before.since >= TRIED_FOR_MS) {
    turn.tell({ kind: 'neverRang', since: before.since, reason });
    return turn.enter({ kind: 'over', state: 'cancelled', owner: null });
  }
  turn.change({ vain: { ...before, rounds: before.rounds + 1 } });
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(before.rounds, 10), LONGEST_WAIT_MS);
  const timer = turn.timer(Math.min(turn.at + wait, before.since + TRIED_FOR_MS));
  const step = turn.policy.start;
  turn.tell({ kind: 'nothingRang', step, reason, until: timer.at });
  turn.enter({ kind: 'snoozed', step, timer, unattended: { kind: 'nothingRang', reason } });
}

/** Whether a telephone call was placed in this round. */
const rang = ({ placedCalls, roundFrom = 0 }: IncidentState): boolean => placedCalls > roundFrom;

/** The last run that rang nobody, of what happened just now. */
export function reasonIn({ told }: Pick<Turn, 'told'>): string | null {
  for (const entry of told.toReversed()) {
    if (entry.kind === 'callEnded' && entry.calls === 0) {
      return `"${entry.step}": ${describeCallEnd(entry)}`.slice(0, LONGEST_REASON);
    }
  }
  return null;
}

/** A day: whoever comes to work next has seen it, and what still fires has been reported again. */
const UNATTENDED_FOR_MS = 24 * 3_600_000;

const TRIED_FOR_MS = 24 * 3_600_000;

/** 10, 20, 40 s … 10 min: soon enough for a restart of the space, and never a storm of what is refused. */
const FIRST_WAIT_MS = 10_000;

const LONGEST_WAIT_MS = 600_000;
const LONGEST_REASON = 300;

type Acknowledged = Extract<Phase, { readonly kind: 'acknowledged' }>;

/** After every event: calls again where the news are worse, and the policy says so. What rings goes on as it is. */
export function followNews(turn: Turn): void {
  const { phase } = turn.state;
  if (!areNewsWorse(turn)) return;
  if (phase.kind === 'acknowledged') return callOwner(turn, phase);
  // A worker of the version before may have had this policy, and called nobody.
  if (phase.kind !== 'snoozed' || phase.unattended !== undefined || !turn.byTodaysRules()) return;
  tellNews(turn, null);
  beginRound(turn, phase.step);
}

function areNewsWorse({ policy, state: { alert, known } }: Turn): boolean {
  const { severity } = alert;
  return policy.worse === 'call' && known !== undefined && CALLS.includes(severity) && isMoreSevere(severity, known);
}

function callOwner(turn: Turn, phase: Acknowledged): void {
  const { owner, timer, resolveAt = timer.at } = phase;
  const { times, lastAt } = turn.state.news ?? { times: 0, lastAt: Number.NEGATIVE_INFINITY };
  const dueAt = lastAt + NEWS_INTERVAL_MS;
  const isLater = dueAt > turn.at;
  // Awaited already; or by then it is due for more than news.
  const isNothing = times >= MOST_NEWS || (isLater && (phase.resolveAt !== undefined || dueAt >= resolveAt));
  if (isNothing || !turn.byTodaysRules()) return;
  if (isLater) return turn.change({ phase: { ...phase, timer: turn.timer(dueAt), resolveAt } });
  const kept: Kept = { owner, resolveAt };
  turn.change({ news: { times: times + 1, lastAt: turn.at } });
  tellNews(turn, kept);
  beginRound(turn, ownersStep(turn.policy, owner) ?? turn.policy.start, null, kept);
}

function tellNews(turn: Turn, kept: Kept | null): void {
  const { severity } = turn.state.alert;
  turn.change({ known: severity });
  turn.tell({ kind: 'worseNews', severity, owner: kept?.owner ?? null });
}

/** The timer of an acknowledged incident whose owner had been called for news a moment ago. */
export function newsAreDue(turn: Turn, { owner }: Acknowledged, resolveAt: number): void {
  turn.change({ phase: { kind: 'acknowledged', owner, timer: turn.timer(resolveAt) } });
}

const NEWS_INTERVAL_MS = 10 * 60_000;

/** How often the owner of one incident is called for news. */
const MOST_NEWS = 3;

const CALLS: readonly Severity[] = ['critical', 'error'];

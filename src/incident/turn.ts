import { durationMs } from '../contract/duration.js';
import type { Action, Rules } from './decision.js';
import { type IncidentState, keptIn, ownerOf, type Phase, worstOf, type Level, type Timer } from './state.js';
import { LevelTurn } from './level.js';
import type { Policy } from '../contract/policy.js';
import type { Happening, TimelineEntry } from './timeline.js';

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
